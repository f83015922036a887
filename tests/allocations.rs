//! A call allocates nothing in the runtime once a few were made, on either side.

mod support;

use std::alloc::System;
use std::time::Duration;

use coproc::{Entry, Stub, Wait};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use support::in_time;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Nothing in these types allocates by itself.
#[coproc::worker]
trait Thrifty {
    fn add(&self, one: u64, other: u64) -> u64;
    fn length(&self, text: &str) -> usize;
    fn many(&self, number: u128) -> (u128, u128, u128);
    #[norequest]
    fn note(&mut self, text: &str);
    /// How often the worker has allocated.
    fn allocations(&self) -> usize;
}

struct Frugal;

impl Thrifty for Frugal {
    fn add(&self, one: u64, other: u64) -> u64 {
        one + other
    }

    fn length(&self, text: &str) -> usize {
        text.len()
    }

    fn many(&self, number: u128) -> (u128, u128, u128) {
        (number, number, number)
    }

    fn note(&mut self, _text: &str) {}

    fn allocations(&self) -> usize {
        allocations()
    }
}

type Call<'a> = &'a dyn Fn(&ThriftyHost);

fn allocations() -> usize {
    let stats = ALLOCATOR.stats();
    stats.allocations + stats.reallocations
}

fn entry() -> Entry<ThriftyHost, ()> {
    coproc::test_entry("worker", |()| ThriftyWorker(Frugal))
}

#[test]
fn worker() {
    let _ = entry();
}

#[test]
fn a_call_allocates_nothing() {
    in_time(|| {
        let text = "a text of some length".repeat(30);
        let calls: [(&str, Call<'_>); 9] = [
            ("small", &|there| assert_eq!(there.add(1, 2).unwrap(), 3)),
            ("large argument", &|there| assert_eq!(there.length(&text).unwrap(), text.len())),
            ("large result", &|there| assert_eq!(there.many(u128::MAX).unwrap().2, u128::MAX)),
            ("norequest", &|there| {
                there.note(&text).unwrap();
                assert_eq!(there.add(1, 2).unwrap(), 3);
            }),
            ("with a limit", &|there| {
                assert_eq!(there.timeout(Duration::from_secs(100)).add(1, 2).unwrap(), 3);
            }),
            ("on a channel", &|there| assert_eq!(there.on(7).add(1, 2).unwrap(), 3)),
            ("urgent", &|there| assert_eq!(there.priority(-1).add(1, 2).unwrap(), 3)),
            ("some in flight", &|there| {
                let calls = [0; 10].map(|_| there.start().add(1, 2));
                assert_eq!(calls.map(|call| call.wait().unwrap()), [3; 10]);
            }),
            ("buffered", &|there| {
                let buffered = there.buffered().start();
                let calls = [0; 10].map(|_| buffered.add(1, 2));
                assert_eq!(calls.map(|call| call.wait().unwrap()), [3; 10]);
            }),
        ];
        for wait in [Wait::Adaptive, Wait::Block] {
            let there = entry().spawn().wait(wait).start(()).unwrap();
            for (what, call) in calls {
                (0..100).for_each(|_| call(&there));
                // What starting a worker leaves to other threads may come in between; asking for the figure costs some, too.
                let rounds = [0; 3].map(|_| {
                    let before = (allocations(), there.allocations().unwrap());
                    (0..1000).for_each(|_| call(&there));
                    let after = (there.allocations().unwrap(), allocations());
                    (after.1 - before.0, after.0 - before.1)
                });
                let few = |round: &(usize, usize)| round.0 < 10 && round.1 < 10;
                assert!(rounds.iter().any(few), "{what}, {wait:?}: {rounds:?}");
            }
        }
    });
}
