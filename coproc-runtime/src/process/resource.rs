//! A worker that is a function over a messenger.

use std::fmt;
use std::ops::Deref;

use super::Attach;
use crate::error::Error;
use crate::host::Handle;
use crate::proto::Order;
use crate::service::Service;
use crate::typed::{ByPriority, Messenger, MessengerKind};

/// A worker process that runs a function over a messenger; what [`messenger_entry`](crate::messenger_entry) starts.
///
/// It is the worker's [`Handle`] too: `pid`, `status`, `join`, `kill` and the others are there. Dropping it and every
/// clone of its messenger ends the worker.
pub struct WorkerResource<S, R, O = ByPriority> {
    handle: Handle,
    messenger: Messenger<S, R, O>,
}

impl<S, R, O: MessengerKind> WorkerResource<S, R, O> {
    /// The host's end of the conversation.
    #[must_use]
    pub fn messenger(&self) -> &Messenger<S, R, O> {
        &self.messenger
    }

    /// Starts another worker in the same way and with the same start argument, as after an end of this one.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn restart(&self) -> Result<Self, Error> {
        self.handle.restart().map(Self::attach)
    }
}

impl<S, R, O: MessengerKind> Attach for WorkerResource<S, R, O> {
    fn service() -> &'static Service {
        static MESSENGER: Service = Service::untyped("messenger");
        &MESSENGER
    }

    fn order() -> Option<Order> {
        Some(O::ORDER)
    }

    fn attach(handle: Handle) -> Self {
        let messenger = Messenger::over(handle.core().clone());
        WorkerResource { handle, messenger }
    }
}

impl<S, R, O> Deref for WorkerResource<S, R, O> {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.handle
    }
}

impl<S, R, O> fmt::Debug for WorkerResource<S, R, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.handle.fmt(f)
    }
}
