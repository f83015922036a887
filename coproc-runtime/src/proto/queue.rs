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
    /// The most urgent level; empty only where there is no other.
    first: VecDeque<Queued>,
    /// Its priority; [`Priority::NONE`] in [`Order::Fifo`].
    priority: Priority,
    /// Less urgent levels, none of them empty.
    others: BTreeMap<Priority, VecDeque<Queued>>,
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
        let (first, priority, others) = (VecDeque::new(), Priority::NONE, BTreeMap::new());
        Queue { order, first, priority, others, length: 0, room }
    }

    /// Takes a message in; `arrival` grows with each one.
    #[inline]
    pub(super) fn push(&mut self, arrival: u64, message: Message) {
        let priority = match self.order {
            Order::Fifo => Priority::NONE,
            Order::Priority => message.priority,
        };
        let level = if priority == self.priority { &mut self.first } else { self.level(priority) };
        level.push_back(Queued { arrival, message });
        self.length += 1;
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Message> {
        let queued = self.first.pop_front()?;
        self.length -= 1;
        if self.first.is_empty() {
            self.advance();
        }
        Some(queued.message)
    }

    /// Takes the first message if its sender has given it up by then.
    pub(super) fn pop_if_expired(&mut self, now: Moment) -> Option<Message> {
        if self.peek()?.has_expired(now) { self.pop() } else { None }
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<&Message> {
        self.first.front().map(|queued| &queued.message)
    }

    /// Whether its first message goes ahead of the other queue's, as if both were one.
    pub(super) fn goes_ahead_of(&self, other: &Queue) -> bool {
        match (self.first.front(), other.first.front(), self.order) {
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
        let mut keep = |queued: &Queued| !which(&queued.message);
        self.first.retain(&mut keep);
        self.others.retain(|_, level| {
            level.retain(&mut keep);
            !level.is_empty()
        });
        self.length = self.first.len() + self.others.values().map(VecDeque::len).sum::<usize>();
        if self.first.is_empty() {
            self.advance();
        }
    }

    /// The level of a priority other than the first one's.
    fn level(&mut self, priority: Priority) -> &mut VecDeque<Queued> {
        if self.first.is_empty() {
            self.priority = priority;
            &mut self.first
        } else if priority < self.priority {
            let before = std::mem::replace(&mut self.priority, priority);
            self.others.insert(before, std::mem::take(&mut self.first));
            &mut self.first
        } else {
            self.others.entry(priority).or_default()
        }
    }

    /// Goes on to the next level once the first one is empty.
    #[inline]
    fn advance(&mut self) {
        match self.others.pop_first() {
            Some((priority, level)) => (self.priority, self.first) = (priority, level),
            // It is kept for the next message, which most often has the same priority.
            None if self.first.capacity() > self.room => self.first = VecDeque::new(),
            None => {}
        }
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
                let kept = queue.first.capacity();
                assert!(kept <= room && queue.others.is_empty(), "{kept}");
            }
            queue.push(0, message(7));
            assert_eq!(queue.pop().unwrap().priority, Priority::new(7));
            assert!(queue.first.capacity() > 0, "the next message needs no allocation");
            assert!(queue.level(Priority::new(8)).capacity() > 0, "nor does one of another priority");
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
