//! The ends of the two pipes, and waiting on them.
//!
//! The write end is non-blocking, the read end blocking: a read end may be shared with other processes (a worker's
//! stdin), and `O_NONBLOCK` belongs to what is shared (`open(2)`, "open file description").

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod portable;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use portable as system;

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

pub(crate) use system::{ExitWatch, Waker};

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
pub(crate) struct ReadEnd(OwnedFd);

impl ReadEnd {
    pub(crate) fn new(end: impl Into<OwnedFd>) -> Self {
        ReadEnd(end.into())
    }

    /// Reads what is there, without waiting.
    pub(crate) fn look(&self, buffer: &mut [u8]) -> io::Result<Read> {
        system::look(self.0.as_fd(), buffer)
    }

    /// Reads what is there, or waits for it.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> io::Result<Read> {
        loop {
            match rustix::io::read(&self.0, &mut *buffer) {
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

impl AsFd for ReadEnd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// The end that takes this side's bytes.
#[derive(Debug)]
pub(crate) struct WriteEnd(OwnedFd);

impl WriteEnd {
    /// An end that is this process's alone.
    pub(crate) fn new(end: impl Into<OwnedFd>) -> io::Result<Self> {
        let end = end.into();
        rustix::io::ioctl_fionbio(&end, true)?;
        Ok(WriteEnd(end))
    }

    /// An end that may be shared with other processes, whose writes must go on blocking.
    pub(crate) fn new_shared(end: impl Into<OwnedFd>) -> io::Result<Self> {
        let end = end.into();
        match system::reopen(&end) {
            Some(own) => Ok(WriteEnd(own)),
            None => WriteEnd::new(end),
        }
    }

    /// Whether there is room for `PIPE_BUF` bytes, 4096 on Linux (`pipe(7)`, "poll").
    pub(crate) fn has_room(&self) -> io::Result<bool> {
        let ready = wait_for_any(&[Watched::Room(self.0.as_fd())], Some(Duration::ZERO))?;
        Ok(ready.contains(&true))
    }

    /// Writes what there is room for, without waiting.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<Written> {
        loop {
            match rustix::io::write(&self.0, bytes) {
                Ok(count) => return Ok(Written::Bytes(count)),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(Written::Full),
                Err(Errno::PIPE | Errno::CONNRESET) => return Ok(Written::Broken),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl AsFd for WriteEnd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
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
    let wanted = [
        awaited.input.map(|end| (end.as_fd(), PollFlags::IN)),
        awaited
            .room
            .map(|end| (end.as_fd(), PollFlags::OUT))
            .or(awaited.breach.map(|end| (end.as_fd(), PollFlags::empty()))),
        awaited.wake.map(|waker| (waker.as_fd(), PollFlags::IN)),
        awaited.exit.map(|watch| (watch.as_fd(), PollFlags::IN)),
    ];
    // A descriptor that isn't awaited takes part with no events, so that places stay fixed.
    let Some(stand_in) = wanted.iter().flatten().next().map(|(fd, _)| *fd) else {
        return Ok(Ready::default());
    };
    let mut fds = wanted.map(|wanted| match wanted {
        Some((fd, flags)) => PollFd::from_borrowed_fd(fd, flags),
        None => PollFd::from_borrowed_fd(stand_in, PollFlags::empty()),
    });
    let timeout = timeout.and_then(|left| Timespec::try_from(left).ok());
    match poll(&mut fds, timeout.as_ref()) {
        Ok(_) => {}
        Err(Errno::INTR) => return Ok(Ready::default()),
        Err(error) => return Err(error.into()),
    }
    let [input, broken, woken, exited] = fds.map(|fd| !fd.revents().is_empty());
    Ok(Ready {
        input: awaited.input.is_some() && input,
        broken: awaited.room.is_none() && awaited.breach.is_some() && broken,
        woken: awaited.wake.is_some() && woken,
        exited: awaited.exit.is_some() && exited,
    })
}

/// One of many that are waited for at once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Watched<'a> {
    Input(&'a ReadEnd),
    Exit(&'a ExitWatch),
    Wake(&'a Waker),
    /// Room for at least `PIPE_BUF` bytes, where it is a pipe (`pipe(7)`).
    Room(BorrowedFd<'a>),
}

/// Waits (`poll(2)`) until one of them is ready, a signal comes, or the time is over; which are ready, in their order.
pub(crate) fn wait_for_any(watched: &[Watched<'_>], timeout: Option<Duration>) -> io::Result<Vec<bool>> {
    let mut fds: Vec<PollFd<'_>> = watched
        .iter()
        .map(|watched| match *watched {
            Watched::Input(end) => PollFd::from_borrowed_fd(end.as_fd(), PollFlags::IN),
            Watched::Exit(watch) => PollFd::from_borrowed_fd(watch.as_fd(), PollFlags::IN),
            Watched::Wake(waker) => PollFd::from_borrowed_fd(waker.as_fd(), PollFlags::IN),
            Watched::Room(end) => PollFd::from_borrowed_fd(end, PollFlags::OUT),
        })
        .collect();
    let timeout = timeout.and_then(|left| Timespec::try_from(left).ok());
    match poll(&mut fds, timeout.as_ref()) {
        Ok(_) | Err(Errno::INTR) => Ok(fds.iter().map(|fd| !fd.revents().is_empty()).collect()),
        Err(error) => Err(error.into()),
    }
}

/// Waits until nobody has the other end of a pipe, whatever lies in it.
pub(crate) fn wait_for_hang_up(end: BorrowedFd<'_>) -> io::Result<()> {
    loop {
        let mut fds = [PollFd::from_borrowed_fd(end, PollFlags::empty())];
        match poll(&mut fds, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let [fd] = fds;
        if !fd.revents().is_empty() {
            return Ok(());
        }
    }
}

fn read_outcome(outcome: Result<usize, Errno>) -> io::Result<Read> {
    match outcome {
        Ok(0) | Err(Errno::CONNRESET) => Ok(Read::End),
        Ok(count) => Ok(Read::Bytes(count)),
        Err(Errno::AGAIN | Errno::INTR) => Ok(Read::Nothing),
        Err(error) => Err(error.into()),
    }
}
