//! The system calls that all Unixes have.

use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;

use super::{Awaited, ExitWatch, ReadEnd, Ready, Timer, Waker, WriteEnd};

/// One end of a pipe, or of what stands for one.
pub(super) type End = OwnedFd;

/// Reads what is there, or waits for it (`readv(2)`); 0 bytes where nobody has the other end any more.
pub(super) fn read(end: &End, buffers: &mut [IoSliceMut<'_>]) -> Result<usize, Errno> {
    match buffers {
        // Costs the kernel less.
        [buffer] => rustix::io::read(end, &mut **buffer),
        buffers => rustix::io::readv(end, buffers),
    }
}

/// Reads what is there, by a `poll` and a `readv`; `Errno::AGAIN` where nothing is.
pub(super) fn look(end: &End, buffers: &mut [IoSliceMut<'_>]) -> Result<usize, Errno> {
    let mut fds = [PollFd::new(end, PollFlags::IN)];
    match rustix::event::poll(&mut fds, Some(&Timespec::default()))? {
        0 => Err(Errno::AGAIN),
        _ => read(end, buffers),
    }
}

/// Writes what there is room for (`write(2)`, `writev(2)`); `Errno::AGAIN` where there is none.
pub(super) fn write(end: &End, pieces: [&[u8]; 2]) -> Result<usize, Errno> {
    match pieces {
        [bytes, []] | [[], bytes] => rustix::io::write(end, bytes),
        pieces => rustix::io::writev(end, &pieces.map(IoSlice::new)),
    }
}

/// Whether there is room for `PIPE_BUF` bytes (`pipe(7)`, "poll").
pub(super) fn has_room(end: &End) -> Result<bool, Errno> {
    let mut fds = [PollFd::new(end, PollFlags::OUT)];
    Ok(rustix::event::poll(&mut fds, Some(&Timespec::default()))? > 0)
}

/// Makes the writes of an end return where there is no room.
pub(super) fn set_nonblocking(end: &End) -> Result<(), Errno> {
    rustix::io::ioctl_fionbio(end, true)
}

/// Waits (`poll(2)`) until one of them is ready, or the time is over.
pub(super) fn poll(awaited: Awaited<'_>, timeout: Option<Duration>) -> Result<Ready, Errno> {
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
    rustix::event::poll(&mut fds, timeout.as_ref())?;
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
    Timer(&'a Timer),
    /// Room for at least `PIPE_BUF` bytes, where it is a pipe (`pipe(7)`).
    Room(BorrowedFd<'a>),
}

/// Waits (`poll(2)`) until one of them is ready, or the time is over; which are ready, in their order.
pub(crate) fn wait_for_any(watched: &[Watched<'_>], timeout: Option<Duration>) -> io::Result<Vec<bool>> {
    let mut fds: Vec<PollFd<'_>> = watched
        .iter()
        .map(|watched| match *watched {
            Watched::Input(end) => PollFd::from_borrowed_fd(end.as_fd(), PollFlags::IN),
            Watched::Exit(watch) => PollFd::from_borrowed_fd(watch.as_fd(), PollFlags::IN),
            Watched::Wake(waker) => PollFd::from_borrowed_fd(waker.as_fd(), PollFlags::IN),
            Watched::Timer(timer) => PollFd::from_borrowed_fd(timer.as_fd(), PollFlags::IN),
            Watched::Room(end) => PollFd::from_borrowed_fd(end, PollFlags::OUT),
        })
        .collect();
    let timeout = timeout.and_then(|left| Timespec::try_from(left).ok());
    loop {
        match rustix::event::poll(&mut fds, timeout.as_ref()) {
            Ok(_) => return Ok(fds.iter().map(|fd| !fd.revents().is_empty()).collect()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// What a wait for the end of a pipe ended with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum HangUp {
    /// Nobody has the other end any more.
    Hung,
    Woken,
    TimedOut,
}

/// Waits until nobody has the other end of a pipe, whatever lies in it, or for another thread or a time limit.
pub(crate) fn wait_for_hang_up(
    end: BorrowedFd<'_>,
    waker: &Waker,
    timeout: Option<Duration>,
) -> io::Result<HangUp> {
    let timeout = timeout.and_then(|left| Timespec::try_from(left).ok());
    loop {
        let mut fds = [
            PollFd::from_borrowed_fd(end, PollFlags::empty()),
            PollFd::from_borrowed_fd(waker.as_fd(), PollFlags::IN),
        ];
        match rustix::event::poll(&mut fds, timeout.as_ref()) {
            Ok(0) if timeout.is_some() => return Ok(HangUp::TimedOut),
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let [end, waker] = fds.map(|fd| !fd.revents().is_empty());
        if end {
            return Ok(HangUp::Hung);
        }
        if waker {
            return Ok(HangUp::Woken);
        }
    }
}

impl AsFd for ReadEnd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl AsFd for WriteEnd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
