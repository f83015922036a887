//! The typed messengers: values of two types over one pipe pair, with the calls of the Python coproc.

mod channel;
mod receive;
mod received;
mod send;

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::messenger::{Core, Setup, Wait};
use crate::pipe::{ReadEnd, WriteEnd};
use crate::proto::{ChannelId, Counters, Limits, Order, Peer, Priority};

pub(crate) use receive::open_failure;
pub use receive::{Available, Remaining};
pub use received::Received;
pub use send::SendError;

/// A messenger that gives out the most urgent message of a channel first; equal priorities as they were sent.
///
/// See [`Messenger`] for its calls.
pub type PriorityMessenger<S, R> = Messenger<S, R, ByPriority>;

/// A messenger that gives out the messages of a channel as they came.
///
/// See [`Messenger`] for its calls.
pub type MultiMessenger<S, R> = Messenger<S, R, Fifo>;

/// How a kind of messenger orders what has come.
pub trait MessengerKind: sealed::Sealed + Send + Sync + 'static {
    /// The order.
    const ORDER: Order;
}

/// The most urgent message first: the order of [`PriorityMessenger`].
#[derive(Clone, Copy, Debug)]
pub enum ByPriority {}

/// First come, first served: the order of [`MultiMessenger`].
#[derive(Clone, Copy, Debug)]
pub enum Fifo {}

impl MessengerKind for ByPriority {
    const ORDER: Order = Order::Priority;
}

impl MessengerKind for Fifo {
    const ORDER: Order = Order::Fifo;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::ByPriority {}
    impl Sealed for super::Fifo {}
}

/// One end of a conversation: sends values of `S`, receives values of `R`, by channel and in the order of `O`.
///
/// Both ends are the same. Clones share one pipe pair; any number of threads may send, and wait on the same or on
/// different channels, at once. Errors and close requests of the other side pass by channels and priorities: the
/// next receive call fails with them, and exactly one does. After a close request what was sent before it can
/// still be received.
///
/// A send returns when the pipe has the whole message. Into a full pipe it takes in what the other side sends
/// meanwhile, so two sides that send to each other never wait for each other; it ends with
/// [`MessengerError::Full`](crate::MessengerError::Full) only where what has come fills the
/// [limits](crate::proto::Limits) and nobody takes any of it for a second.
///
/// `()` is the default channel, and every integer or string is a channel; see [`ChannelId`]. A loop of receive calls ends
/// with an error: [`MessengerError::CloseRequested`](crate::MessengerError::CloseRequested) is the orderly one.
///
/// # Examples
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::PriorityMessenger;
///
/// let (here, there) = PriorityMessenger::<u32, String>::pair()?;
/// here.send_request(7, ())?;
/// let request = there.receive_blocking(())?;
/// there.send_reply(format!("{} is prime", *request), ())?;
/// assert_eq!(*here.receive_blocking(())?, "7 is prime");
/// assert_eq!(here.remaining(()), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Messenger<S, R, O> {
    core: Arc<Core>,
    urgency: Urgency<S>,
    #[allow(clippy::type_complexity, reason = "neither owns nor shares a value of its type parameters")]
    types: PhantomData<(fn(S) -> R, fn() -> O)>,
}

/// Where a message's priority comes from.
enum Urgency<S> {
    None,
    Fixed(Priority),
    Of(Arc<dyn Fn(&S) -> Priority + Send + Sync>),
}

impl<S, R, O: MessengerKind> Messenger<S, R, O> {
    /// Two ends that are connected by two OS pipes.
    ///
    /// # Errors
    /// When the system refuses the pipes, as `pipe(2)` does where too many files are open.
    pub fn pair() -> io::Result<(Self, Messenger<R, S, O>)> {
        Self::pair_with(Limits::PAIR, Wait::default())
    }

    /// The same, with limits and a way of waiting for both ends.
    ///
    /// # Errors
    /// As [`Messenger::pair`].
    pub fn pair_with(limits: Limits, wait: Wait) -> io::Result<(Self, Messenger<R, S, O>)> {
        let (their_read, our_write) = os_pipe::pipe()?;
        let (our_read, their_write) = os_pipe::pipe()?;
        let core = |read, write| {
            let peer = Peer::new(O::ORDER, limits);
            Core::new(ReadEnd::new(read), WriteEnd::new(write)?, peer, Setup { wait, ..Setup::default() })
        };
        Ok((Messenger::over(core(our_read, our_write)?), Messenger::over(core(their_read, their_write)?)))
    }

    pub(crate) fn over(core: Arc<Core>) -> Self {
        Messenger { core, urgency: Urgency::None, types: PhantomData }
    }

    /// Requests sent on a channel whose reply has not been taken yet.
    #[must_use]
    pub fn remaining(&self, channel: impl Into<ChannelId>) -> u64 {
        self.counters(channel).remaining
    }

    /// All counters of a channel.
    #[must_use]
    pub fn counters(&self, channel: impl Into<ChannelId>) -> Counters {
        let channel = channel.into();
        self.core.with(|peer| peer.counters(&channel))
    }
}

impl<S, R> PriorityMessenger<S, R> {
    /// The same messenger, whose sends have this priority.
    #[must_use]
    pub fn priority(&self, priority: impl Into<Priority>) -> Self {
        Messenger { urgency: Urgency::Fixed(priority.into()), ..self.clone() }
    }

    /// The same messenger, whose sends have the priority that a function gives for each message.
    #[must_use]
    pub fn prioritized_by(&self, priority: impl Fn(&S) -> Priority + Send + Sync + 'static) -> Self {
        Messenger { urgency: Urgency::Of(Arc::new(priority)), ..self.clone() }
    }
}

impl<S, R, O> Messenger<S, R, O> {
    /// The priority that a message is given here, if any.
    fn priority_of(&self, message: &S) -> Option<Priority> {
        match &self.urgency {
            Urgency::None => None,
            Urgency::Fixed(priority) => Some(*priority),
            Urgency::Of(priority) => Some(priority(message)),
        }
    }
}

impl<S, R, O> Clone for Messenger<S, R, O> {
    fn clone(&self) -> Self {
        Messenger { core: Arc::clone(&self.core), urgency: self.urgency.clone(), types: PhantomData }
    }
}

impl<S> Clone for Urgency<S> {
    fn clone(&self) -> Self {
        match self {
            Urgency::None => Urgency::None,
            Urgency::Fixed(priority) => Urgency::Fixed(*priority),
            Urgency::Of(priority) => Urgency::Of(Arc::clone(priority)),
        }
    }
}

impl<S, R, O: MessengerKind> fmt::Debug for Messenger<S, R, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messenger")
            .field("order", &O::ORDER)
            .field("available", &self.core.with(|peer| peer.available_anywhere()))
            .field("default", &self.counters(()))
            .finish_non_exhaustive()
    }
}
