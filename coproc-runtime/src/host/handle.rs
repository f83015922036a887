//! A worker as its host holds it: the conversation, the process, and the settings of calls.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::messenger::{Core, Exit, Fault, MessengerError, OtherSide, Signal, Stop, Unread, time_left};
use crate::process::Launch;
use crate::proto::{ChannelId, Priority};
use crate::service::{Method, Service};
use crate::typed::PriorityMessenger;

/// A worker as its host holds it; the last clone that is dropped ends it.
///
/// [`Stub`](crate::Stub) offers the same functions on every generated stub.
#[derive(Clone)]
pub struct Handle {
    pub(crate) host: Arc<Host>,
    settings: Settings,
}

/// What all copies of a stub share.
pub(crate) struct Host {
    pub(super) core: Arc<Core>,
    pub(crate) service: &'static Service,
    /// How it was started, to start it again.
    launch: Option<Arc<Launch>>,
}

/// What a copy of a stub says of its calls, over what the trait says.
#[derive(Clone, Default, Debug)]
struct Settings {
    channel: Option<ChannelId>,
    priority: Option<Priority>,
    timeout: Option<Duration>,
}

/// Where a worker is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Status {
    /// It was started, and has not said yet which service it is.
    Starting,
    /// It runs.
    Running,
    /// It has exited.
    Exited(Exit),
}

/// How long a worker may take to end after SIGTERM.
const PATIENCE_TO_TERMINATE: Duration = Duration::from_secs(1);

impl Handle {
    pub(crate) fn new(core: Arc<Core>, service: &'static Service, launch: Option<Arc<Launch>>) -> Self {
        Handle { host: Arc::new(Host { core, service, launch }), settings: Settings::default() }
    }

    /// The worker's process id; `None` for one in a thread.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.host.pid()
    }

    /// Whether the worker is starting, running or has exited.
    #[must_use]
    pub fn status(&self) -> Status {
        if let Some(exit) = self.other().and_then(|other| other.exit(Some(Duration::ZERO))) {
            return Status::Exited(exit);
        }
        self.core().take_in();
        if self.core().is_greeted() { Status::Running } else { Status::Starting }
    }

    /// Whether the worker has not exited.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !matches!(self.status(), Status::Exited(_))
    }

    /// Asks the worker to close and waits until it has left; it serves what it was sent before.
    ///
    /// # Errors
    /// When the conversation failed.
    pub fn join(&self) -> Result<Exit, Error> {
        self.join_until(None)
    }

    /// The same, at most so long.
    ///
    /// # Errors
    /// As [`Handle::join`]; with [`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut) the worker still runs.
    pub fn join_timeout(&self, timeout: Duration) -> Result<Exit, Error> {
        self.join_until(Instant::now().checked_add(timeout))
    }

    /// Sends SIGTERM and waits a second; if the worker has not exited, kills it.
    ///
    /// # Errors
    /// For a worker in a thread.
    pub fn terminate(&self) -> Result<Exit, Error> {
        self.signal(Signal::Terminate)?;
        match self.other().and_then(|other| other.exit(Some(PATIENCE_TO_TERMINATE))) {
            Some(exit) => Ok(exit),
            None => self.kill(),
        }
    }

    /// Kills the worker and all of its process group with SIGKILL, and waits for its exit.
    ///
    /// # Errors
    /// For a worker in a thread.
    pub fn kill(&self) -> Result<Exit, Error> {
        self.signal(Signal::Kill)?;
        let exit = self.other().and_then(|other| other.exit(None));
        exit.ok_or_else(|| Error::of_call(&self.host, None, MessengerError::TimedOut))
    }

    /// A messenger over the same pipes; see [`Stub::messenger`](crate::Stub::messenger).
    #[must_use]
    pub fn messenger<S, R>(&self) -> PriorityMessenger<S, R> {
        PriorityMessenger::over(Arc::clone(self.core()))
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.host.core
    }

    /// Starts another worker in the same way.
    pub(crate) fn restart(&self) -> Result<Self, Error> {
        match &self.host.launch {
            Some(launch) => {
                Launch::start(launch).map(|handle| Handle { settings: self.settings.clone(), ..handle })
            }
            None => {
                Err(Error::unsupported(&self.host, "a worker in a thread can't be started again by its stub"))
            }
        }
    }

    pub(super) fn with_channel(&self, channel: ChannelId) -> Self {
        self.with(Settings { channel: Some(channel), ..self.settings.clone() })
    }

    pub(super) fn with_priority(&self, priority: Priority) -> Self {
        self.with(Settings { priority: Some(priority), ..self.settings.clone() })
    }

    pub(super) fn with_timeout(&self, timeout: Duration) -> Self {
        self.with(Settings { timeout: Some(timeout), ..self.settings.clone() })
    }

    /// Where a method's message goes, and how urgently.
    pub(super) fn address<'a>(&'a self, method: &'a Method) -> (&'a ChannelId, Priority) {
        let channel = self.settings.channel.as_ref().unwrap_or(&method.channel);
        (channel, self.settings.priority.unwrap_or(method.priority))
    }

    /// When a call that begins now has taken too long.
    pub(super) fn until(&self) -> Option<Instant> {
        self.settings.timeout.and_then(|timeout| Instant::now().checked_add(timeout))
    }

    fn with(&self, settings: Settings) -> Self {
        Handle { host: Arc::clone(&self.host), settings }
    }

    fn other(&self) -> Option<&dyn OtherSide> {
        self.core().other()
    }

    fn join_until(&self, until: Option<Instant>) -> Result<Exit, Error> {
        let stop = self.core().close(until, Unread::Keep);
        // Only a worker that has closed its pipe can be expected to leave.
        let left = match stop {
            Stop::Fault(Fault::Ended { .. }) => time_left(until),
            _ => Some(Duration::ZERO),
        };
        match self.other().and_then(|other| other.exit(left)) {
            Some(exit) => Ok(exit),
            None => Err(Error::of_call(&self.host, None, self.core().explain(stop, until))),
        }
    }

    fn signal(&self, signal: Signal) -> Result<(), Error> {
        let Some(other) = self.other().filter(|other| other.pid().is_some()) else {
            return Err(Error::unsupported(&self.host, "a worker in a thread can't be signalled"));
        };
        other.signal(signal).map_err(|error| Error::of_call(&self.host, None, error.into()))
    }
}

impl Host {
    pub(crate) fn pid(&self) -> Option<u32> {
        self.core.other()?.pid()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("service", &self.host.service.name)
            .field("pid", &self.pid())
            .finish_non_exhaustive()
    }
}
