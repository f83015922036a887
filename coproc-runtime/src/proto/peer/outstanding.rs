//! Requests of this side that are not over yet.

use std::collections::HashMap;

use crate::proto::id::IdHash;
use crate::proto::limits::limit;
use crate::proto::outbox::{Outbox, Ticket};
use crate::proto::{ChannelId, Message};

/// Places of recent requests, at first and at most; powers of two.
const PLACES: (usize, usize) = (16, limit(4096, 32));

/// Who takes the reply to a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Addressee {
    /// Whoever receives on the request's channel.
    Channel,
    /// Whoever asks for it by the request's id.
    Caller,
}

/// Requests by id, from the send until the reply is queued or taken.
///
/// Ids grow, so the last digits of one say where it lies; what is still there when another one needs its place moves away.
#[derive(Debug)]
pub(super) struct Outstanding {
    recent: Box<[Option<Entry>]>,
    /// How many of the places are taken.
    taken: usize,
    older: HashMap<u64, Call, IdHash>,
}

#[derive(Debug)]
struct Entry {
    id: u64,
    call: Call,
}

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

impl Default for Outstanding {
    fn default() -> Self {
        Outstanding { recent: places(PLACES.0), taken: 0, older: HashMap::default() }
    }
}

impl Outstanding {
    #[inline]
    pub(super) fn insert(&mut self, id: u64, call: Call) {
        if self.taken * 2 >= self.recent.len() && self.recent.len() < PLACES.1 {
            self.grow();
        }
        self.taken += 1;
        let index = self.index(id);
        if let Some(place) = self.recent.get_mut(index)
            && let Some(before) = place.replace(Entry { id, call })
        {
            self.taken -= 1;
            if before.id != id {
                self.older.insert(before.id, before.call);
            }
        }
    }

    #[inline]
    pub(super) fn get(&self, id: u64) -> Option<&Call> {
        match self.recent.get(self.index(id)) {
            Some(Some(entry)) if entry.id == id => Some(&entry.call),
            _ => self.older.get(&id),
        }
    }

    #[inline]
    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Call> {
        match self.recent.get_mut(self.index(id)) {
            Some(Some(entry)) if entry.id == id => Some(&mut entry.call),
            _ => self.older.get_mut(&id),
        }
    }

    #[inline]
    pub(super) fn remove(&mut self, id: u64) -> Option<Call> {
        let index = self.index(id);
        match self.recent.get_mut(index).and_then(|place| place.take_if(|entry| entry.id == id)) {
            Some(entry) => {
                self.taken -= 1;
                Some(entry.call)
            }
            None => self.older.remove(&id),
        }
    }

    /// Whether a reply may still come: not before all of the request has gone.
    pub(super) fn is_awaited(&self, id: u64, outbox: &Outbox) -> bool {
        match self.get(id) {
            Some(Call::Sent { ticket, .. }) => !outbox.still_holds(*ticket),
            Some(Call::Abandoned) => true,
            Some(Call::Answered(_)) | None => false,
        }
    }

    /// Whether a request that was sent has no answer yet.
    pub(super) fn is_open(&self, id: u64) -> bool {
        matches!(self.get(id), Some(Call::Sent { .. } | Call::Abandoned))
    }

    #[inline]
    pub(super) fn has_reply(&self, id: u64) -> bool {
        matches!(self.get(id), Some(Call::Answered(_)))
    }

    #[inline]
    pub(super) fn take_reply(&mut self, id: u64) -> Option<Message> {
        if !self.has_reply(id) {
            return None;
        }
        match self.remove(id) {
            Some(Call::Answered(message)) => Some(message),
            _ => None,
        }
    }

    #[cfg(shuttle)]
    pub(super) fn is_empty(&self) -> bool {
        self.taken == 0 && self.older.is_empty()
    }

    /// Forgets the replies that wait for their callers.
    pub(super) fn discard_replies(&mut self, mut forget: impl FnMut(&Message)) {
        let mut is_discarded = |call: &Call| {
            if let Call::Answered(reply) = call {
                forget(reply);
            }
            matches!(call, Call::Answered(_))
        };
        for place in &mut self.recent {
            self.taken -= usize::from(place.take_if(|entry| is_discarded(&entry.call)).is_some());
        }
        self.older.retain(|_, call| !is_discarded(call));
    }

    #[inline]
    fn index(&self, id: u64) -> usize {
        // Only the last digits count.
        id as usize & (self.recent.len() - 1)
    }

    /// Twice as many places: none that is taken comes to lie on another one.
    fn grow(&mut self) {
        let more = places(self.recent.len() * 2);
        for entry in std::mem::replace(&mut self.recent, more).into_iter().flatten() {
            let index = self.index(entry.id);
            if let Some(place) = self.recent.get_mut(index) {
                *place = Some(entry);
            }
        }
    }
}

fn places(count: usize) -> Box<[Option<Entry>]> {
    (0..count).map(|_| None).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_found_however_many_came_since() {
        let mut outstanding = Outstanding::default();
        let lasting = [1, 2, 700, PLACES.1 as u64 + 1];
        for id in 1..200_000 {
            outstanding.insert(id, Call::Abandoned);
            assert!(outstanding.is_open(id));
            if id > 100 && !lasting.contains(&(id - 100)) {
                assert!(outstanding.remove(id - 100).is_some());
                assert!(outstanding.remove(id - 100).is_none());
            }
        }
        assert_eq!(outstanding.recent.len(), 256, "as many as are needed");
        assert_eq!(outstanding.taken + outstanding.older.len(), 100 + lasting.len());
        for id in lasting {
            assert!(outstanding.remove(id).is_some(), "{id}");
            assert!(!outstanding.is_open(id));
        }
    }

    #[test]
    fn there_are_not_more_places_than_that() {
        let mut outstanding = Outstanding::default();
        let count = 3 * PLACES.1 as u64;
        (0..count).for_each(|id| outstanding.insert(id, Call::Abandoned));
        assert_eq!(outstanding.recent.len(), PLACES.1);
        assert!((0..count).all(|id| outstanding.remove(id).is_some()));
        assert_eq!((outstanding.taken, outstanding.older.len()), (0, 0));
    }
}
