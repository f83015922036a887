//! A worker process's first act: stdin and stdout become the conversation, and nothing else can reach them.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::process::{getpgrp, getpid};

use super::watch::Watch;
use crate::buffers;
use crate::messenger::{Core, MessengerError, Mismatch, Pipes, Setup, Wait};
use crate::pipe::{self, Read, ReadEnd, WriteEnd};
use crate::proto::handshake::{Greeting, Handshake, Side};
use crate::proto::{Peer, ProtocolError};

/// Bytes of a host's greeting: with a start argument of up to 1 GiB.
const LONGEST_GREETING: usize = 1 << 30;

/// Bytes of the first read: a greeting, and the first call behind it, without a page of memory of their own.
const FIRST_READ: usize = 1 << 10;

/// A worker's process that has met its host.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) theirs: Greeting,
    ours: Greeting,
    behind: Vec<u8>,
    read: ReadEnd,
    write: WriteEnd,
    /// The pipe that ends with the host; none in a thread of the host.
    watched: Option<OwnedFd>,
}

/// A worker's conversation with its host.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) core: Arc<Core>,
    /// Who writes what is gathered for too long; nobody in a thread of the host.
    pub(super) watch: Option<Arc<Watch>>,
    /// The start argument, as the codec wrote it.
    pub(super) argument: Vec<u8>,
}

/// Takes stdin and stdout over, and reads the host's greeting.
pub(super) fn take_over(ours: Greeting) -> Result<Start, MessengerError> {
    // Not the standard library's handles, which come with buffers.
    let (stdin, stdout) = (rustix::stdio::stdin(), rustix::stdio::stdout());
    if stdin.is_terminal() {
        return Err(not_started_by_a_host());
    }
    #[cfg(feature = "chaos")]
    crate::chaos::begin().map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    buffers::keep_heap();
    // Descriptors from 3 up: 0 to 2 are what the standard library and C print to.
    let read = rustix::io::fcntl_dupfd_cloexec(stdin, 3).map_err(io::Error::from)?;
    let write = rustix::io::fcntl_dupfd_cloexec(stdout, 3).map_err(io::Error::from)?;
    let null = File::options().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null).map_err(io::Error::from)?;
    rustix::stdio::dup2_stdout(io::stderr()).map_err(io::Error::from)?;
    let watched = Some(read.try_clone()?);
    // The leader of a group is what its host has started, and nothing of its making has had the pipe yet.
    let write = if getpgrp() == getpid() { WriteEnd::new(write) } else { WriteEnd::new_shared(write) };
    let start = meet(ReadEnd::new(read), write?, ours)?;
    Ok(Start { watched, ..start })
}

/// Reads the host's greeting, and says this side's if they don't fit.
pub(super) fn meet(read: ReadEnd, write: WriteEnd, mut ours: Greeting) -> Result<Start, MessengerError> {
    ours.side = Side::Worker;
    let mut handshake = Handshake::new(LONGEST_GREETING);
    let mut buffer = vec![0; FIRST_READ];
    let (theirs, behind) = loop {
        let count = match read.read(&mut buffer)? {
            Read::Bytes(count) => count,
            Read::Nothing => continue,
            Read::End => {
                return Err(not_started_by_a_host());
            }
        };
        match handshake.handle_bytes(buffer.get(..count).unwrap_or_default()).greeting {
            Ok(Some(found)) => break found,
            Ok(None) => pipe::grow(&mut buffer, count),
            Err(error) => {
                // So that the host sees what doesn't fit, if it is one.
                let _ = write.write([&ours.to_bytes(), &[]])?;
                return Err(error.into());
            }
        }
    };
    if theirs.side == ours.side {
        return Err(ProtocolError::SameSide(ours.side).into());
    }
    ours.order = theirs.order;
    ours.wait = theirs.wait;
    if let Some(mismatch) = Mismatch::between(&ours, &theirs) {
        // So that the host can name what differs too; the pipe is empty, and where it is too small nothing is lost.
        let _ = write.write([&ours.to_bytes(), &[]])?;
        return Err(MessengerError::Mismatch(Arc::new(mismatch)));
    }
    Ok(Start { theirs, ours, behind, read, write, watched: None })
}

impl Start {
    /// The worker's messenger, and the start argument; a process ends from now on when its host is gone.
    pub(super) fn connect(self, peer: Peer) -> Result<Connection, MessengerError> {
        let mut peer = peer.sending_within(self.theirs.longest_reply, self.theirs.longest_other);
        peer.greet(&self.ours.to_bytes());
        peer.handle_bytes(&self.behind)?;
        let setup = Setup { wait: Wait::from(self.theirs.wait), pipes: Pipes::TheHosts, ..Setup::default() };
        let core = Core::new(self.read, self.write, peer, setup)?;
        // The host may be asking already whether this is who it thinks.
        core.post(|_| ());
        // The host wakes up while the thread is made.
        let watch = self.watched.map(|pipe| Watch::start(pipe, self.theirs.group, &core)).transpose()?;
        Ok(Connection { core, watch, argument: self.theirs.argument })
    }
}

fn not_started_by_a_host() -> MessengerError {
    let hint = "this is a worker: it is started by its host, and speaks with it on stdin and stdout";
    io::Error::new(io::ErrorKind::InvalidInput, hint).into()
}
