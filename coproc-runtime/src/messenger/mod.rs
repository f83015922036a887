//! The I/O shell around a [`Peer`](crate::proto::Peer): one pipe pair, who waits on it, who reads.

mod clock;
mod core;
mod error;
mod exit;
mod gone;
mod leader;
#[cfg(all(shuttle, test))]
mod model;
mod park;
mod remote;
mod send;
mod state;
mod turns;
mod wait;

pub(crate) use self::core::{Core, PATIENCE, Preamble, Setup, Stop, Unread};
pub(crate) use clock::Clock;
pub(crate) use exit::{OtherSide, PATIENCE_TO_DIE, Remains, Signal};
pub(crate) use park::Interest;
pub(crate) use send::Flush;
pub(crate) use state::{Fault, Pipes};

pub(crate) use error::with_sources;
pub(crate) use wait::time_left;

pub use error::{MessengerError, Mismatch};
pub use exit::{Exit, Memory};
pub use gone::Gone;
pub use remote::{Failure, RemoteError};
pub use wait::Wait;
