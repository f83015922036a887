//! Starting a worker's process: any command that speaks on stdin and stdout.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::Attach;
use super::child::Process;
use super::stderr::Stderr;
use crate::codec;
use crate::error::Error;
use crate::host::Handle;
use crate::messenger::{Core, MessengerError, PATIENCE, Pipes, Preamble, Setup, Wait};
use crate::pipe::{ReadEnd, WriteEnd};
use crate::proto::handshake::{Greeting, Group};
use crate::proto::{Limits, Order, Peer};
use crate::serve::is_unclaimed_worker;
use crate::service::Service;
use crate::sync::{Mutex, lock};

/// How long a worker may take to read a start argument that is larger than a pipe.
const PATIENCE_TO_START: Duration = Duration::from_secs(30);

/// Starts a command as a worker: a worker binary, somebody else's program, or one that carries the bytes elsewhere, as
/// `ssh host app --coproc-worker index` does.
///
/// The command's stdin and stdout become the conversation. In the worker everything that is printed to stdout goes to
/// its stderr instead, and that is passed on line by line: see [`Stderr`].
///
/// It has a process group of its own, and nothing of that outlives it: what the worker has started ends with it, unless it has
/// left the group, as by `setsid(1)`.
///
/// Nothing compares the start argument's type with the one that the worker's [`serve`](crate::serve) takes: write it, as in
/// `start(2_u64)`. A second binary of the same package is `env!("CARGO_BIN_EXE_index-worker")` in an integration test, and
/// stands beside `std::env::current_exe()` elsewhere; mind that `cargo run --bin host` doesn't build it.
///
/// # Examples
/// ```no_run
/// # use coproc_runtime as coproc;
/// use std::process::Command;
///
/// # fn start<IndexHost: coproc::Stub>() -> Result<(), coproc::Error> {
/// let index: IndexHost = coproc::spawn(Command::new("target/release/index-worker")).start(())?;
/// # Ok(())
/// # }
/// ```
pub fn spawn<H: Attach, A: Serialize>(command: Command) -> Spawn<H, A> {
    let (wait, order, limits, preamble) = (Wait::default(), Order::default(), Limits::HOST, Preamble::Show);
    let (stderr, patience) = (Stderr::default(), PATIENCE);
    Spawn { command, wait, order, limits, preamble, stderr, patience, types: PhantomData }
}

/// A worker to be started, and how: `H` is what the start gives, `A` the start argument.
#[must_use = "nothing is started before `start`"]
pub struct Spawn<H, A> {
    command: Command,
    wait: Wait,
    order: Order,
    limits: Limits,
    preamble: Preamble,
    stderr: Stderr,
    patience: Duration,
    types: PhantomData<fn(A) -> H>,
}

impl<H: Attach, A: Serialize> Spawn<H, A> {
    /// How the host waits for the worker; the worker waits in the same way. It is [`Wait::Adaptive`] unless it is said.
    pub fn wait(self, wait: Wait) -> Self {
        Spawn { wait, ..self }
    }

    /// In which order the worker serves what has come, and the host's messenger gives it out.
    pub fn order(self, order: Order) -> Self {
        Spawn { order, ..self }
    }

    /// What the host is ready to hold of the worker's messages.
    pub fn limits(self, limits: Limits) -> Self {
        Spawn { limits, ..self }
    }

    /// What becomes of that which the worker prints.
    pub fn stderr(self, stderr: Stderr) -> Self {
        Spawn { stderr, ..self }
    }

    /// How long the worker may take to leave, a second unless it is said: after a close request when its stub is dropped, after
    /// SIGTERM where it is terminated. Then it is killed.
    pub fn patience(self, patience: Duration) -> Self {
        Spawn { patience, ..self }
    }

    /// Changes the command, as for its environment or its folder.
    pub fn command(mut self, change: impl FnOnce(&mut Command)) -> Self {
        change(&mut self.command);
        self
    }

    /// What the worker prints before it speaks is not for people.
    pub(super) fn without_preamble(self) -> Self {
        Spawn { preamble: Preamble::Drop, ..self }
    }

    /// Starts the worker; its constructor gets the argument.
    ///
    /// It doesn't wait for the worker: a worker that is not what the host expects is seen by the first call.
    ///
    /// # Errors
    /// When the command can't be started or the argument can't be encoded.
    pub fn start(self, argument: A) -> Result<H, Error> {
        let service = H::service();
        let mut bytes = Vec::new();
        codec::encode(&argument, &mut bytes).map_err(|error| Error::of_argument(service, error.into()))?;
        let launch = Launch {
            command: Mutex::new(self.command),
            wait: self.wait,
            order: H::order().unwrap_or(self.order),
            limits: self.limits,
            preamble: self.preamble,
            stderr: self.stderr,
            patience: self.patience,
            service,
            greeting: H::greeting(),
            argument: bytes,
        };
        Launch::start(&Arc::new(launch)).map(H::attach)
    }
}

impl<H, A> fmt::Debug for Spawn<H, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawn").field("command", &self.command).finish_non_exhaustive()
    }
}

/// All that is needed to start a worker, once or again.
#[derive(Debug)]
pub(crate) struct Launch {
    command: Mutex<Command>,
    wait: Wait,
    order: Order,
    limits: Limits,
    preamble: Preamble,
    stderr: Stderr,
    patience: Duration,
    service: &'static Service,
    greeting: Greeting,
    argument: Vec<u8>,
}

impl Launch {
    pub(crate) fn start(launch: &Arc<Self>) -> Result<Handle, Error> {
        if let Some(name) = is_unclaimed_worker() {
            return Err(Error::unregistered(launch.service, name.to_owned()));
        }
        let core = launch.connect().map_err(|error| {
            let program = format!("{:?}", lock(&launch.command).get_program());
            Error::of_start(launch.service, program, error)
        })?;
        let handle = Handle::new(core, launch.service, Some(Arc::clone(launch)));
        let until = Instant::now().checked_add(PATIENCE_TO_START);
        match handle.core().flush(until) {
            // That a worker is gone already is for its first call to say, whether or not it is seen here.
            Ok(()) | Err(MessengerError::Gone(_)) => Ok(handle),
            Err(error) => Err(Error::of_call(&handle.host, None, error)),
        }
    }

    fn connect(&self) -> io::Result<Arc<Core>> {
        let (stdin, write) = os_pipe::pipe()?;
        let (read, stdout) = os_pipe::pipe()?;
        let write = WriteEnd::new(write)?;
        let mut command = lock(&self.command);
        let process = Process::start(&mut command, self.service.name, &self.stderr, stdin, stdout)?;
        drop(command);
        let mut greeting = Greeting {
            order: self.order,
            argument: self.argument.clone(),
            wait: self.wait.into(),
            longest_reply: self.limits.message,
            longest_other: self.limits.unsolicited_message,
            // See `Process::start`.
            group: Group::Own,
            ..self.greeting.clone()
        };
        let mut peer = Peer::hosting(self.order, self.limits);
        peer.greet(&greeting.to_bytes());
        greeting.argument = Vec::new();
        let setup = Setup {
            wait: self.wait,
            expects: Some(greeting),
            preamble: self.preamble,
            pipes: Pipes::Ours,
            patience: self.patience,
            other: Some(process),
        };
        Core::new(ReadEnd::new(read), write, peer, setup)
    }
}
