//! Queues of messages: first come first served, or the most urgent first.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use super::{Message, Moment};

/// In which order a messenger gives out what has come on a channel.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Order {
    /// As it came.
    Fifo,
    /// The most urgent first; equal priorities as they came.
    #[default]
    Priority,
}

#[derive(Debug)]
pub(super) enum Queue {
    Fifo(VecDeque<Entry>),
    Priority(BinaryHeap<Entry>),
}

/// A message with its place among equals.
#[derive(Debug)]
pub(super) struct Entry {
    arrival: u64,
    message: Message,
}

impl Queue {
    pub(super) fn new(order: Order) -> Self {
        match order {
            Order::Fifo => Queue::Fifo(VecDeque::new()),
            Order::Priority => Queue::Priority(BinaryHeap::new()),
        }
    }

    /// Takes a message in; `arrival` grows with each one.
    pub(super) fn push(&mut self, arrival: u64, message: Message) {
        let entry = Entry { arrival, message };
        match self {
            Queue::Fifo(queue) => queue.push_back(entry),
            Queue::Priority(heap) => heap.push(entry),
        }
    }

    pub(super) fn pop(&mut self) -> Option<Message> {
        let entry = match self {
            Queue::Fifo(queue) => queue.pop_front(),
            Queue::Priority(heap) => heap.pop(),
        };
        entry.map(|entry| entry.message)
    }

    /// Takes the first message if its sender has given it up by then.
    pub(super) fn pop_if_expired(&mut self, now: Moment) -> Option<Message> {
        if self.peek()?.has_expired(now) { self.pop() } else { None }
    }

    pub(super) fn peek(&self) -> Option<&Message> {
        self.first().map(|entry| &entry.message)
    }

    /// Whether its first message goes ahead of the other queue's, as if both were one.
    pub(super) fn goes_ahead_of(&self, other: &Queue) -> bool {
        match (self.first(), other.first(), self) {
            (Some(first), Some(second), Queue::Fifo(_)) => first.arrival < second.arrival,
            (Some(first), Some(second), Queue::Priority(_)) => first > second,
            (first, _, _) => first.is_some(),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Queue::Fifo(queue) => queue.len(),
            Queue::Priority(heap) => heap.len(),
        }
    }

    /// Takes out every message that `which` picks; one pass.
    pub(super) fn remove_all(&mut self, mut which: impl FnMut(&Message) -> bool) {
        match self {
            Queue::Fifo(queue) => queue.retain(|entry| !which(&entry.message)),
            Queue::Priority(heap) => heap.retain(|entry| !which(&entry.message)),
        }
    }

    fn first(&self) -> Option<&Entry> {
        match self {
            Queue::Fifo(queue) => queue.front(),
            Queue::Priority(heap) => heap.peek(),
        }
    }
}

/// Greater is what a max-heap gives first: the lower priority number, then the earlier arrival.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.message.priority, other.arrival).cmp(&(self.message.priority, self.arrival))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}
