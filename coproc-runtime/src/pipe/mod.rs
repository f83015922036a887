//! The ends of the two pipes, and waiting on them.
//!
//! The write end is non-blocking, the read end blocking: a read end may be shared with other processes (a worker's
//! stdin), and `O_NONBLOCK` belongs to what is shared (`open(2)`, "open file description").

#[cfg(all(feature = "chaos", not(shuttle)))]
mod chaotic;
#[cfg(all(target_os = "linux", not(shuttle)))]
mod linux;
#[cfg(shuttle)]
pub(crate) mod model;
#[cfg(not(any(target_os = "linux", shuttle)))]
mod portable;
#[cfg(not(shuttle))]
mod raw;
mod width;

#[cfg(all(target_os = "linux", not(shuttle)))]
use linux as kernel;
#[cfg(shuttle)]
use model as kernel;
#[cfg(not(any(target_os = "linux", shuttle)))]
use portable as kernel;

#[cfg(all(feature = "chaos", not(shuttle)))]
use chaotic as system;
#[cfg(not(all(feature = "chaos", not(shuttle))))]
use kernel as system;

use std::io::{self, IoSliceMut};
use std::time::Duration;

use rustix::io::Errno;

use system::End;
use width::Width;

#[cfg(not(shuttle))]
pub(crate) use kernel::Timer;
#[cfg(not(shuttle))]
pub(crate) use raw::{HangUp, Watched, wait_for_any, wait_for_hang_up};
pub(crate) use system::{ExitWatch, Waker};

/// Bytes of a read where little comes: a page, for the kernel takes longer to give a process one than to read or write.
const SMALL_BUFFER: usize = 4 << 10;

/// Bytes of one read: what a pipe holds by default (`pipe(7)`).
const BUFFER: usize = 64 << 10;

/// What a first read may fill.
pub(crate) fn small_buffer() -> Vec<u8> {
    vec![0; SMALL_BUFFER]
}

/// Makes a buffer as large as a pipe, once a read has filled it.
pub(crate) fn grow(buffer: &mut Vec<u8>, count: usize) {
    if count == buffer.len() {
        buffer.resize(BUFFER, 0);
    }
}

/// What a read brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Read {
    /// Nothing is there now.
    Nothing,
    /// So many bytes, at least one.
    Bytes(usize),
    /// Nobody has the other end any more.
    End,
}

/// What a write took.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Written {
    /// So many bytes.
    Bytes(usize),
    /// There is no room now.
    Full,
    /// Nobody has the other end any more.
    Broken,
}

/// The end that the other side's bytes come out of.
#[derive(Debug)]
pub(crate) struct ReadEnd(End, Width);

impl ReadEnd {
    pub(crate) fn new(end: impl Into<End>) -> Self {
        ReadEnd(end.into(), Width::default())
    }

    /// Has the pipe hold more, if so many bytes do not fit into it and that can be.
    pub(crate) fn widen(&self, bytes: usize) {
        self.1.widen(&self.0, bytes);
    }

    /// Reads what is there, without waiting.
    pub(crate) fn look(&self, buffer: &mut [u8]) -> io::Result<Read> {
        self.look_into(&mut [IoSliceMut::new(buffer)])
    }

    /// Reads what is there into one buffer after the other, without waiting.
    pub(crate) fn look_into(&self, buffers: &mut [IoSliceMut<'_>]) -> io::Result<Read> {
        loop {
            match system::look(&self.0, buffers) {
                // Taken for nothing it would be the end, where nothing more can come.
                Err(Errno::INTR) => {}
                outcome => return read_outcome(outcome),
            }
        }
    }

    /// Reads what is there, or waits for it.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> io::Result<Read> {
        self.read_into(&mut [IoSliceMut::new(buffer)])
    }

