//! The protocol's state machine: bytes in, messages out and back, with no file, thread, clock or process in it.
//!
//! [`Peer`] is one side of a conversation. What is sent goes in by its `send_*` methods and comes out as bytes of
//! [`Peer::output`]; what the pipe brought goes in by [`Peer::handle_bytes`] and comes out as messages of the
//! `take_*` methods. The messenger around it does the reading, the writing and the waiting.

mod channel;
mod counter;
mod deadline;
mod error;
pub mod frame;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
pub mod handshake;
mod id;
mod inbox;
mod limits;
mod message;
mod outbox;
mod payload;
mod peer;
mod queue;
mod spares;
mod stream;
mod terms;

pub use channel::{ChannelId, MAX_CHANNEL_NAME};
pub use counter::Counters;
pub use deadline::{Deadline, Moment};
pub use error::ProtocolError;
pub use id::{Priority, RequestId};
pub use inbox::Opening;
pub use limits::{Budget, Limits};
pub use message::{Message, MessageKind, Special};
pub use outbox::{Spent, Ticket};
pub use payload::Payload;
pub(crate) use peer::Arrived;
pub use peer::{Addressee, End, Peer, SendRefused};
pub use queue::Order;
pub use terms::{Delivery, Terms};
