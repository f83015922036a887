//! ipc-channel: enums over a pair of channels, and its channels of bytes for bulk.

use std::hint;
use std::thread;

use coproc_benches::laps::Laps;
use ipc_channel::ipc::{
    IpcBytesReceiver, IpcBytesSender, IpcOneShotServer, IpcReceiver, IpcSender, bytes_channel, channel,
};
use serde::{Deserialize, Serialize};

use crate::contender::{Contender, Job, Outcome, Running, Tree, check};
use crate::worker::{self, Reaped};

pub(super) const ROLE: &str = "ipc-channel";

pub(super) const IPC_CHANNEL: Contender = Contender {
    name: "ipc-channel",
    setting: "0.23: enums over a pair of channels, blocking; a pair of its channels of bytes for bytes; a second thread sends where \
              more than 64 calls are pipelined",
    does: |job| !matches!(job, Job::Threads { .. }),
    start: |_| Ok(Box::new(Channels::start()?)),
};

#[derive(Serialize, Deserialize)]
enum Request {
    Add(u64),
    Note(u64),
    Noted,
    /// From now on there are only bytes.
    Bytes,
    Numbers(Vec<f64>),
    Text(String),
    Tree(Tree),
}

#[derive(Serialize, Deserialize)]
enum Reply {
    Count(u64),
    Numbers(Vec<f64>),
    Text(String),
    Tree(Tree),
}

/// So many small messages have room in a socket.
const FIT: usize = 64;

/// The host's ends, which the worker makes and sends.
type Ends = (IpcSender<Request>, IpcReceiver<Reply>, IpcBytesSender, IpcBytesReceiver);

pub(super) fn serve(arguments: &[String]) -> Outcome {
    let [server] = arguments else { return Err("ipc-channel's worker wants the name of its server".into()) };
    let ((requests_in, requests), (replies, replies_out)) = (channel()?, channel()?);
    let ((bytes_in, bytes), (bytes_back, bytes_out)) = (bytes_channel()?, bytes_channel()?);
    let ends: Ends = (requests_in, replies_out, bytes_in, bytes_out);
    IpcSender::connect(server.clone())?.send(ends)?;
    let mut noted = 0;
    // It ends with an error once the host has gone.
    while let Ok(request) = requests.recv() {
        match request {
            Request::Add(number) => replies.send(Reply::Count(number + 1))?,
            Request::Note(_) => noted += 1,
            Request::Noted => replies.send(Reply::Count(std::mem::take(&mut noted)))?,
            Request::Bytes => {
                while let Ok(bytes) = bytes.recv() {
                    bytes_back.send(&bytes)?;
                }
            }
            Request::Numbers(numbers) => replies.send(Reply::Numbers(numbers))?,
            Request::Text(text) => replies.send(Reply::Text(text))?,
            Request::Tree(tree) => replies.send(Reply::Tree(tree))?,
        }
    }
    Ok(())
}

struct Channels {
    requests: IpcSender<Request>,
    replies: IpcReceiver<Reply>,
    bytes: IpcBytesSender,
    bytes_back: IpcBytesReceiver,
    sends: Sends,
    _worker: Reaped,
}

/// What the worker waits for.
#[derive(PartialEq, Eq)]
enum Sends {
    Enums,
    Bytes,
}

impl Channels {
    fn start() -> Outcome<Self> {
        let (server, name) = IpcOneShotServer::<Ends>::new()?;
        let worker = Reaped(worker::command(ROLE, &[name]).spawn()?);
        let (_, (requests, replies, bytes, bytes_back)) = server.accept()?;
        Ok(Self { requests, replies, bytes, bytes_back, sends: Sends::Enums, _worker: worker })
    }

    fn call(&self, request: Request) -> Outcome<Reply> {
        self.requests.send(request)?;
        Ok(self.replies.recv()?)
    }

    fn pipelined(&self, count: usize) -> Outcome {
        if count <= FIT {
            for number in 0..count as u64 {
                self.requests.send(Request::Add(number))?;
            }
            return self.take_in(count);
        }
        let requests = self.requests.clone();
        let send = move || (0..count as u64).all(|number| requests.send(Request::Add(number)).is_ok());
        thread::scope(|scope| {
            let sender = scope.spawn(send);
            self.take_in(count)?;
            check(sender.join().unwrap_or(false))
        })
    }

    /// The replies of so many pipelined calls.
    fn take_in(&self, count: usize) -> Outcome {
        for number in 0..count as u64 {
            check(matches!(self.replies.recv()?, Reply::Count(next) if next == number + 1))?;
        }
        Ok(())
    }

    fn flood(&self, count: usize) -> Outcome {
        for number in 0..count as u64 {
            self.requests.send(Request::Note(number))?;
        }
        check(matches!(self.call(Request::Noted)?, Reply::Count(noted) if noted == count as u64))
    }

    fn echo_bytes(&self, bytes: &[u8]) -> Outcome {
        self.bytes.send(bytes)?;
        check(hint::black_box(self.bytes_back.recv()?).len() == bytes.len())
    }
}

impl Running for Channels {
    fn run(&mut self, job: &Job, laps: &mut Laps) -> Outcome {
        if matches!(job, Job::Bytes(_) | Job::Owned(_)) && self.sends == Sends::Enums {
            self.requests.send(Request::Bytes)?;
            self.sends = Sends::Bytes;
        }
        // What comes back is the next that is sent.
        let mut next = match job {
            Job::Numbers(numbers) => Some(Request::Numbers(numbers.clone())),
            Job::Text(text) => Some(Request::Text(text.clone())),
            Job::Tree(tree) => Some(Request::Tree(tree.clone())),
            _ => None,
        };
        while laps.more() {
            let start = laps.start();
            match (job, next.take()) {
                (_, Some(request)) => {
                    next = match self.call(request)? {
                        Reply::Numbers(numbers) => Some(Request::Numbers(numbers)),
                        Reply::Text(text) => Some(Request::Text(text)),
                        Reply::Tree(tree) => Some(Request::Tree(tree)),
                        Reply::Count(_) => return check(false),
                    }
                }
                (Job::Call, _) => check(matches!(self.call(Request::Add(1))?, Reply::Count(2)))?,
                (Job::Pipelined(count), _) => self.pipelined(*count)?,
                (Job::Flood(count), _) => self.flood(*count)?,
                (Job::Bytes(bytes) | Job::Owned(bytes), _) => self.echo_bytes(bytes)?,
                _ => return Err("ipc-channel does not do it".into()),
            }
            laps.stop(start);
        }
        Ok(())
    }
}