    /// Reads what is there into one buffer after the other, or waits for it.
    pub(crate) fn read_into(&self, buffers: &mut [IoSliceMut<'_>]) -> io::Result<Read> {
        loop {
            match system::read(&self.0, buffers) {
                Err(Errno::INTR) => {}
                // A socket that is both ends, as of sshd's: then the read end is as non-blocking as the write end.
                Err(Errno::AGAIN) => {
                    wait(Awaited { input: Some(self), ..Awaited::default() }, None)?;
                }
                outcome => return read_outcome(outcome),
            }
        }
    }
}

/// The end that takes this side's bytes.
#[derive(Debug)]
pub(crate) struct WriteEnd(End, Width);

impl WriteEnd {
    /// An end that is this process's alone.
    pub(crate) fn new(end: impl Into<End>) -> io::Result<Self> {
        let end = end.into();
        system::set_nonblocking(&end)?;
        Ok(WriteEnd(end, Width::default()))
    }

    /// An end that may be shared with other processes, whose writes must go on blocking.
    pub(crate) fn new_shared(end: impl Into<End>) -> io::Result<Self> {
        let end = end.into();
        match system::reopen(&end) {
            Some(own) => Ok(WriteEnd(own, Width::default())),
            None => WriteEnd::new(end),
        }
    }

    /// Has the pipe hold more, if so many bytes do not fit into it and that can be; how many it holds then, if it is one.
    pub(crate) fn widen(&self, bytes: usize) -> Option<usize> {
        self.1.widen(&self.0, bytes)
    }

    /// How many bytes the pipe holds, if it is one.
    pub(crate) fn size(&self) -> Option<usize> {
        self.1.size(&self.0)
    }

    /// Has the pipe hold less as long as `left` bytes of a message are many.
    pub(crate) fn adapt(&self, left: usize) {
        self.1.adapt(&self.0, left);
    }

    /// Whether there is room for `PIPE_BUF` bytes, 4096 on Linux (`pipe(7)`, "poll").
    pub(crate) fn has_room(&self) -> io::Result<bool> {
        match system::has_room(&self.0) {
            Err(Errno::INTR) => Ok(false),
            outcome => Ok(outcome?),
        }
    }

    /// Writes what there is room for of two pieces, without waiting.
    pub(crate) fn write(&self, pieces: [&[u8]; 2]) -> io::Result<Written> {
        loop {
            match system::write(&self.0, pieces) {
                Ok(count) => return Ok(Written::Bytes(count)),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(Written::Full),
                Err(Errno::PIPE | Errno::CONNRESET) => return Ok(Written::Broken),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// What a wait is for; each `None` isn't.
#[derive(Clone, Copy, Default)]
pub(crate) struct Awaited<'a> {
    pub(crate) input: Option<&'a ReadEnd>,
    pub(crate) room: Option<&'a WriteEnd>,
    /// That nobody has the other end any more; not beside `room`, which is as good as there then.
    pub(crate) breach: Option<&'a WriteEnd>,
    pub(crate) wake: Option<&'a Waker>,
    pub(crate) exit: Option<&'a ExitWatch>,
}

/// What a wait ended with; several may be true.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Ready {
    pub(crate) input: bool,
    pub(crate) broken: bool,
    pub(crate) woken: bool,
    pub(crate) exited: bool,
}

/// Waits (`poll(2)`) until one of them is ready, a signal comes, or the time is over.
pub(crate) fn wait(awaited: Awaited<'_>, timeout: Option<Duration>) -> io::Result<Ready> {
    match system::poll(awaited, timeout) {
        Err(Errno::INTR) => Ok(Ready::default()),
        outcome => Ok(outcome?),
    }
}

fn read_outcome(outcome: Result<usize, Errno>) -> io::Result<Read> {
    match outcome {
        Ok(0) | Err(Errno::CONNRESET) => Ok(Read::End),
        Ok(count) => Ok(Read::Bytes(count)),
        Err(Errno::AGAIN) => Ok(Read::Nothing),
        Err(error) => Err(error.into()),
    }
}
