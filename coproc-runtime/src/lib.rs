//! The runtime of coproc: protocol, messengers and worker processes.

pub mod carry;
pub mod codec;
mod messenger;
mod pipe;
pub mod proto;
mod sync;
mod typed;

pub use messenger::{Exit, Failure, Gone, MessengerError, Mismatch, RemoteError, Wait};
pub use typed::{
    ByPriority, Fifo, Messenger, MultiMessenger, Ordering, PriorityMessenger, Received, Remaining, SendError,
};
