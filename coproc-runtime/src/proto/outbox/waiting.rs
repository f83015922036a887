//! A message that waits for its turn, and the chunks that it is cut into.

use std::ops::Range;

use super::{Departure, LENT};
use crate::proto::frame::LONGEST_HEAD;
use crate::proto::{Budget, Payload};

/// A message that can be overtaken, until the last chunk of it is in order.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) departure: Departure,
    /// What stands ahead of the payload, and leaves as a chunk of its own; for most messages nothing.
    pub(super) head: Payload,
    /// Empty while it is lent.
    pub(super) payload: Vec<u8>,
    /// Bytes of both.
    pub(super) length: usize,
    pub(super) sent: usize,
}

impl Waiting {
    pub(super) fn new(departure: Departure, payload: &mut Vec<u8>, tail: &mut Vec<u8>) -> Self {
        let length = payload.len() + tail.len();
        let (head, payload) = if tail.is_empty() {
            (Payload::EMPTY, std::mem::take(payload))
        } else if payload.len() <= LONGEST_HEAD {
            let head = Payload::from(&**payload);
            payload.clear();
            (head, std::mem::take(tail))
        } else {
            payload.append(tail);
            (Payload::EMPTY, std::mem::take(payload))
        };
        Waiting { departure, head, payload, length, sent: 0 }
    }

    /// The next chunk of at most about so many bytes.
    pub(super) fn next_chunk(&self, most: usize) -> Range<usize> {
        let left = self.length - self.sent;
        let count = match self.sent {
            0 if !self.head.is_empty() => self.head.len(),
            // A short rest goes with what is ahead of it.
            _ if left < most + LENT => left,
            _ => most,
        };
        self.sent..self.sent + count
    }

    /// Whether it leaves as one frame, with chunks of so many bytes.
    pub(super) fn is_one_frame(&self, chunk: usize) -> bool {
        self.head.is_empty() && self.length < chunk + LENT
    }

    /// What the other side counts for it while it is unfinished there, in bytes.
    pub(super) fn cost(&self) -> u64 {
        Budget::OVERHEAD + (self.length + self.departure.channel.name().len()) as u64
    }
}
