//! Starting, watching and ending one worker, whatever it is.

mod child;
mod entry;
mod launch;
mod printed;
mod resource;
mod stderr;
mod tail;
mod thread;
mod watch;

pub(crate) use launch::Launch;

pub use entry::{Entry, entry, messenger_entry, test_entry};
pub use launch::{Spawn, spawn};
pub use resource::WorkerResource;
pub use stderr::{Stderr, StderrLine};
pub use thread::in_thread;

use crate::host::{Handle, Stub};
use crate::proto::Order;
use crate::proto::handshake::Greeting;
use crate::service::Service;

/// What a start of a worker gives: a stub, or a [`WorkerResource`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no stub",
    label = "write which stub it is: `let index: IndexHost = …`"
)]
pub trait Attach: Sized {
    #[doc(hidden)]
    fn service() -> &'static Service;

    /// What the host tells a worker of itself.
    #[doc(hidden)]
    fn greeting() -> Greeting {
        Self::service().greeting(Vec::new())
    }

    /// The order of the messenger's queues, where the type says it.
    #[doc(hidden)]
    fn order() -> Option<Order>;

    #[doc(hidden)]
    fn attach(handle: Handle) -> Self;
}

impl<T: Stub> Attach for T {
    fn service() -> &'static Service {
        <T as Stub>::service()
    }

    fn greeting() -> Greeting {
        <T as Stub>::service().greeting(T::parameters())
    }

    fn order() -> Option<Order> {
        None
    }

    fn attach(handle: Handle) -> Self {
        T::from_handle(handle)
    }
}
