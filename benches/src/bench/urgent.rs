//! A small urgent call while a large reply is on its way, beside the time that two full pipe buffers take to drain.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use coproc_benches::figure::Figure;
use coproc_benches::stats::{Summary, median, quantile};
use rustix::fs::{Mode, OFlags};
use rustix::pipe::fcntl_getpipe_size;

use crate::contender::Outcome;
use crate::floor::pipe;
use crate::ours::Bulk;

const SIZE: usize = 256 << 20;

/// Its 99th percentile; beside it, as `pipe`, the drain of as much as two pipes of the same size hold, read from a raw worker that
/// writes without a pause. That is the size that large messages have a pipe hold; while so large a one goes through it, it holds half
/// as much.
pub(crate) fn measure(rounds: usize) -> Outcome<Figure> {
    let bulk = Bulk::start()?;
    let (mut urgent, mut drains, mut capacity) = (Vec::new(), Vec::new(), 0);
    for _ in 0..rounds {
        urgent.extend(during_a_reply(&bulk)?);
        // A pipe grows with the first large message that goes through it.
        capacity = largest_pipe()?;
        drains.extend(pipe::drain(2 * capacity, capacity, SIZE)?);
    }
    let calls = Summary::of(&urgent);
    Ok(Figure::new("urgent.during.256MiB", "us", calls.p99)
        .and("p50", calls.p50)
        .and("max", quantile(&urgent, 1.0))
        .and("calls", urgent.len() as f64)
        .and("pipe_bytes", capacity as f64)
        .beside("pipe", median(&drains)))
}

/// The times of urgent calls, in microseconds, while another thread takes a reply in.
fn during_a_reply(bulk: &Bulk) -> Outcome<Vec<f64>> {
    let reply = bulk.begin(SIZE)?;
    // The first may have been served before the large call began. The second was sent later, and is served behind it: the reply
    // is on its way then.
    bulk.urgent()?;
    bulk.urgent()?;
    let is_there = AtomicBool::new(false);
    let mut times = Vec::new();
    thread::scope(|scope| {
        let waits = scope.spawn(|| {
            let length = reply.wait().map(|reply| reply.len());
            is_there.store(true, Ordering::Release);
            length
        });
        while !is_there.load(Ordering::Acquire) {
            let start = Instant::now();
            bulk.urgent()?;
            times.push(microseconds(start.elapsed()));
        }
        match waits.join() {
            Ok(Ok(SIZE)) => Ok(times),
            Ok(Err(error)) => Err(error.into()),
            _ => Err("the large reply is not whole".into()),
        }
    })
}

/// The size of the largest pipe of this process.
fn largest_pipe() -> Outcome<usize> {
    let mut largest = 0;
    for entry in fs::read_dir("/proc/self/fd")? {
        let path = entry?.path();
        if fs::read_link(&path).is_ok_and(|link| link.to_string_lossy().starts_with("pipe:")) {
            let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let pipe = rustix::fs::open(&path, flags, Mode::empty())?;
            largest = largest.max(fcntl_getpipe_size(&pipe)?);
        }
    }
    Ok(largest)
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
