//! Requests of this side that are not over yet.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::proto::id::IdHash;
use crate::proto::outbox::{Outbox, Ticket};
use crate::proto::{ChannelId, Message};

/// Who takes the reply to a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Addressee {
    /// Whoever receives on the request's channel.
    Channel,
    /// Whoever asks for it by the request's id.
    Caller,
}

/// Requests by id, from the send until the reply is queued or taken.
#[derive(Debug, Default)]
pub(super) struct Outstanding(HashMap<u64, Call, IdHash>);

#[derive(Debug)]
pub(super) enum Call {
    Sent {
        channel: ChannelId,
        addressee: Addressee,
        ticket: Ticket,
    },
    /// Nobody wants the reply any more.
    Abandoned,
    /// The reply waits for its caller.
    Answered(Message),
}

impl Outstanding {
    #[inline]
    pub(super) fn insert(&mut self, id: u64, call: Call) {
        self.0.insert(id, call);
    }

    #[inline]
    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Call> {
        self.0.get_mut(&id)
    }

    pub(super) fn remove(&mut self, id: u64) -> Option<Call> {
        self.0.remove(&id)
    }

    /// Whether a reply may still come: not before all of the request has gone.
    pub(super) fn is_awaited(&self, id: u64, outbox: &Outbox) -> bool {
        match self.0.get(&id) {
            Some(Call::Sent { ticket, .. }) => !outbox.still_holds(*ticket),
            Some(Call::Abandoned) => true,
            Some(Call::Answered(_)) | None => false,
        }
    }

    /// Whether a request that was sent has no answer yet.
    pub(super) fn is_open(&self, id: u64) -> bool {
        matches!(self.0.get(&id), Some(Call::Sent { .. } | Call::Abandoned))
    }

    #[inline]
    pub(super) fn has_reply(&self, id: u64) -> bool {
        matches!(self.0.get(&id), Some(Call::Answered(_)))
    }

    #[inline]
    pub(super) fn take_reply(&mut self, id: u64) -> Option<Message> {
        let Entry::Occupied(call) = self.0.entry(id) else { return None };
        if !matches!(call.get(), Call::Answered(_)) {
            return None;
        }
        match call.remove() {
            Call::Answered(message) => Some(message),
            Call::Sent { .. } | Call::Abandoned => None,
        }
    }

    #[cfg(shuttle)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets the replies that wait for their callers.
    pub(super) fn discard_replies(&mut self, mut forget: impl FnMut(&Message)) {
        self.0.retain(|_, call| {
            if let Call::Answered(reply) = call {
                forget(reply);
            }
            !matches!(call, Call::Answered(_))
        });
    }
}
