//! Ours: a service, its worker, and the calls.

mod bulk;
mod service;

use std::thread;

use coproc::{Entry, Stub, Wait};
use coproc_benches::laps::Laps;

use crate::contender::{Contender, Job, Outcome, Running, check};
pub(crate) use bulk::Bulk;
pub(crate) use service::ServiceHost;
use service::{ServiceWorker, Store};

pub(crate) const BLOCKING: Contender =
    Contender { name: "coproc", setting: "Wait::Block", does: |_| true, start: |_| start(Wait::Block) };

/// The same, beside ours as it is by default.
pub(crate) const BLOCKING_TOO: Contender = Contender { name: "coproc_block", ..BLOCKING };

pub(crate) const ADAPTIVE: Contender = Contender {
    name: "coproc",
    setting: "as it is by default: Wait::Adaptive; a buffered stub where there are many calls at once",
    does: |_| true,
    start: |_| start(Wait::default()),
};

/// Serves, if this process is a worker of ours.
pub(crate) fn entry() -> Entry<ServiceHost, ()> {
    coproc::entry("bench", |()| ServiceWorker(Store::default()))
}

struct Ours(ServiceHost);

fn start(wait: Wait) -> Outcome<Box<dyn Running>> {
    Ok(Box::new(Ours(entry().spawn().wait(wait).start(())?)))
}

impl Running for Ours {
    fn run(&mut self, job: &Job, laps: &mut Laps) -> Outcome {
        let stub = &self.0;
        match job {
            Job::Call => lap(laps, || check(stub.add(1)? == 2)),
            Job::Pipelined(count) => lap(laps, || pipelined(stub, *count)),
            Job::Threads { threads, calls } => lap(laps, || from_threads(stub, *threads, *calls)),
            Job::Flood(count) => lap(laps, || flood(stub, *count)),
            Job::Bytes(bytes) => lap(laps, || check(stub.bytes(bytes)?.len() == bytes.len())),
            Job::Numbers(numbers) => lap(laps, || check(stub.numbers(numbers)?.len() == numbers.len())),
            Job::Text(text) => lap(laps, || check(stub.text(text)?.len() == text.len())),
            Job::Owned(bytes) => echo(laps, bytes.clone(), |bytes| Ok(stub.owned(bytes)?)),
            Job::Tree(tree) => echo(laps, tree.clone(), |tree| Ok(stub.tree(tree)?)),
        }
    }
}

/// What comes back is the next that is sent.
fn echo<T>(laps: &mut Laps, mut value: T, call: impl Fn(T) -> Outcome<T>) -> Outcome {
    while laps.more() {
        let start = laps.start();
        value = call(value)?;
        laps.stop(start);
    }
    Ok(())
}

fn lap(laps: &mut Laps, mut what: impl FnMut() -> Outcome) -> Outcome {
    while laps.more() {
        let start = laps.start();
        what()?;
        laps.stop(start);
    }
    Ok(())
}

fn pipelined(stub: &ServiceHost, count: usize) -> Outcome {
    let buffered = stub.buffered().start();
    let calls: Vec<_> = (0..count as u64).map(|number| buffered.add(number)).collect();
    for (number, call) in (0..).zip(calls) {
        check(call.wait()? == number + 1_u64)?;
    }
    Ok(())
}

fn flood(stub: &ServiceHost, count: usize) -> Outcome {
    let buffered = stub.buffered();
    for number in 0..count as u64 {
        buffered.note(number)?;
    }
    check(stub.noted()? == count as u64)
}

fn from_threads(stub: &ServiceHost, threads: usize, calls: usize) -> Outcome {
    let call = || (0..calls as u64).all(|number| stub.add(number).is_ok_and(|next| next == number + 1));
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(call)).collect();
        check(threads.into_iter().all(|thread| thread.join().unwrap_or(false)))
    })
}
