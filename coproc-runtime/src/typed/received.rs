//! A message that was received, with what is known of it.

use std::fmt;
use std::ops::Deref;

use crate::proto::{ChannelId, Message, MessageKind, Priority, RequestId};

/// A value that was received; it stands for the value itself by [`Deref`].
#[derive(Clone, PartialEq, Eq)]
pub struct Received<R> {
    value: R,
    kind: MessageKind,
    channel: ChannelId,
    priority: Priority,
    id: RequestId,
}

impl<R> Received<R> {
    pub(super) fn new(value: R, message: Message) -> Self {
        let Message { kind, channel, priority, id, .. } = message;
        Received { value, kind, channel, priority, id }
    }

    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> R {
        self.value
    }

    /// Whether it was sent as a norequest, a request or a reply.
    #[must_use]
    pub fn kind(&self) -> MessageKind {
        self.kind
    }

    /// The channel that it came on.
    #[must_use]
    pub fn channel(&self) -> &ChannelId {
        &self.channel
    }

    /// The priority that it was sent with.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.priority
    }

    /// The id of the request that it is or answers; a norequest's answers nothing.
    #[must_use]
    pub fn id(&self) -> RequestId {
        self.id
    }
}

impl<R> Deref for Received<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.value
    }
}

impl<R> From<&Received<R>> for RequestId {
    fn from(received: &Received<R>) -> Self {
        received.id
    }
}

impl<R: fmt::Debug> fmt::Debug for Received<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<R: fmt::Display> fmt::Display for Received<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
