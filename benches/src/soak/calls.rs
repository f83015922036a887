//! One call of any kind, and whether what it gave may be.

use std::sync::atomic::Ordering;
use std::time::Duration;

use coproc::{Error, ErrorKind, Stub};

use crate::Tally;
use crate::service::SoakHost;
use crate::stand::Stand;

/// What a call gave, against what it should.
enum Outcome {
    Right,
    Wrong(String),
    Failed(Error),
}

/// Makes one call, or a few that belong together.
pub(crate) fn one(stand: &Stand, tally: &Tally, random: &mut fastrand::Rng) {
    let outcome = match stand.any(random) {
        Ok(worker) => {
            let outcome = call(&worker, random);
            // Another thread may have seen its end first.
            if matches!(&outcome, Outcome::Failed(_)) && !worker.is_alive() {
                stand.bury(&worker);
            }
            outcome
        }
        Err(error) => Outcome::Failed(error),
    };
    tally.calls.fetch_add(1, Ordering::Relaxed);
    match outcome {
        Outcome::Right => {}
        Outcome::Failed(error) if is_reckoned_with(&error) => {
            tally.errors.fetch_add(1, Ordering::Relaxed);
        }
        Outcome::Failed(error) => {
            tally.wrong.fetch_add(1, Ordering::Relaxed);
            eprintln!("must not have been: {error:?}");
        }
        Outcome::Wrong(what) => {
            tally.wrong.fetch_add(1, Ordering::Relaxed);
            eprintln!("must not have been: {what}");
        }
    }
}

/// Workers are killed at any time, before their greeting too.
fn is_reckoned_with(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Died | ErrorKind::Start)
}

fn call(worker: &SoakHost, random: &mut fastrand::Rng) -> Outcome {
    match random.u8(..100) {
        0..30 => {
            let text = "x".repeat(random.usize(..200));
            right(worker.echo(&text), |echo| *echo == text)
        }
        30..40 => {
            let mut bytes = vec![0; random.usize(..300_000)];
            random.fill(&mut bytes);
            right(worker.invert(&bytes), |inverted| {
                inverted.iter().copied().eq(bytes.iter().map(|byte| !byte))
            })
        }
        40..50 => {
            let numbers: Vec<f64> = (0..random.u32(..1000)).map(f64::from).collect();
            right(worker.sum(&numbers), |sum| *sum == numbers.iter().sum::<f64>())
        }
        50..60 => {
            let (dividend, divisor) = (random.i64(-1000..1000), random.i64(-3..3));
            let expected = dividend.checked_div(divisor).ok_or_else(|| format!("{dividend} by {divisor}"));
            right(worker.divide(dividend, divisor), |quotient| *quotient == expected)
        }
        60..70 => pipelined(worker, random),
        70..80 => noted(worker, random),
        80..85 => right(worker.on(random.u8(..4)).priority(5).urgent(7), |number| *number == 7),
        85..90 => given_up(worker, random),
        90..95 => late(worker),
        95..98 => panicked(worker),
        98 if random.u8(..10) == 0 => ended(worker, random),
        _ => right(worker.urgent(8), |number| *number == 8),
    }
}

/// Many calls at once, waited for in another order.
fn pipelined(worker: &SoakHost, random: &mut fastrand::Rng) -> Outcome {
    let count = random.u64(1..50);
    let mut calls: Vec<_> = (0..count).map(|number| (number, worker.start().urgent(number))).collect();
    random.shuffle(&mut calls);
    for (number, call) in calls {
        match right(call.wait(), |reply| *reply == number) {
            Outcome::Right => {}
            other => return other,
        }
    }
    Outcome::Right
}

/// Norequests arrive once each and in order.
fn noted(worker: &SoakHost, random: &mut fastrand::Rng) -> Outcome {
    let (caller, count) = (random.u64(..), random.u64(1..20));
    for entry in 0..count {
        if let Err(error) = worker.note(caller, entry) {
            return Outcome::Failed(error);
        }
    }
    right(worker.ledger(caller), |ledger| ledger.iter().copied().eq(0..count))
}

/// A call that nobody waits for, and one behind it.
fn given_up(worker: &SoakHost, random: &mut fastrand::Rng) -> Outcome {
    let work = worker.start().work();
    if random.bool() {
        work.cancel()
    } else {
        drop(work)
    }
    right(worker.urgent(9), |number| *number == 9)
}

/// A call that has no time.
fn late(worker: &SoakHost) -> Outcome {
    match worker.timeout(Duration::from_millis(2)).work() {
        Ok(()) => Outcome::Wrong("work that took a second was done in two milliseconds".into()),
        Err(error) if error.kind() == ErrorKind::TimedOut => Outcome::Right,
        Err(error) => Outcome::Failed(error),
    }
}

/// A call whose method panics.
fn panicked(worker: &SoakHost) -> Outcome {
    match worker.panic("a panic of the soak") {
        Ok(()) => Outcome::Wrong("a panic returned".into()),
        Err(error) if error.kind() != ErrorKind::Panicked => Outcome::Failed(error),
        Err(error) if error.to_string().contains("a panic of the soak") => Outcome::Right,
        Err(error) => Outcome::Wrong(format!("another panic: {error}")),
    }
}

/// A call whose method exits.
fn ended(worker: &SoakHost, random: &mut fastrand::Rng) -> Outcome {
    match worker.exit(random.i32(..100)) {
        Ok(()) => Outcome::Wrong("an exit returned".into()),
        Err(error) => Outcome::Failed(error),
    }
}

fn right<T: std::fmt::Debug>(outcome: Result<T, Error>, is_right: impl FnOnce(&T) -> bool) -> Outcome {
    match outcome {
        Ok(value) if is_right(&value) => Outcome::Right,
        Ok(value) => Outcome::Wrong(format!("{value:?}")),
        Err(error) => Outcome::Failed(error),
    }
}
