//! Processes and threads: workers beside each other, and threads that share one.

use std::error::Error;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use coproc::{Entry, Stub, Wait};
use coproc_benches::pin::Placement;
use coproc_benches::stats::median;

type Cost = Result<f64, Box<dyn Error>>;

const CALLS: usize = 4_000;

const ROUNDS: usize = 7;

#[coproc::worker]
pub(crate) trait Service {
    fn add(&self, number: u64) -> u64;
}

struct Adder;

impl Service for Adder {
    fn add(&self, number: u64) -> u64 {
        number + 1
    }
}

/// Serves, if this process is a worker.
pub(crate) fn entry() -> Entry<ServiceHost, ()> {
    coproc::entry("scaling", |()| ServiceWorker(Adder))
}

/// A call, each time of another one of so many workers; all on one core and asleep but for the one that is called.
pub(crate) fn call_among_workers(count: usize) -> Cost {
    let stubs = Placement::OneCore.start(|| (0..count).map(|_| start()).collect::<Result<Vec<_>, _>>())??;
    rounds(|| {
        let begin = Instant::now();
        for number in 0..CALLS as u64 {
            check(stubs[number as usize % count].add(number)? == number + 1)?;
        }
        Ok(begin.elapsed().as_secs_f64() * 1e6 / CALLS as f64)
    })
}

/// From the start of one more worker to its first reply, beside so many.
pub(crate) fn start_among_workers(count: usize) -> Cost {
    let _others =
        Placement::OneCore.start(|| (1..count).map(|_| start()).collect::<Result<Vec<_>, _>>())??;
    let mut times = Vec::new();
    for _ in 0..15 {
        let begin = Instant::now();
        let stub = start()?;
        check(stub.add(1)? == 2)?;
        times.push(begin.elapsed().as_secs_f64() * 1e6);
        stub.join()?;
    }
    Ok(median(&times))
}

/// A call of one of so many threads that call one worker at the same time.
pub(crate) fn call_among_threads(count: usize) -> Cost {
    let stub = Placement::OneCore.start(start)??;
    let calls = CALLS.div_ceil(count);
    rounds(|| {
        let barrier = Barrier::new(count + 1);
        thread::scope(|scope| {
            let threads: Vec<_> = (0..count)
                .map(|_| {
                    scope.spawn(|| {
                        barrier.wait();
                        (0..calls as u64).all(|number| stub.add(number).is_ok_and(|sum| sum == number + 1))
                    })
                })
                .collect();
            barrier.wait();
            let begin = Instant::now();
            let are_right = threads.into_iter().all(|thread| thread.join().unwrap_or(false));
            check(are_right)?;
            Ok(begin.elapsed().as_secs_f64() * 1e6 / (calls * count) as f64)
        })
    })
}

fn start() -> Result<ServiceHost, coproc::Error> {
    entry().spawn().wait(Wait::Block).start(())
}

fn check(is_right: bool) -> Result<(), Box<dyn Error>> {
    if is_right { Ok(()) } else { Err("a call has failed or its reply is wrong".into()) }
}

/// The median of some rounds; the first, which finds everything new, doesn't count.
fn rounds(mut round: impl FnMut() -> Cost) -> Cost {
    round()?;
    Ok(median(&(0..ROUNDS).map(|_| round()).collect::<Result<Vec<_>, _>>()?))
}
