//! Mixed calls from many threads against workers that are killed at random: every result is checked, and at the end nothing
//! may be left. `cargo run --release --manifest-path benches/Cargo.toml --bin soak -- --seconds 20`

mod calls;
mod census;
mod service;
mod stand;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use census::Census;
use service::{Ledger, SoakWorker};
use stand::Stand;

/// Threads that call.
const THREADS: u64 = 8;

/// Workers that are called at a time.
const WORKERS: usize = 4;

/// Workers start with faults of their own: kills, delays and short writes, told by a seed.
const CHAOS: &str = "kill=0.00005,delay=0.0005,short=0.1";

/// A call that takes longer hangs: far above any time limit and delay here.
const LONGEST_CALL: Duration = Duration::from_secs(30);

/// How long the thread that watches workers may take to let go of the last one.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long it runs before the count begins: the allocator has its share for each thread then.
const WARM_UP: Duration = Duration::from_secs(5);

/// What has happened so far.
#[derive(Default)]
pub(crate) struct Tally {
    /// Calls that ended, well or not.
    pub(crate) calls: AtomicU64,
    /// Calls that ended with an error that had to be reckoned with.
    pub(crate) errors: AtomicU64,
    /// Results and errors that must not have been.
    pub(crate) wrong: AtomicU64,
    /// Calls that did not end.
    pub(crate) hung: AtomicU64,
}

fn main() -> ExitCode {
    let entry = coproc::entry("soak", |()| SoakWorker(Ledger::default()));
    let (seconds, seed) = match options() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("soak: {error}\nusage: soak [--seconds N] [--seed N]");
            return ExitCode::from(2);
        }
    };
    eprintln!("{THREADS} threads, {WORKERS} workers, {seconds} s, seed {seed}, {CHAOS}");
    let tally = Arc::new(Tally::default());
    let chaos = format!("seed={seed},{CHAOS}");

    // Once before the count begins: what is made once, as the thread that watches, is no growth.
    let warm_up = Stand::new(entry.clone(), WORKERS, &chaos);
    run(&warm_up, &tally, WARM_UP.min(Duration::from_secs(seconds)), seed);
    drop(warm_up);
    let start = Census::take_within(PATIENCE, 0);

    let stand = Stand::new(entry, WORKERS, &chaos);
    run(&stand, &tally, Duration::from_secs(seconds), !seed);
    let deaths = stand.deaths();
    drop(stand);
    let end = Census::take_within(PATIENCE, start.descriptors);

    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    println!(
        "{{\"calls\": {}, \"deaths\": {deaths}, \"errors\": {}, \"wrong\": {}, \"hung\": {}, \"fds_start\": {}, \
         \"fds_end\": {}, \"zombies\": {}, \"rss_start_kib\": {}, \"rss_end_kib\": {}}}",
        count(&tally.calls),
        count(&tally.errors),
        count(&tally.wrong),
        count(&tally.hung),
        start.descriptors,
        end.descriptors,
        end.zombies,
        start.memory_kib,
        end.memory_kib,
    );
    let is_well = count(&tally.wrong) + count(&tally.hung) == 0 && end.zombies == 0;
    ExitCode::from(u8::from(!is_well || end.descriptors > start.descriptors))
}

/// Calls from all threads until the time is over.
fn run(stand: &Arc<Stand>, tally: &Arc<Tally>, time: Duration, seed: u64) {
    let stop = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..THREADS)
        .map(|number| {
            let (stand, tally, stop) = (Arc::clone(stand), Arc::clone(tally), Arc::clone(&stop));
            let began = Arc::new(AtomicU64::new(0));
            let beginning = Arc::clone(&began);
            let thread = thread::spawn(move || {
                let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(31).wrapping_add(number));
                while !stop.load(Ordering::Relaxed) {
                    beginning.store(now(), Ordering::Relaxed);
                    calls::one(&stand, &tally, &mut random);
                }
            });
            (thread, began)
        })
        .collect();
    let killer = {
        let (stand, stop) = (Arc::clone(stand), Arc::clone(&stop));
        thread::spawn(move || {
            let mut random = fastrand::Rng::with_seed(seed);
            while !stop.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(random.u64(5..100)));
                stand.kill_one(&mut random);
            }
        })
    };
    thread::sleep(time);
    stop.store(true, Ordering::Relaxed);
    killer.join().expect("the killer has not panicked");
    for (thread, began) in callers {
        while !thread.is_finished()
            && now().saturating_sub(began.load(Ordering::Relaxed)) < millis(LONGEST_CALL)
        {
            thread::sleep(Duration::from_millis(10));
        }
        if !thread.is_finished() {
            tally.hung.fetch_add(1, Ordering::Relaxed);
        } else if thread.join().is_err() {
            tally.wrong.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Milliseconds since the program began.
fn now() -> u64 {
    static BEGINNING: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    millis(BEGINNING.get_or_init(Instant::now).elapsed())
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn options() -> Result<(u64, u64), String> {
    let (mut seconds, mut seed) = (20, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        let value = value.parse().map_err(|_| format!("{name} {value}: no number"))?;
        match name.as_str() {
            "--seconds" => seconds = value,
            "--seed" => seed = value,
            _ => return Err(format!("{name} is no option")),
        }
    }
    Ok((seconds, seed))
}
