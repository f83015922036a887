//! Queues of messages: first come first served, or the most urgent first.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use super::Message;

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
    Fifo(VecDeque<Message>),
    Priority { heap: BinaryHeap<Entry>, last: i64, first: i64 },
}

/// A message with its place among equals.
#[derive(Debug)]
pub(super) struct Entry {
    arrival: i64,
    message: Message,
}

impl Queue {
    pub(super) fn new(order: Order) -> Self {
        match order {
            Order::Fifo => Queue::Fifo(VecDeque::new()),
            Order::Priority => Queue::Priority { heap: BinaryHeap::new(), last: 0, first: 0 },
        }
    }

    pub(super) fn push(&mut self, message: Message) {
        match self {
            Queue::Fifo(queue) => queue.push_back(message),
            Queue::Priority { heap, last, .. } => {
                *last += 1;
                heap.push(Entry { arrival: *last, message });
            }
        }
    }

    /// Puts a message ahead of its equals.
    pub(super) fn push_front(&mut self, message: Message) {
        match self {
            Queue::Fifo(queue) => queue.push_front(message),
            Queue::Priority { heap, first, .. } => {
                *first -= 1;
                heap.push(Entry { arrival: *first, message });
            }
        }
    }

    pub(super) fn pop(&mut self) -> Option<Message> {
        match self {
            Queue::Fifo(queue) => queue.pop_front(),
            Queue::Priority { heap, .. } => heap.pop().map(|entry| entry.message),
        }
    }

    /// The first message that `which` picks; cheap where it is the first of all.
    pub(super) fn pop_first(&mut self, which: impl Fn(&Message) -> bool) -> Option<Message> {
        if self.peek().is_some_and(&which) {
            return self.pop();
        }
        match self {
            Queue::Fifo(queue) => queue.iter().position(which).and_then(|place| queue.remove(place)),
            Queue::Priority { heap, .. } => {
                let mut entries = std::mem::take(heap).into_sorted_vec();
                let found = entries.iter().rposition(|entry| which(&entry.message));
                let message = found.map(|place| entries.remove(place).message);
                *heap = entries.into();
                message
            }
        }
    }

    pub(super) fn peek(&self) -> Option<&Message> {
        match self {
            Queue::Fifo(queue) => queue.front(),
            Queue::Priority { heap, .. } => heap.peek().map(|entry| &entry.message),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Queue::Fifo(queue) => queue.len(),
            Queue::Priority { heap, .. } => heap.len(),
        }
    }

    /// Takes out every message that `which` picks; one pass.
    pub(super) fn remove_all(&mut self, mut which: impl FnMut(&Message) -> bool) {
        match self {
            Queue::Fifo(queue) => queue.retain(|message| !which(message)),
            Queue::Priority { heap, .. } => heap.retain(|entry| !which(&entry.message)),
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
