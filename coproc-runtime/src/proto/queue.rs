//! Queues of messages: first come first served, or the most urgent first.

use std::collections::{BTreeMap, VecDeque};

use super::{Message, Moment, Priority};

/// In which order a messenger gives out what has come on a channel.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Order {
    /// As it came.
    Fifo,
    /// The most urgent first; equal priorities as they came.
    #[default]
    Priority,
}

/// Messages that an empty queue has room for: as many as a few reads bring, where most messages come.
pub(super) const ROOM_OF_MANY: usize = 4096;

/// The same where the other side has as many queues as it likes: what the first message takes.
pub(super) const ROOM_OF_FEW: usize = 4;

/// Messages in the order in which they are given out.
#[derive(Debug)]
pub(super) struct Queue {
    order: Order,
    /// One level in [`Order::Fifo`], else one for each priority. The first is never empty, but for the only one.
    levels: BTreeMap<Priority, VecDeque<Queued>>,
    length: usize,
    /// Messages that room is kept for when none is left.
    room: usize,
}

/// A message with its place among all.
#[derive(Debug)]
struct Queued {
    arrival: u64,
    message: Message,
}

impl Queue {
    pub(super) fn new(order: Order, room: usize) -> Self {
        Queue { order, levels: BTreeMap::new(), length: 0, room }
    }

    /// Takes a message in; `arrival` grows with each one.
    #[inline]
    pub(super) fn push(&mut self, arrival: u64, message: Message) {
        let level = match self.order {
            Order::Fifo => Priority::NONE,
            Order::Priority => message.priority,
        };
        if self.length == 0 && !self.levels.contains_key(&level) {
            // The level that was kept is another one.
            self.levels.clear();
        }
        self.levels.entry(level).or_default().push_back(Queued { arrival, message });
        self.length += 1;
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Message> {
        let has_others = self.levels.len() > 1;
        let mut first = self.levels.first_entry()?;
        let queued = first.get_mut().pop_front()?;
        self.length -= 1;
        // The only one is kept for the next message, which most often has the same priority.
        if first.get().is_empty() && (has_others || first.get().capacity() > self.room) {
            first.remove();
        }
        Some(queued.message)
    }

    /// Takes the first message if its sender has given it up by then.
    pub(super) fn pop_if_expired(&mut self, now: Moment) -> Option<Message> {
        if self.peek()?.has_expired(now) { self.pop() } else { None }
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<&Message> {
        self.first().map(|queued| &queued.message)
    }

    /// Whether its first message goes ahead of the other queue's, as if both were one.
    pub(super) fn goes_ahead_of(&self, other: &Queue) -> bool {
        match (self.first(), other.first(), self.order) {
            (Some(first), Some(second), Order::Fifo) => first.arrival < second.arrival,
            (Some(first), Some(second), Order::Priority) => first.urgency() < second.urgency(),
            (first, _, _) => first.is_some(),
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Takes out every message that `which` picks; one pass.
    pub(super) fn remove_all(&mut self, mut which: impl FnMut(&Message) -> bool) {
        self.levels.retain(|_, level| {
            level.retain(|queued| !which(&queued.message));
            !level.is_empty()
        });
        self.length = self.levels.values().map(VecDeque::len).sum();
    }

    #[inline]
    fn first(&self) -> Option<&Queued> {
        self.levels.first_key_value()?.1.front()
    }
}

impl Queued {
    /// Less is given out first.
    fn urgency(&self) -> (Priority, u64) {
        (self.message.priority, self.arrival)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{ChannelId, MessageKind, Payload, RequestId, Terms};

    #[test]
    fn an_empty_queue_keeps_little_room() {
        for room in [ROOM_OF_FEW, ROOM_OF_MANY] {
            let mut queue = Queue::new(Order::Priority, room);
            for round in 0..3 {
                for arrival in 0..5000 {
                    queue.push(arrival, message(round));
                }
                while queue.pop().is_some() {}
                let kept: usize = queue.levels.values().map(VecDeque::capacity).sum();
                assert!(kept <= room, "{kept}");
            }
            queue.push(0, message(7));
            assert_eq!(queue.pop().unwrap().priority, Priority::new(7));
            let kept: usize = queue.levels.values().map(VecDeque::capacity).sum();
            assert!(kept > 0, "the next message needs no allocation");
        }
    }

    fn message(level: i32) -> Message {
        Message {
            kind: MessageKind::NoRequest,
            channel: ChannelId::DEFAULT,
            priority: Priority::new(level),
            id: RequestId(0),
            terms: Terms::default(),
            payload: Payload::EMPTY,
        }
    }
}
