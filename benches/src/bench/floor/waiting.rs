//! How a raw reader waits: asleep in `read`, or looking for a while before.

use std::io::{self, ErrorKind, IoSliceMut, Read};
use std::thread;
use std::time::{Duration, Instant};

use os_pipe::PipeReader;
use rustix::io::{Errno, ReadWriteFlags, preadv2};

/// As long as coproc looks.
const LOOK: Duration = Duration::from_micros(100);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    Block,
    Look,
}

impl Waiting {
    /// As an argument of a worker.
    pub(super) fn name(self) -> &'static str {
        match self {
            Waiting::Block => "block",
            Waiting::Look => "look",
        }
    }

    pub(super) fn named(name: &str) -> Self {
        if name == "look" { Waiting::Look } else { Waiting::Block }
    }

    /// Reads what there is, at least a byte; 0 at the end.
    pub(super) fn read(self, reader: &mut PipeReader, buffer: &mut [u8]) -> io::Result<usize> {
        if self == Waiting::Look {
            let until = Instant::now() + LOOK;
            loop {
                match preadv2(&*reader, &mut [IoSliceMut::new(buffer)], u64::MAX, ReadWriteFlags::NOWAIT) {
                    Err(Errno::AGAIN) if Instant::now() < until => thread::yield_now(),
                    Err(Errno::AGAIN) => break,
                    outcome => return Ok(outcome?),
                }
            }
        }
        reader.read(buffer)
    }

    /// Fills the buffer; `false` at the end.
    pub(super) fn fill(self, reader: &mut PipeReader, buffer: &mut [u8]) -> io::Result<bool> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.read(reader, &mut buffer[filled..])? {
                0 if filled == 0 => return Ok(false),
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                count => filled += count,
            }
        }
        Ok(true)
    }
}
