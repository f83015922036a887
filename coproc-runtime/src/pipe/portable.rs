//! The same on other Unixes: `poll` before each read, a pipe as the waker, no watch on exits.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::io::Errno;

pub(super) use super::raw::{End, has_room, look, poll, read, set_nonblocking, write};

/// There is no way to a description of one's own.
pub(super) fn reopen(_end: &End) -> Option<End> {
    None
}

/// It is as it is.
pub(super) fn pipe_size(_end: &End) -> Option<usize> {
    None
}

pub(super) fn set_pipe_size(_end: &End, _bytes: usize) -> Result<usize, Errno> {
    Err(Errno::INVAL)
}

/// Wakes a thread that waits on the pipe.
#[derive(Debug)]
pub(crate) struct Waker {
    read: OwnedFd,
    write: OwnedFd,
}

impl Waker {
    pub(crate) fn new() -> io::Result<Self> {
        let (read, write) = os_pipe::pipe()?;
        let (read, write) = (OwnedFd::from(read), OwnedFd::from(write));
        rustix::io::ioctl_fionbio(&read, true)?;
        rustix::io::ioctl_fionbio(&write, true)?;
        Ok(Waker { read, write })
    }

    /// Ends the wait that goes on, or the next one.
    pub(crate) fn wake(&self) {
        // A full pipe wakes as well as one byte.
        let _ = rustix::io::write(&self.write, &[1]);
    }

    /// Forgets the wakes so far.
    pub(crate) fn reset(&self) {
        while matches!(rustix::io::read(&self.read, &mut [0u8; 64]), Ok(64)) {}
    }
}

impl AsFd for Waker {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.read.as_fd()
    }
}

/// Wakes a thread that waits on it: at once, for there is none to be set here.
#[derive(Debug)]
pub(crate) struct Timer(Waker);

impl Timer {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Timer(Waker::new()?))
    }

    pub(crate) fn set(&self, _after: Duration) -> io::Result<()> {
        self.0.wake();
        Ok(())
    }

    /// Forgets that it has gone off.
    pub(crate) fn reset(&self) {
        self.0.reset();
    }
}

impl AsFd for Timer {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Becomes readable when the holder of a pipe's other end is gone; the exit of a process can't be watched here.
#[derive(Debug)]
pub(crate) struct ExitWatch(OwnedFd);

impl ExitWatch {
    pub(crate) fn new(_pid: u32) -> Option<Self> {
        None
    }

    /// Watches whoever has the other end of a pipe.
    pub(crate) fn of_holder(end: impl Into<OwnedFd>) -> Self {
        ExitWatch(end.into())
    }
}

impl AsFd for ExitWatch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
