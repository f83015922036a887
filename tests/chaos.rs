//! Faults on purpose, by the variable `COPROC_CHAOS`: `cargo test --features chaos --test chaos`.
#![cfg(feature = "chaos")]

mod support;

use coproc::{ErrorKind, Exit, Stderr, Stub};
use support::{LabHost, entry, in_time};

#[test]
fn worker() {
    let _ = entry();
}

fn lab(chaos: &str) -> LabHost {
    let spawn = entry().spawn().stderr(Stderr::quiet());
    spawn.command(|command| _ = command.env("COPROC_CHAOS", chaos)).start(String::new()).unwrap()
}

/// How many calls a worker answers before it kills itself.
fn calls_until_death(lab: &LabHost) -> usize {
    for count in 0.. {
        if let Err(error) = lab.echo("again") {
            assert!(matches!(error.kind(), ErrorKind::Died | ErrorKind::Start), "{error}");
            assert_eq!(error.exit(), Some(Exit::Signal(9)), "{error}");
            return count;
        }
    }
    unreachable!()
}

#[test]
fn a_worker_kills_itself_sooner_or_later() {
    in_time(|| {
        let lives: Vec<_> =
            (0..10).map(|seed| calls_until_death(&lab(&format!("seed={seed},kill=0.05")))).collect();
        assert!(lives.iter().any(|calls| *calls > 0), "{lives:?}");
        assert!(lives.iter().any(|calls| *calls != lives[0]), "another seed, another life: {lives:?}");
    });
}

#[test]
fn short_reads_and_writes_and_delays_change_no_result() {
    in_time(|| {
        let lab = lab("seed=3,short=0.9,delay=0.01");
        for length in [0, 1, 100, 4096, 70_000, 300_000] {
            let bytes: Vec<u8> = (0..length).map(|number| (number % 251) as u8).collect();
            assert_eq!(lab.bytes(&bytes).unwrap(), bytes);
        }
        let calls: Vec<_> = (0..100).map(|number| lab.start().echo(&number.to_string())).collect();
        for (number, call) in calls.into_iter().enumerate() {
            assert_eq!(call.wait().unwrap(), number.to_string());
        }
    });
}

#[test]
fn what_says_no_fault_is_named() {
    in_time(|| {
        let error = lab("seed=3,lightning=1").echo("").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Start);
        let text = error.to_string();
        assert!(text.contains("COPROC_CHAOS has \"lightning=1\", which says no fault"), "{text}");
    });
}
