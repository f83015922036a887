//! What workers have started themselves, and what becomes of it when they end.

use coproc::{Stderr, Stub};

use crate::process::{behind_a_shell, wait_for_end};
use crate::support::{WAITS, in_time};
use crate::victim::{self, VictimHost, Way};

/// Ends workers that have a child and a worker of their own, with a shell in front of them and without.
fn leaves_nothing(end: fn(VictimHost)) {
    in_time(move || {
        for wait in WAITS {
            let spawn = || victim::entry().spawn().wait(wait).stderr(Stderr::quiet());
            for spawn in [spawn(), behind_a_shell(spawn(), "\"$0\" \"$@\"; true")] {
                let victim = spawn.start(()).unwrap();
                let left = [victim.start_child().unwrap(), victim.start_worker().unwrap()];
                end(victim);
                left.into_iter().for_each(wait_for_end);
            }
        }
    });
}

#[test]
fn of_a_killed_worker() {
    leaves_nothing(|victim| {
        victim.kill().unwrap();
    });
}

#[test]
fn of_a_worker_that_exits() {
    leaves_nothing(|victim| {
        victim.die(Way::Exit(0)).unwrap_err();
    });
}

#[test]
fn of_a_worker_that_crashes() {
    leaves_nothing(|victim| {
        victim.die(Way::Abort).unwrap_err();
    });
}

#[test]
fn of_a_worker_that_is_terminated() {
    leaves_nothing(|victim| {
        victim.terminate().unwrap();
    });
}

#[test]
fn of_a_worker_that_is_asked_to_leave() {
    leaves_nothing(drop);
}
