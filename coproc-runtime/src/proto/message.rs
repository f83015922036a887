//! A whole message, as it lies in a queue.

use super::frame::Kind;
use super::{ChannelId, Moment, Payload, Priority, RequestId, Terms};

/// A message that has come, whole.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Message {
    /// What it is.
    pub kind: MessageKind,
    /// The channel that it came on; a reply's is that of its request.
    pub channel: ChannelId,
    /// How urgent its sender said it was.
    pub priority: Priority,
    /// The request that it is, or answers; for a norequest a number that answers nothing.
    pub id: RequestId,
    /// What it asks for beside its answer.
    pub terms: Terms,
    /// The value, as the codec wrote it.
    pub payload: Payload,
}

impl Message {
    /// What it takes while it is queued, in bytes, beside what every message takes.
    #[inline]
    pub(super) fn cost(&self) -> usize {
        self.payload.size() + self.channel.name().len()
    }

    /// Whether its sender has given it up by then.
    pub(super) fn has_expired(&self, now: Moment) -> bool {
        self.terms.deadline.is_some_and(|deadline| deadline.is_over(now))
    }
}

/// What a message is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MessageKind {
    /// Nothing is owed for it.
    NoRequest,
    /// A reply is owed for it.
    Request,
    /// The reply to a request.
    Reply,
    /// The request failed; the payload says how.
    Failure,
    /// The request was cancelled before it began.
    Cancelled,
}

impl MessageKind {
    /// What a frame of this kind brings; any other than these is no message, and is not taken for one.
    #[inline]
    pub(super) const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Request => MessageKind::Request,
            Kind::Reply => MessageKind::Reply,
            Kind::Failure => MessageKind::Failure,
            Kind::Cancelled => MessageKind::Cancelled,
            _ => MessageKind::NoRequest,
        }
    }

    /// Whether it ends a request of the side that receives it.
    #[must_use]
    #[inline]
    pub const fn is_reply(self) -> bool {
        match self {
            MessageKind::Reply | MessageKind::Failure | MessageKind::Cancelled => true,
            MessageKind::NoRequest | MessageKind::Request => false,
        }
    }
}

/// A message that passes by channels and priorities: the next receive call fails with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Special {
    /// An error; the payload is what the typed layer made of it.
    Error(Payload),
    /// The other side asks this one to close.
    CloseRequest,
}
