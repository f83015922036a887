//! A worker in a thread, over the same OS pipes: for tests and debugging.

use std::io;
use std::sync::Arc;
use std::sync::OnceLock;
use std::thread::Builder;
use std::time::{Duration, Instant};

use super::Attach;
use crate::error::Error;
use crate::host::{Handle, Stub};
use crate::messenger::{Core, Exit, OtherSide, Remains, Setup, Signal, time_left};
use crate::pipe::{self, Awaited, ExitWatch, ReadEnd, WriteEnd};
use crate::proto::handshake::Greeting;
use crate::proto::{Limits, Order, Peer};
use crate::serve::{Worker, serve_in_thread};
use crate::service::Service;

/// Starts a worker in a thread of this process: the same stub over the same pipes, without the isolation.
///
/// The constructor runs in the thread, and takes what it needs along: `move || IndexWorker(index)`.
///
/// A panic of a method ends the thread, unless its trait says `#[worker(panic = "continue")]`. A worker in a thread can't be killed: a stub that is dropped while a method runs
/// waits for it a second and leaves it behind.
///
/// # Errors
/// When the system refuses the pipes or the thread.
pub fn in_thread<W: Worker>(make: impl FnOnce() -> W + Send + 'static) -> Result<W::Host, Error> {
    let service = <W::Host as Stub>::service();
    start(service, <W::Host as Attach>::greeting(), make)
        .map(|core| W::Host::from_handle(Handle::new(core, service, None)))
        .map_err(|error| Error::of_start(service, "a thread".into(), error))
}

fn start<W: Worker>(
    service: &'static Service,
    greeting: Greeting,
    make: impl FnOnce() -> W + Send + 'static,
) -> io::Result<Arc<Core>> {
    let (their_read, our_write) = os_pipe::pipe()?;
    let (our_read, their_write) = os_pipe::pipe()?;
    let (their_read, their_write) = (ReadEnd::new(their_read), WriteEnd::new(their_write)?);
    // Ends with the thread, even where something of its worker still holds the pipes.
    let (watched, held) = os_pipe::pipe()?;
    let exit = Arc::new(OnceLock::new());
    let theirs = Arc::clone(&exit);
    Builder::new().name(format!("coproc {}", service.name)).spawn(move || {
        let _held = held;
        let exit = serve_in_thread(their_read, their_write, make);
        theirs.get_or_init(|| exit);
    })?;
    let mut peer = Peer::hosting(Order::Priority, Limits::HOST);
    peer.greet(&greeting.to_bytes());
    let other = WorkerThread { exit, watch: ExitWatch::of_holder(watched) };
    let setup = Setup { expects: Some(greeting), other: Some(Arc::new(other)), ..Setup::default() };
    Core::new(ReadEnd::new(our_read), WriteEnd::new(our_write)?, peer, setup)
}

/// A worker's thread; the pipe that is watched ends with it.
#[derive(Debug)]
struct WorkerThread {
    exit: Arc<OnceLock<Exit>>,
    watch: ExitWatch,
}

impl OtherSide for WorkerThread {
    fn pid(&self) -> Option<u32> {
        None
    }

    fn exit_watch(&self) -> Option<&ExitWatch> {
        Some(&self.watch)
    }

    fn exit(&self, patience: Option<Duration>) -> Option<Exit> {
        let until = patience.and_then(|patience| Instant::now().checked_add(patience));
        loop {
            let awaited = Awaited { exit: Some(&self.watch), ..Awaited::default() };
            let left = time_left(until);
            if pipe::wait(awaited, left).ok()?.exited {
                return Some(self.exit.get().copied().unwrap_or(Exit::Panicked));
            }
            if left == Some(Duration::ZERO) {
                return None;
            }
        }
    }

    fn remains(&self) -> Remains {
        Remains::default()
    }

    fn note_printed(&self, _text: &[u8]) {}

    fn signal(&self, _signal: Signal, _why: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn put_away(&self, _patience: Duration) {
        // It has been asked to close, and its pipes end with the last stub: that is all that can be done to a thread.
    }
}
