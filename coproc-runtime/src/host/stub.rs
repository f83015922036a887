//! What every generated stub can do beside its service's methods.

use std::time::Duration;

use super::{Ending, Handle, Status};
use crate::error::Error;
use crate::messenger::Exit;
use crate::proto::{ChannelId, Priority};
use crate::service::Service;
use crate::typed::PriorityMessenger;

/// What every generated stub can do beside its service's methods.
///
/// A stub is cheap to clone and can be used from any thread; the last clone that is dropped ends its worker: a close
/// request, the patience of [`Spawn::patience`](crate::Spawn::patience), SIGKILL. A service may have methods of the same names
/// as these functions: its own go first, and `Stub::timeout(&index, limit)` reaches this one.
pub trait Stub: Clone {
    /// The view of the stub whose methods send now and are waited for later.
    type Start;

    #[doc(hidden)]
    fn service() -> &'static Service;

    /// What stands for the parameters of the trait.
    #[doc(hidden)]
    fn parameters() -> Vec<String> {
        Vec::new()
    }

    #[doc(hidden)]
    fn from_handle(handle: Handle) -> Self;

    /// The worker behind the stub.
    fn handle(&self) -> &Handle;

    /// The same methods, but for norequests, which send now and give a [`Pending`](crate::Pending) to wait for later.
    fn start(&self) -> Self::Start;

    /// The stub whose messages go on this channel, whatever the trait says: an integer, a string, or
    /// [`ChannelId::of`](crate::proto::ChannelId#method.of) any value.
    #[must_use]
    fn on(&self, channel: impl Into<ChannelId>) -> Self {
        Self::from_handle(self.handle().with_channel(channel.into()))
    }

    /// The stub whose messages have this priority, whatever the trait says.
    #[must_use]
    fn priority(&self, priority: impl Into<Priority>) -> Self {
        Self::from_handle(self.handle().with_priority(priority.into()))
    }

    /// The stub whose calls, each from its send to its reply, may take this long.
    #[must_use]
    fn timeout(&self, timeout: Duration) -> Self {
        Self::from_handle(self.handle().with_timeout(timeout))
    }

    /// The stub whose calls have the worker killed that does not answer within their [`timeout`](Stub::timeout), by whoever
    /// waits for them: where a method may never come back, and nothing else can stop it.
    ///
    /// It is killed at that moment, also where the method is about to return because [`cancelled`](crate::cancelled) told it so.
    /// Without a time limit nothing is killed.
    ///
    /// The call fails with [`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut) all the same, and the error has the worker's
    /// exit too; every other call to the worker fails with [`ErrorKind::Died`](crate::ErrorKind::Died).
    #[must_use]
    fn kill_on_timeout(&self) -> Self {
        Self::from_handle(self.handle().with_kill_on_timeout())
    }

    /// The stub whose calls fail with [`ErrorKind::Full`](crate::ErrorKind::Full) at once where the pipe to the worker has no
    /// room, and are not sent then, instead of waiting for it.
    #[must_use]
    fn refuse_when_full(&self) -> Self {
        Self::from_handle(self.handle().with_refusal_when_full())
    }

    /// The stub whose messages are gathered and written together, for many small calls at once: then a write costs each of them
    /// a share.
    ///
    /// They are written once 4 KiB are gathered, when any thread begins to wait for something of this worker or asks for it, with
    /// whatever is sent by a stub that is not buffered, when the last stub is dropped, and by [`flush`](Stub::flush). No time
    /// that passes writes them.
    ///
    /// The worker gathers its answers to them too, as long as more calls lie there to be served, and for 200 µs at most while the
    /// next method runs. If it dies meanwhile they are lost, although their methods have returned.
    ///
    /// # Examples
    /// ```ignore
    /// let buffered = index.buffered().start();
    /// let calls: Vec<_> = texts.iter().map(|text| buffered.add(text)).collect();
    /// for call in calls {
    ///     terms += call.wait()?;
    /// }
    /// ```
    #[must_use]
    fn buffered(&self) -> Self {
        Self::from_handle(self.handle().with_buffer())
    }

    /// Writes what the calls of [`buffered`](Stub::buffered) stubs have gathered, and waits until the pipe has it.
    ///
    /// # Errors
    /// When the worker is gone, or the pipe has no room within the stub's time limit.
    fn flush(&self) -> Result<(), Error> {
        self.handle().flush()
    }

    /// A messenger over the same pipes, for messages that the trait doesn't have; its types are the caller's choice.
    ///
    /// It gives out messages in the order that the worker was started with.
    fn messenger<S, R>(&self) -> PriorityMessenger<S, R> {
        self.handle().messenger()
    }

    /// The worker's process id; `None` for one in a thread.
    fn pid(&self) -> Option<u32> {
        self.handle().pid()
    }

    /// Whether the worker is starting, running or has exited.
    fn status(&self) -> Status {
        self.handle().status()
    }

    /// Whether the worker has not exited.
    fn is_alive(&self) -> bool {
        self.handle().is_alive()
    }

    /// Asks the worker to close and waits until it has left, for as long as that takes; it serves what it was sent before.
    ///
    /// # Errors
    /// When the conversation failed.
    fn join(&self) -> Result<Exit, Error> {
        self.handle().join()
    }

    /// Asks the worker to close and waits this long; then it sends SIGTERM, and after the worker's patience
    /// ([`Spawn::patience`](crate::Spawn::patience)) SIGKILL. What it gives tells of each step.
    ///
    /// # Errors
    /// For a worker in a thread that has not left in time, with [`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut).
    fn join_timeout(&self, timeout: Duration) -> Result<Ending, Error> {
        self.handle().join_timeout(timeout)
    }

    /// Sends SIGTERM and waits for the worker's patience ([`Spawn::patience`](crate::Spawn::patience)), a second unless it
    /// was said; if the worker has not exited, kills it.
    ///
    /// # Errors
    /// For a worker in a thread.
    fn terminate(&self) -> Result<Exit, Error> {
        self.handle().terminate()
    }

    /// Kills the worker and all of its process group with SIGKILL, and waits for its exit.
    ///
    /// # Errors
    /// For a worker in a thread; with [`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut) if the kernel has not ended it in
    /// ten seconds, as where it waits for a device.
    fn kill(&self) -> Result<Exit, Error> {
        self.handle().kill()
    }

    /// Starts another worker in the same way and with the same start argument, as after an end of this one.
    ///
    /// # Errors
    /// When it can't be started; for a worker in a thread.
    fn restart(&self) -> Result<Self, Error> {
        self.handle().restart().map(Self::from_handle)
    }
}
