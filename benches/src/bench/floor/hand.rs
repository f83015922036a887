//! Enums over pipes, as a good programmer writes them without us: bincode, a length in front, buffered both ways.

use std::borrow::Cow;
use std::hint;
use std::io::{BufReader, BufWriter, Read, Write};
use std::sync::Mutex;
use std::thread;

use coproc_benches::laps::Laps;
use os_pipe::{PipeReader, PipeWriter};
use serde::{Deserialize, Serialize};
use serde_bytes::Bytes;

use crate::contender::{Contender, Job, Outcome, Running, Tree, check};
use crate::worker::{self, Reaped};

pub(crate) const ROLE: &str = "hand";

pub(crate) const HAND: Contender = Contender {
    name: "hand",
    setting: "enums by bincode 2.0.1 (serde, borrowed where it can, serde_bytes), a u32 of length in front, buffers of 64 KiB, \
              pipes of 64 KiB, asleep in read(2); 8 threads share it by a mutex",
    does: |_| true,
    start: |_| Ok(Box::new(Hand::start()?)),
};

const BUFFER: usize = 64 * 1024;

#[derive(Serialize, Deserialize)]
enum Request<'a> {
    Add(u64),
    Note(u64),
    Noted,
    #[serde(borrow)]
    Bytes(&'a Bytes),
    Numbers(Cow<'a, [f64]>),
    Text(&'a str),
    Tree(Cow<'a, Tree>),
}

#[derive(Serialize, Deserialize)]
enum Reply<'a> {
    Count(u64),
    #[serde(borrow)]
    Bytes(&'a Bytes),
    Numbers(Cow<'a, [f64]>),
    Text(&'a str),
    Tree(Cow<'a, Tree>),
}

pub(crate) fn serve() -> Outcome {
    let (read, write) = worker::stdio()?;
    let mut line = Line::new(read, write);
    let mut noted = 0;
    while let Some(request) = line.incoming.receive::<Request<'_>>()? {
        match request {
            Request::Add(number) => line.outgoing.send(&Reply::Count(number + 1))?,
            Request::Note(_) => noted += 1,
            Request::Noted => line.outgoing.send(&Reply::Count(std::mem::take(&mut noted)))?,
            Request::Bytes(bytes) => {
                let bytes = owned::<[u8]>(bytes);
                line.outgoing.send(&Reply::Bytes(Bytes::new(&bytes)))?;
            }
            Request::Numbers(numbers) => line.outgoing.send(&Reply::Numbers(numbers))?,
            Request::Text(text) => {
                let text = owned(text);
                line.outgoing.send(&Reply::Text(&text))?;
            }
            Request::Tree(tree) => line.outgoing.send(&Reply::Tree(tree))?,
        }
        if line.incoming.is_empty() {
            line.outgoing.flush()?;
        }
    }
    Ok(())
}

/// Whoever calls, or answers, has a value of his own in the end.
fn owned<T: ToOwned + ?Sized>(lent: &T) -> T::Owned {
    hint::black_box(lent.to_owned())
}

struct Hand {
    line: Line,
    _worker: Reaped,
}

impl Hand {
    fn start() -> Outcome<Self> {
        let (worker, read, write) = worker::start(ROLE, &[])?;
        Ok(Self { line: Line::new(read, write), _worker: worker })
    }
}

impl Running for Hand {
    fn run(&mut self, job: &Job, laps: &mut Laps) -> Outcome {
        let line = &mut self.line;
        while laps.more() {
            let start = laps.start();
            match job {
                Job::Call => line.add(1)?,
                Job::Pipelined(count) => line.pipelined(*count)?,
                Job::Threads { threads, calls } => line.threads(*threads, *calls)?,
                Job::Flood(count) => line.flood(*count)?,
                Job::Bytes(bytes) | Job::Owned(bytes) => {
                    match line.call(&Request::Bytes(Bytes::new(bytes)))? {
                        Reply::Bytes(back) => check(owned::<[u8]>(back).len() == bytes.len())?,
                        _ => check(false)?,
                    }
                }
                Job::Numbers(numbers) => match line.call(&Request::Numbers(Cow::Borrowed(numbers)))? {
                    Reply::Numbers(back) => check(back.len() == numbers.len())?,
                    _ => check(false)?,
                },
                Job::Text(text) => match line.call(&Request::Text(text))? {
                    Reply::Text(back) => check(owned(back).len() == text.len())?,
                    _ => check(false)?,
                },
                Job::Tree(tree) => match line.call(&Request::Tree(Cow::Borrowed(tree)))? {
                    Reply::Tree(_) => {}
                    _ => check(false)?,
                },
            }
            laps.stop(start);
        }
        Ok(())
    }
}

/// Both directions of one side.
struct Line {
    incoming: Incoming,
    outgoing: Outgoing,
}

impl Line {
    fn new(read: PipeReader, write: PipeWriter) -> Self {
        let incoming = Incoming { pipe: BufReader::with_capacity(BUFFER, read), message: Vec::new() };
        let outgoing = Outgoing { pipe: BufWriter::with_capacity(BUFFER, write), message: Vec::new() };
        Self { incoming, outgoing }
    }

    fn call(&mut self, request: &Request<'_>) -> Outcome<Reply<'_>> {
        self.outgoing.send(request)?;
        self.outgoing.flush()?;
        self.reply()
    }

    fn reply(&mut self) -> Outcome<Reply<'_>> {
        self.incoming.receive()?.ok_or_else(|| "the worker has gone".into())
    }

    fn add(&mut self, number: u64) -> Outcome {
        check(matches!(self.call(&Request::Add(number))?, Reply::Count(next) if next == number + 1))
    }

    fn pipelined(&mut self, count: usize) -> Outcome {
        for number in 0..count as u64 {
            self.outgoing.send(&Request::Add(number))?;
        }
        self.outgoing.flush()?;
        for number in 0..count as u64 {
            check(matches!(self.reply()?, Reply::Count(next) if next == number + 1))?;
        }
        Ok(())
    }

    fn flood(&mut self, count: usize) -> Outcome {
        for number in 0..count as u64 {
            self.outgoing.send(&Request::Note(number))?;
        }
        check(matches!(self.call(&Request::Noted)?, Reply::Count(noted) if noted == count as u64))
    }

    fn threads(&mut self, threads: usize, calls: usize) -> Outcome {
        let line = Mutex::new(self);
        let call =
            || (0..calls as u64).all(|number| line.lock().is_ok_and(|mut line| line.add(number).is_ok()));
        thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(call)).collect();
            check(threads.into_iter().all(|thread| thread.join().unwrap_or(false)))
        })
    }
}

struct Incoming {
    pipe: BufReader<PipeReader>,
    message: Vec<u8>,
}

impl Incoming {
    /// The next message; `None` once the other side has gone.
    fn receive<'a, T: Deserialize<'a>>(&'a mut self) -> Outcome<Option<T>> {
        let mut length = [0; 4];
        match self.pipe.read_exact(&mut length) {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
            outcome => outcome?,
        }
        self.message.resize(u32::from_le_bytes(length) as usize, 0);
        self.pipe.read_exact(&mut self.message)?;
        Ok(Some(bincode::serde::borrow_decode_from_slice(&self.message, bincode::config::standard())?.0))
    }

    fn is_empty(&self) -> bool {
        self.pipe.buffer().is_empty()
    }
}

struct Outgoing {
    pipe: BufWriter<PipeWriter>,
    message: Vec<u8>,
}

impl Outgoing {
    fn send<T: Serialize>(&mut self, message: &T) -> Outcome {
        self.message.clear();
        self.message.extend([0; 4]);
        bincode::serde::encode_into_std_write(message, &mut self.message, bincode::config::standard())?;
        let length = u32::try_from(self.message.len() - 4)?;
        self.message[..4].copy_from_slice(&length.to_le_bytes());
        Ok(self.pipe.write_all(&self.message)?)
    }

    fn flush(&mut self) -> Outcome {
        Ok(self.pipe.flush()?)
    }
}
