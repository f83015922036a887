//! The raw pipe: bytes that nobody looks at, there and back.

use std::io::Write;
use std::time::Instant;

use coproc_benches::laps::Laps;
use os_pipe::{PipeReader, PipeWriter};
use rustix::pipe::fcntl_setpipe_size;

use super::waiting::Waiting;
use crate::contender::{Contender, Job, Outcome, Running};
use crate::worker::{self, Reaped};

pub(crate) const ROLE: &str = "pipe";

/// Asleep in `read`, over pipes as the kernel makes them.
pub(crate) const BLOCKING: Contender = Contender {
    name: "pipe",
    setting: "16 bytes a message, asleep in read(2), pipes of 64 KiB",
    does,
    start: |job| start(job, Waiting::Block, None),
};

/// Looking before it sleeps.
pub(crate) const ADAPTIVE: Contender = Contender {
    name: "pipe_adaptive",
    setting: "the same, but both sides look for 100 us (preadv2 with RWF_NOWAIT, sched_yield between looks)",
    does,
    start: |job| start(job, Waiting::Look, None),
};

/// Over pipes of 1 MiB: for bulk this is the floor.
pub(crate) const LARGE: Contender = Contender {
    name: "pipe",
    setting: "the bytes alone, asleep in read(2), pipes of 1 MiB (F_SETPIPE_SZ), buffers used again",
    does,
    start: |job| start(job, Waiting::Block, Some(1 << 20)),
};

/// For bulk over pipes as the kernel makes them.
pub(crate) const SMALL: Contender = Contender {
    name: "pipe_64KiB",
    setting: "the same over pipes of 64 KiB",
    does,
    start: |job| start(job, Waiting::Block, None),
};

/// A message of a small call.
const FRAME: usize = 16;

/// As much as is read at once where it isn't kept.
const CHUNK: usize = 64 * 1024;

fn does(job: &Job) -> bool {
    !matches!(job, Job::Threads { .. } | Job::Tree(_))
}

/// How many bytes go there and back in a lap.
fn sizes(job: &Job) -> (usize, usize) {
    let echo = match job {
        Job::Call => FRAME,
        Job::Flood(count) => return (count * FRAME, FRAME),
        Job::Pipelined(count) => count * FRAME,
        Job::Bytes(bytes) | Job::Owned(bytes) => bytes.len(),
        Job::Numbers(numbers) => size_of_val(numbers.as_slice()),
        Job::Text(text) => text.len(),
        Job::Threads { .. } | Job::Tree(_) => 0,
    };
    (echo, echo)
}

struct Pipe {
    read: PipeReader,
    write: PipeWriter,
    _worker: Reaped,
    waiting: Waiting,
    request: Vec<u8>,
    reply: Vec<u8>,
}

fn start(job: &Job, waiting: Waiting, capacity: Option<usize>) -> Outcome<Box<dyn Running>> {
    let (request, reply) = sizes(job);
    // What is pipelined is answered as it comes.
    let (request_size, reply_size) = if let Job::Pipelined(_) = job { (0, 0) } else { (request, reply) };
    let arguments = [waiting.name().to_owned(), request_size.to_string(), reply_size.to_string()];
    let (worker, read, write) = worker::start(ROLE, &arguments)?;
    if let Some(capacity) = capacity {
        fcntl_setpipe_size(&read, capacity)?;
        fcntl_setpipe_size(&write, capacity)?;
    }
    let (request, reply) = (vec![1; request], vec![0; reply]);
    Ok(Box::new(Pipe { read, write, _worker: worker, waiting, request, reply }))
}

impl Running for Pipe {
    fn run(&mut self, _: &Job, laps: &mut Laps) -> Outcome {
        while laps.more() {
            let start = laps.start();
            self.write.write_all(&self.request)?;
            if !self.waiting.fill(&mut self.read, &mut self.reply)? {
                return Err("the worker of the raw pipe has gone".into());
            }
            laps.stop(start);
        }
        Ok(())
    }
}

/// How long each `step` of so many bytes takes to read, in microseconds, where a worker writes them all without a pause.
pub(crate) fn drain(step: usize, capacity: usize, bytes: usize) -> Outcome<Vec<f64>> {
    let arguments = [Waiting::Block.name().to_owned(), FRAME.to_string(), bytes.to_string()];
    let (_worker, mut read, mut write) = worker::start(ROLE, &arguments)?;
    fcntl_setpipe_size(&read, capacity)?;
    write.write_all(&[1; FRAME])?;
    let mut buffer = vec![0; step];
    let mut times = Vec::new();
    for _ in 0..bytes / step {
        let start = Instant::now();
        Waiting::Block.fill(&mut read, &mut buffer)?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(times)
}

/// Its arguments: how it waits, the sizes of a request and of a reply; 0 and 0 to give back whatever comes.
pub(crate) fn serve(arguments: &[String]) -> Outcome {
    let [waiting, request, reply] = arguments else {
        return Err("the raw worker wants three arguments".into());
    };
    let (waiting, request, reply) = (Waiting::named(waiting), request.parse()?, reply.parse()?);
    let (read, write) = worker::stdio()?;
    match request {
        0 => give_back(waiting, read, write),
        _ if request == reply => echo(waiting, read, write, request),
        _ => count(waiting, read, write, request, reply),
    }
}

fn give_back(waiting: Waiting, mut read: PipeReader, mut write: PipeWriter) -> Outcome {
    let mut buffer = vec![0; CHUNK];
    loop {
        match waiting.read(&mut read, &mut buffer)? {
            0 => return Ok(()),
            count => write.write_all(&buffer[..count])?,
        }
    }
}

fn echo(waiting: Waiting, mut read: PipeReader, mut write: PipeWriter, size: usize) -> Outcome {
    let mut buffer = vec![0; size];
    while waiting.fill(&mut read, &mut buffer)? {
        write.write_all(&buffer)?;
    }
    Ok(())
}

fn count(
    waiting: Waiting,
    mut read: PipeReader,
    mut write: PipeWriter,
    request: usize,
    reply: usize,
) -> Outcome {
    let (mut buffer, reply) = (vec![0; CHUNK], vec![1; reply]);
    loop {
        let mut left = request;
        while left > 0 {
            let most = left.min(CHUNK);
            match waiting.read(&mut read, &mut buffer[..most])? {
                0 => return Ok(()),
                count => left -= count,
            }
        }
        write.write_all(&reply)?;
    }
}
