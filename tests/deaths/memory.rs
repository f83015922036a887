//! What an error tells of a worker's memory.

use std::hint::black_box;

use coproc::{Memory, Stderr, Stub};

use crate::process;
use crate::support::in_time;
use crate::victim::{self, VictimHost};

/// More than a test program needs by itself.
const MUCH: usize = 64 << 20;

fn start() -> VictimHost {
    victim::entry().spawn().stderr(Stderr::quiet()).start(()).unwrap()
}

/// What is told of a worker that was killed.
fn memory(victim: &VictimHost) -> Memory {
    victim.kill().unwrap();
    let error = victim.echo("").unwrap_err();
    let memory = error.memory().unwrap();
    assert!(error.to_string().contains(&memory.to_string()), "{error}");
    memory
}

/// The host's own peak matters, so it is a process of its own.
pub(crate) fn host() {
    let victim = start();
    victim.touch(MUCH).unwrap();
    let Memory::Peak(peak) = memory(&victim) else { panic!("the host's own memory is smaller") };
    assert!(peak >= MUCH as u64 && peak < 2 * MUCH as u64, "{peak}");

    black_box(vec![1_u8; MUCH]);
    let victim = start();
    victim.echo("").unwrap();
    let Memory::AtMost(bound) = memory(&victim) else { panic!("the host's memory was larger") };
    assert!(bound >= MUCH as u64, "{bound}");

    let victim = start();
    victim.touch(2 * MUCH).unwrap();
    let Memory::Peak(peak) = memory(&victim) else { panic!("the worker's memory was larger") };
    assert!(peak >= 2 * MUCH as u64, "{peak}");
}

#[test]
fn the_peak_where_it_is_the_workers_own() {
    in_time(|| assert!(process::host("memory").status().unwrap().success()));
}
