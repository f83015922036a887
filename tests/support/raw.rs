//! A worker without coproc's runtime: a script that speaks the protocol by hand, and as it likes.
#![allow(dead_code, unreachable_pub, reason = "each test crate uses a part")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::process::Command;

use coproc::proto::handshake::{Greeting, Handshake, Side};
use coproc::proto::{Limits, Message, Peer};
use coproc::{MessageKind, Order, Spawn, Stderr, Stub};
use serde::Serialize;

/// The variable that has the script's name.
const SCRIPT: &str = "COPROC_TEST_RAW";

/// A worker that plays a script, in the test program's test `raw`.
pub fn spawn<H: Stub, A: Serialize>(script: &str) -> Spawn<H, A> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "raw", "--nocapture"]).env(SCRIPT, script);
    coproc::spawn(command).stderr(Stderr::quiet())
}

/// The script that this process was started to play, if it was.
pub fn script() -> Option<String> {
    let script = std::env::var(SCRIPT).ok()?;
    crate::process::die_with_parent();
    Some(script)
}

/// This process's end of the conversation.
pub struct Raw {
    pub stdin: File,
    pub stdout: File,
    pub peer: Peer,
    /// Bytes that the host has said so far.
    pub taken: usize,
}

impl Raw {
    /// Takes stdin and stdout away from the test harness, which prints.
    pub fn take_over() -> Self {
        let (stdin, stdout) = (std::io::stdin(), std::io::stdout());
        let read = rustix::io::fcntl_dupfd_cloexec(stdin.as_fd(), 3).unwrap();
        let write = rustix::io::fcntl_dupfd_cloexec(stdout.as_fd(), 3).unwrap();
        let null = File::open("/dev/null").unwrap();
        rustix::stdio::dup2_stdin(&null).unwrap();
        rustix::stdio::dup2_stdout(std::io::stderr()).unwrap();
        let peer = Peer::serving(Order::Fifo, Limits::PAIR);
        Raw { stdin: read.into(), stdout: write.into(), peer, taken: 0 }
    }

    /// Reads the host's greeting; what a worker's would be.
    pub fn meet(&mut self) -> Greeting {
        let mut handshake = Handshake::new(1 << 30);
        loop {
            let bytes = self.read();
            if let Some((mut greeting, behind)) = handshake.handle_bytes(&bytes).greeting.unwrap() {
                self.peer.handle_bytes(&behind).unwrap();
                greeting.side = Side::Worker;
                greeting.argument.clear();
                return greeting;
            }
        }
    }

    /// Meets the host as a worker does.
    pub fn greet(&mut self) {
        let greeting = self.meet();
        self.write(&greeting.to_bytes());
    }

    /// The next request; norequests are passed over.
    pub fn request(&mut self) -> Message {
        loop {
            while let Some(message) = self.peer.take_next() {
                if message.kind == MessageKind::Request {
                    return message;
                }
            }
            let bytes = self.read();
            self.peer.handle_bytes(&bytes).unwrap();
        }
    }

    /// The bytes of what a well-behaved worker answers.
    pub fn answer(&mut self, request: &Message, payload: &[u8]) -> Vec<u8> {
        let _ = self.peer.answer(request.id, MessageKind::Reply, &mut payload.to_vec()).unwrap();
        let mut bytes = Vec::new();
        while self.peer.has_output() {
            let output = self.peer.output().concat();
            self.peer.wrote(output.len());
            bytes.extend(output);
        }
        bytes
    }

    /// Reads what is there, or leaves when the host has.
    pub fn read(&mut self) -> Vec<u8> {
        let mut buffer = [0; 64 << 10];
        let count = self.stdin.read(&mut buffer).unwrap();
        if count == 0 {
            std::process::exit(0);
        }
        self.taken += count;
        buffer[..count].to_vec()
    }

    /// Writes, or leaves when the host has.
    pub fn write(&mut self, bytes: &[u8]) {
        if self.stdout.write_all(bytes).is_err() {
            std::process::exit(0);
        }
    }

    /// Reads all that comes until the host leaves.
    pub fn listen(&mut self) -> ! {
        loop {
            self.read();
        }
    }
}

/// The number of a kind of frame on the wire, as the docs of `proto::frame` have it.
pub mod kind {
    pub const NO_REQUEST: u8 = 1;
    pub const REQUEST: u8 = 2;
    pub const REPLY: u8 = 3;
    pub const FAILURE: u8 = 4;
    pub const CANCELLED: u8 = 5;
    pub const ERROR: u8 = 6;
    pub const CLOSE_REQUEST: u8 = 7;
    pub const CANCEL: u8 = 8;
    pub const CREDIT: u8 = 9;
}

/// The flags of a frame.
pub mod flag {
    pub const MORE: u8 = 2;
    pub const CONTINUES: u8 = 4;
}

/// A frame's bytes, whatever its parts are; the channel is the default one.
pub fn frame(kind: u8, flags: u8, id: u64, body: &[u8]) -> Vec<u8> {
    with_header(body.len() as u32, [kind, flags, 0, 0], 0, id, body)
}

/// The same on a channel with a name.
pub fn named_frame(kind: u8, flags: u8, id: u64, name: &str, body: &[u8]) -> Vec<u8> {
    let body = [name.as_bytes(), body].concat();
    with_header(body.len() as u32, [kind, flags, 3, 0], name.len() as u64, id, &body)
}

pub fn with_header(length: u32, marks: [u8; 4], channel: u64, id: u64, body: &[u8]) -> Vec<u8> {
    let mut bytes = length.to_le_bytes().to_vec();
    bytes.extend_from_slice(&marks);
    bytes.extend_from_slice(&channel.to_le_bytes());
    bytes.extend_from_slice(&id.to_le_bytes());
    // No priority, no deadline.
    bytes.extend_from_slice(&[0; 8]);
    bytes.extend_from_slice(body);
    bytes
}
