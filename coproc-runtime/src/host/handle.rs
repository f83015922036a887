//! A worker as its host holds it: the conversation, the process, and the settings of calls.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::messenger::{Core, Exit, Flush, OtherSide};
use crate::process::Launch;
use crate::proto::{ChannelId, Delivery, Priority};
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
    when_late: WhenLate,
    flush: Flush,
}

/// What becomes of a worker that has not answered in time.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum WhenLate {
    #[default]
    Leave,
    Kill,
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
        self.core().take_in(Flush::Now);
        if self.core().is_greeted() { Status::Running } else { Status::Starting }
    }

    /// Whether the worker has not exited.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !matches!(self.status(), Status::Exited(_))
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

    pub(super) fn with_kill_on_timeout(&self) -> Self {
        self.with(Settings { when_late: WhenLate::Kill, ..self.settings.clone() })
    }

    pub(super) fn with_refusal_when_full(&self) -> Self {
        self.with(Settings { flush: Flush::OrRefuse, ..self.settings.clone() })
    }

    pub(super) fn with_buffer(&self) -> Self {
        self.with(Settings { flush: Flush::WhenFull, ..self.settings.clone() })
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

    /// After which time the worker is killed that has not answered, if it is.
    pub(super) fn kills_after(&self) -> Option<Duration> {
        self.settings.timeout.filter(|_| self.settings.when_late == WhenLate::Kill)
    }

    /// When a message is written.
    pub(super) fn when_written(&self) -> Flush {
        self.settings.flush
    }

    /// When the answer to a request is written.
    pub(super) fn delivery(&self) -> Delivery {
        match self.settings.flush {
            Flush::WhenFull => Delivery::Gathered,
            Flush::Now | Flush::OrRefuse => Delivery::Prompt,
        }
    }

    pub(super) fn flush(&self) -> Result<(), Error> {
        self.core().flush(self.until()).map_err(|error| Error::of_call(&self.host, None, error))
    }

    fn with(&self, settings: Settings) -> Self {
        Handle { host: Arc::clone(&self.host), settings }
    }

    pub(super) fn other(&self) -> Option<&dyn OtherSide> {
        self.core().other()
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
