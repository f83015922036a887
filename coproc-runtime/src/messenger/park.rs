//! Threads that wait while another one reads.

use crate::proto::{ChannelId, Peer, RequestId, Ticket};
use crate::sync::{Arc, Condvar};

/// What a thread waits for.
#[derive(Clone, Debug)]
pub(crate) enum Interest {
    /// The reply to a caller-addressed request.
    Reply(RequestId),
    /// A message of a channel, or a special one.
    Channel(ChannelId),
    /// A message of any channel, or a special one; or that this side is to close, and all is written.
    Anything,
    /// All of a message in the pipe.
    Written(Ticket),
    /// A reply of a channel, or that none is outstanding, or a special message.
    Remaining(ChannelId),
    /// Nothing left to write.
    Room,
    /// The end of the other side.
    End,
}

impl Interest {
    pub(super) fn is_met(&mut self, peer: &Peer) -> bool {
        match self {
            Interest::Reply(id) => peer.has_reply(*id),
            Interest::Channel(channel) => peer.available(channel) > 0 || peer.has_special(),
            Interest::Anything => {
                peer.available_anywhere() > 0 || peer.is_asked_to_close() && !peer.has_output()
            }
            Interest::Written(ticket) => peer.is_written(ticket),
            Interest::Remaining(channel) => {
                peer.available_replies(channel) > 0 || peer.expected(channel) == 0 || peer.has_special()
            }
            Interest::Room => !peer.has_output(),
            Interest::End => false,
        }
    }
}

/// The parked threads of one messenger.
#[derive(Debug, Default)]
pub(super) struct Parked {
    threads: Vec<Place>,
    next: u64,
}

#[derive(Debug)]
struct Place {
    number: u64,
    interest: Interest,
    signal: Arc<Condvar>,
}

impl Parked {
    /// Takes a place; its number, and what it will be signalled by.
    pub(super) fn enter(&mut self, interest: Interest) -> (u64, Arc<Condvar>) {
        self.next += 1;
        let signal = Arc::new(Condvar::new());
        self.threads.push(Place { number: self.next, interest, signal: Arc::clone(&signal) });
        (self.next, signal)
    }

    pub(super) fn leave(&mut self, number: u64) {
        self.threads.retain(|place| place.number != number);
    }

    /// Wakes those whose wait is over.
    pub(super) fn wake_met(&mut self, peer: &Peer) {
        for place in &mut self.threads {
            if place.interest.is_met(peer) {
                place.signal.notify_one();
            }
        }
    }

    /// Wakes the one that has waited longest, to read for the others.
    pub(super) fn wake_first(&self) {
        if let Some(place) = self.threads.first() {
            place.signal.notify_one();
        }
    }

    pub(super) fn wake_all(&self) {
        for place in &self.threads {
            place.signal.notify_one();
        }
    }
}
