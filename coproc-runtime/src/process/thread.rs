//! A worker in a thread, over the same OS pipes: for tests and debugging.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

use super::Attach;
use crate::error::Error;
use crate::host::{Handle, Stub};
use crate::messenger::{Core, Exit, OtherSide, Setup, Signal};
use crate::pipe::{ExitWatch, ReadEnd, WriteEnd};
use crate::proto::handshake::Greeting;
use crate::proto::{Limits, Order, Peer};
use crate::serve::{Worker, serve_in_thread};
use crate::service::Service;
use crate::sync::{Mutex, lock};

/// Starts a worker in a thread of this process: the same stub over the same pipes, without the isolation.
///
/// The constructor runs in the thread, and takes what it needs along: `move || IndexWorker(index)`.
///
/// A panic of a method ends the thread. A worker in a thread can't be killed: a stub that is dropped while a method runs
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
    let (done, finished) = channel();
    Builder::new().name(format!("coproc {}", service.name)).spawn(move || {
        let exit = serve_in_thread(their_read, their_write, make);
        // Nobody may be left to hear of it.
        let _ = done.send(exit);
    })?;
    let mut peer = Peer::hosting(Order::Priority, Limits::HOST);
    peer.greet(&greeting.to_bytes());
    let other = WorkerThread(Mutex::new(Progress::Runs(finished)));
    let setup = Setup { expects: Some(greeting), other: Some(Arc::new(other)), ..Setup::default() };
    Core::new(ReadEnd::new(our_read), WriteEnd::new(our_write)?, peer, setup)
}

#[derive(Debug)]
struct WorkerThread(Mutex<Progress>);

#[derive(Debug)]
enum Progress {
    Runs(Receiver<Exit>),
    Ended(Exit),
}

impl OtherSide for WorkerThread {
    fn pid(&self) -> Option<u32> {
        None
    }

    fn exit_watch(&self) -> Option<&ExitWatch> {
        None
    }

    fn exit(&self, patience: Option<Duration>) -> Option<Exit> {
        let mut state = lock(&self.0);
        let exit = match &*state {
            Progress::Ended(exit) => *exit,
            Progress::Runs(finished) => {
                let outcome = match patience {
                    Some(patience) => finished.recv_timeout(patience),
                    None => finished.recv().map_err(|_| RecvTimeoutError::Disconnected),
                };
                match outcome {
                    Ok(exit) => exit,
                    Err(RecvTimeoutError::Timeout) => return None,
                    Err(RecvTimeoutError::Disconnected) => Exit::Panicked,
                }
            }
        };
        *state = Progress::Ended(exit);
        Some(exit)
    }

    fn signal(&self, _signal: Signal) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn put_away(&self, _patience: Duration) {
        // It has been asked to close, and its pipes end with the last stub: that is all that can be done to a thread.
    }
}
