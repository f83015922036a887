//! The runtime of coproc: protocol, messengers and worker processes.
//!
//! Most programs use it through the facade crate, `coproc`, which adds the `#[worker]` attribute.
//!
//! Dependencies point down only:
//!
//! | module | what it is |
//! |---|---|
//! | `process` | start, watch, stop one worker |
//! | `host`, `serve` | what stubs and dispatch call |
//! | `typed` | messengers of two types |
//! | `messenger` | one pipe pair pumped through one peer; who waits, who reads |
//! | `pipe`, [`codec`], `sync`, `buffers` | descriptors; value ⇄ bytes; locks; large buffers to be used again |
//! | [`proto`] | the state machine: no file, thread, clock or process |

#![forbid(unsafe_code)]
// The model checker's build is of what threads share, and of nothing above it.
#![cfg_attr(shuttle, allow(dead_code, unfulfilled_lint_expectations, unreachable_pub, unused_imports))]
// A peer's fault is an error value, never a panic.
#![cfg_attr(
    not(test),
    warn(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::print_stdout,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod buffers;
pub mod carry;
#[cfg(all(feature = "chaos", not(shuttle)))]
mod chaos;
pub mod codec;
#[cfg(not(shuttle))]
mod error;
#[cfg(not(shuttle))]
mod host;
mod messenger;
mod pipe;
#[cfg(not(shuttle))]
mod process;
pub mod proto;
#[cfg(not(shuttle))]
mod serve;
#[cfg(not(shuttle))]
mod service;
mod sync;
#[cfg(not(shuttle))]
mod typed;

#[cfg(not(shuttle))]
pub use error::{Error, ErrorKind};
#[cfg(not(shuttle))]
pub use host::{Ending, Handle, Pending, Status, Step, Stub};
pub use messenger::{Exit, Failure, Gone, Memory, MessengerError, Mismatch, RemoteError, Wait};
#[cfg(not(shuttle))]
pub use process::{
    Attach, Entry, Spawn, Stderr, StderrLine, WorkerResource, entry, in_thread, messenger_entry, spawn,
    test_entry,
};
#[cfg(not(shuttle))]
pub use serve::{
    CancellationToken, Executor, WithExecutor, Worker, cancellation_token, cancelled, host_messenger, serve,
};
#[cfg(not(shuttle))]
pub use typed::{
    Available, ByPriority, Fifo, Messenger, MessengerKind, MultiMessenger, PriorityMessenger, Received,
    Remaining, SendError,
};

/// What generated code names, and nobody else: it may change with any release.
#[cfg(not(shuttle))]
#[doc(hidden)]
pub mod __private {
    pub use core;
    pub use serde;
    pub use std;

    pub use crate::carry::portable::{Crossing, Portable, PortableWithin, write_lent};
    pub use crate::carry::{Array, Carry, Change, Plain, Ref, Refs, Tuple};
    pub use crate::codec::{self, CodecError, Message, Reply, Source, read_message, unknown_variant};
    pub use crate::host::{accept_option, failure, fits, option_fits, send, send_with, start, start_with};
    pub use crate::proto::{ChannelId, Priority};
    pub use crate::serve::block_on;
    pub use crate::service::{AfterPanic, Method, Service, constant_parameter, type_parameter};
    pub use crate::{Error, Executor, Handle, Pending, Stub, Worker};

    pub mod probe {
        pub use crate::carry::probe::{Guess, Probe, levels};
        pub use crate::carry::tail::Tailed;
    }
}
