//! Threads that wait while another one reads.

use std::collections::BTreeMap;

use crate::proto::{Arrived, ChannelId, Peer, RequestId, Ticket};
use crate::sync::{Arc, Condvar};

/// What a thread waits for. Those that a special message ends stand first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Interest {
    /// A message of any channel, or a special one; or that this side is to close, and all is written.
    Anything,
    /// A message of a channel, or a special one.
    Channel(ChannelId),
    /// A reply of a channel, or that none is outstanding, or a special message.
    Remaining(ChannelId),
    /// Nothing left to write.
    Room,
    /// All of a message in the pipe.
    Written(Ticket),
    /// The end of the other side.
    End,
    /// The reply to a caller-addressed request.
    Reply(RequestId),
}

impl Interest {
    pub(super) fn is_met(&mut self, peer: &Peer) -> bool {
        match self {
            Interest::Anything => {
                peer.available_anywhere() > 0 || peer.is_asked_to_close() && !peer.has_output()
            }
            Interest::Channel(channel) => peer.available(channel) > 0 || peer.has_special(),
            Interest::Remaining(channel) => {
                peer.available_replies(channel) > 0 || peer.expected(channel) == 0 || peer.has_special()
            }
            Interest::Room => !peer.has_output(),
            Interest::Written(ticket) => peer.is_written(ticket),
            Interest::End => false,
            Interest::Reply(id) => peer.has_reply(*id),
        }
    }

    fn hears_specials(&self) -> bool {
        matches!(self, Interest::Anything | Interest::Channel(_) | Interest::Remaining(_))
    }
}

/// The parked threads of one messenger.
///
/// What happens wakes one thread of each interest that it may meet. That one [passes it on](Parked::pass_on) when its wait is over,
/// if there is more. So a message costs as much with a thousand threads as with one.
#[derive(Debug, Default)]
pub(super) struct Parked {
    /// Of one interest, in the order in which they came.
    places: BTreeMap<(Interest, u64), Arc<Condvar>>,
    writers: Vec<Writer>,
    entered: u64,
    /// Those that were woken and have not run yet.
    awake: usize,
    /// To be used again.
    spare: Vec<Arc<Condvar>>,
}

/// A thread that waits for its message to be written; its ticket learns when that leaves the queue.
#[derive(Debug)]
struct Writer {
    ticket: Ticket,
    number: u64,
    signal: Arc<Condvar>,
}

/// A parked thread's own: to be woken by, and to leave with.
#[derive(Debug)]
pub(super) struct Place {
    key: (Interest, u64),
    pub(super) signal: Arc<Condvar>,
}

impl Parked {
    pub(super) fn enter(&mut self, interest: Interest) -> Place {
        self.entered += 1;
        let number = self.entered;
        let signal = self.spare.pop().unwrap_or_else(|| Arc::new(Condvar::new()));
        let place = Place { key: (interest, number), signal: Arc::clone(&signal) };
        match place.key.0 {
            Interest::Written(ticket) => self.writers.push(Writer { ticket, number, signal }),
            _ => {
                self.places.insert(place.key.clone(), signal);
            }
        }
        place
    }

    pub(super) fn leave(&mut self, place: Place) {
        let was_asleep = match place.key {
            (Interest::Written(_), number) => {
                let found = self.writers.binary_search_by_key(&number, |writer| writer.number);
                found.map(|found| self.writers.remove(found)).is_ok()
            }
            key => self.places.remove(&key).is_some(),
        };
        self.awake -= usize::from(!was_asleep);
        self.spare.push(place.signal);
    }

    /// Wakes one thread of each interest that what has come may meet.
    #[inline]
    pub(super) fn wake_for(&mut self, arrived: Arrived<'_>) {
        if self.places.is_empty() {
            return;
        }
        match arrived {
            Arrived::Answer(id) => self.wake_one(Interest::Reply(id)),
            Arrived::Message(channel) => {
                self.wake_one(Interest::Anything);
                self.wake_one(Interest::Channel(channel.clone()));
            }
            Arrived::Reply(channel) => {
                self.wake_one(Interest::Anything);
                self.wake_one(Interest::Channel(channel.clone()));
                self.wake_one(Interest::Remaining(channel.clone()));
            }
            Arrived::Special => self.wake_for_special(),
        }
    }

    /// Wakes those whose message is written, and one thread of each interest that room may meet.
    pub(super) fn wake_for_room(&mut self, peer: &Peer) {
        if self.places.is_empty() && self.writers.is_empty() {
            return;
        }
        let awake = &mut self.awake;
        self.writers.retain_mut(|writer| {
            let is_written = peer.is_written(&mut writer.ticket);
            if is_written {
                wake(awake, &writer.signal);
            }
            !is_written
        });
        self.pass_on(&Interest::Anything, peer);
        self.pass_on(&Interest::Room, peer);
    }

    /// Wakes the next thread of an interest if that is met: for one of the same interest whose wait is over.
    #[inline]
    pub(super) fn pass_on(&mut self, interest: &Interest, peer: &Peer) {
        if self.places.is_empty() {
            return;
        }
        if interest.hears_specials() && peer.has_special() {
            self.wake_for_special();
        }
        let mut interest = interest.clone();
        if interest.is_met(peer) {
            self.wake_one(interest);
        }
    }

    /// Wakes all whose wait is over: for what seldom happens.
    pub(super) fn wake_met(&mut self, peer: &Peer) {
        let awake = &mut self.awake;
        self.places.retain(|(interest, _), signal| {
            let is_met = interest.clone().is_met(peer);
            if is_met {
                wake(awake, signal);
            }
            !is_met
        });
    }

    /// Wakes one to read for the others, if none is awake and will see to it.
    #[inline]
    pub(super) fn wake_to_lead(&mut self) {
        if self.awake > 0 || self.places.is_empty() && self.writers.is_empty() {
            return;
        }
        if let Some((_, signal)) = self.places.pop_first() {
            wake(&mut self.awake, &signal);
        } else if !self.writers.is_empty() {
            wake(&mut self.awake, &self.writers.remove(0).signal);
        }
    }

    pub(super) fn wake_all(&mut self) {
        let writers = self.writers.drain(..).map(|writer| writer.signal);
        for signal in std::mem::take(&mut self.places).into_values().chain(writers) {
            wake(&mut self.awake, &signal);
        }
    }

    /// Wakes the one of this interest that has waited longest.
    fn wake_one(&mut self, interest: Interest) {
        let first = (interest, 0);
        let Some((key, _)) = self.places.range(&first..).next().filter(|(key, _)| key.0 == first.0) else {
            return;
        };
        let key = key.clone();
        if let Some(signal) = self.places.remove(&key) {
            wake(&mut self.awake, &signal);
        }
    }

    fn wake_for_special(&mut self) {
        if let Some(entry) = self.places.first_entry().filter(|entry| entry.key().0.hears_specials()) {
            wake(&mut self.awake, &entry.remove());
        }
    }
}

fn wake(awake: &mut usize, signal: &Condvar) {
    *awake += 1;
    signal.notify_one();
}
