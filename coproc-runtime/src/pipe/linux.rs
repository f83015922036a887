//! What only Linux has: looks that don't wait, eventfds, timerfds, pidfds, reopening through `/proc`.

use std::fs::File;
use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{EventfdFlags, eventfd};
use rustix::io::{Errno, ReadWriteFlags};
use rustix::pipe::PipeFlags;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};

use super::raw;
pub(super) use super::raw::{End, has_room, poll, read, set_nonblocking, write};

/// Set once a kernel refuses `RWF_NOWAIT` on pipes: from then on a look is a `poll` and a `read`.
static REFUSES_NOWAIT: AtomicBool = AtomicBool::new(false);

/// Reads what is there, without waiting (`preadv2(2)`, `RWF_NOWAIT`); `Errno::AGAIN` where nothing is.
pub(super) fn look(end: &End, buffers: &mut [IoSliceMut<'_>]) -> Result<usize, Errno> {
    if !refuses_nowait() {
        let position_of_the_file = u64::MAX;
        match rustix::io::preadv2(end, buffers, position_of_the_file, ReadWriteFlags::NOWAIT) {
            Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL | Errno::SPIPE) => {
                REFUSES_NOWAIT.store(true, Ordering::Relaxed);
            }
            outcome => return outcome,
        }
    }
    raw::look(end, buffers)
}

fn refuses_nowait() -> bool {
    #[cfg(feature = "chaos")]
    if crate::chaos::refuses_nowait() {
        return true;
    }
    REFUSES_NOWAIT.load(Ordering::Relaxed)
}

/// A description of one's own for a pipe that other processes share; `None` where it is no pipe.
pub(super) fn reopen(end: &End) -> Option<End> {
    // The same bit for a pipe that is made and for one that is opened (`pipe(2)`).
    let flags = i32::try_from(PipeFlags::NONBLOCK.bits()).ok()?;
    let path = format!("/proc/self/fd/{}", end.as_raw_fd());
    let own = File::options().write(true).custom_flags(flags).open(path).ok()?;
    own.metadata().ok()?.file_type().is_fifo().then(|| own.into())
}

/// How many bytes a pipe holds (`fcntl(2)`, `F_GETPIPE_SZ`); `None` where it is none.
pub(super) fn pipe_size(end: &End) -> Option<usize> {
    rustix::pipe::fcntl_getpipe_size(end).ok()
}

/// Has a pipe hold so many bytes (`fcntl(2)`, `F_SETPIPE_SZ`); how many it is.
pub(super) fn set_pipe_size(end: &End, bytes: usize) -> Result<usize, Errno> {
    rustix::pipe::fcntl_setpipe_size(end, bytes)
}

/// Wakes a thread that waits on the pipe (`eventfd(2)`).
#[derive(Debug)]
pub(crate) struct Waker(OwnedFd);

impl Waker {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Waker(eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC)?))
    }

    /// Ends the wait that goes on, or the next one.
    pub(crate) fn wake(&self) {
        // Fails only where 2^64 - 2 wakes are pending already.
        let _ = rustix::io::write(&self.0, &1u64.to_ne_bytes());
    }

    /// Forgets the wakes so far.
    pub(crate) fn reset(&self) {
        let _ = rustix::io::read(&self.0, &mut [0u8; 8]);
    }
}

impl AsFd for Waker {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Wakes a thread that waits on it after a while (`timerfd_create(2)`).
#[derive(Debug)]
pub(crate) struct Timer(OwnedFd);

impl Timer {
    pub(crate) fn new() -> io::Result<Self> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        Ok(Timer(timerfd_create(TimerfdClockId::Monotonic, flags)?))
    }

    /// Goes off so long from now, and not when it would have otherwise.
    pub(crate) fn set(&self, after: Duration) -> io::Result<()> {
        let it_value = Timespec::try_from(after).map_err(io::Error::other)?;
        let once = Itimerspec { it_interval: Timespec::default(), it_value };
        timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &once)?;
        Ok(())
    }

    /// Forgets that it has gone off.
    pub(crate) fn reset(&self) {
        let _ = rustix::io::read(&self.0, &mut [0u8; 8]);
    }
}

impl AsFd for Timer {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Becomes readable when a child has exited (`pidfd_open(2)`).
#[derive(Debug)]
pub(crate) struct ExitWatch(OwnedFd);

impl ExitWatch {
    /// Watches a child that has not been waited for; `None` where the kernel can't (before 5.3).
    pub(crate) fn new(pid: u32) -> Option<Self> {
        let pid = Pid::from_raw(i32::try_from(pid).ok()?)?;
        pidfd_open(pid, PidfdFlags::empty()).ok().map(ExitWatch)
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
