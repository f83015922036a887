//! Pipes as tokio wants them, and its runtime on the thread that calls.

use std::io;
use std::os::fd::OwnedFd;

use os_pipe::{PipeReader, PipeWriter};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::runtime::{Builder, Runtime};

pub(super) fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Both ends, registered with the runtime that is entered.
pub(super) fn ends(read: PipeReader, write: PipeWriter) -> io::Result<(Receiver, Sender)> {
    Ok((Receiver::from_owned_fd(OwnedFd::from(read))?, Sender::from_owned_fd(OwnedFd::from(write))?))
}
