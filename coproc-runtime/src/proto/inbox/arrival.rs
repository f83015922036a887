//! A message of which some has come, and the room that is lent for more.

use std::ops::Range;

use crate::proto::frame::{Kind, LONGEST_HEAD};
use crate::proto::{ChannelId, Payload, Priority, Terms};

/// A message put together from its frames.
#[derive(PartialEq, Eq, Debug)]
pub(in crate::proto) struct Arrival {
    pub(in crate::proto) kind: Kind,
    pub(in crate::proto) id: u64,
    pub(in crate::proto) channel: ChannelId,
    pub(in crate::proto) priority: Priority,
    pub(in crate::proto) terms: Terms,
    /// What the payload begins with, if that came by itself.
    pub(in crate::proto) head: Payload,
    /// How many bytes that is.
    pub(super) ahead: usize,
    /// What has come of the rest; behind that, room for more.
    pub(in crate::proto) payload: Payload,
    /// Bytes of the rest that have come.
    pub(super) filled: usize,
    /// Bytes that all of the rest will have.
    pub(super) length: u64,
    /// The same, once it has a buffer for all of them.
    pub(super) lent: usize,
}

impl Arrival {
    /// What it takes so far, in bytes, beside what every message takes.
    pub(super) fn cost(&self) -> usize {
        self.ahead + self.filled.max(self.lent) + self.channel.name().len()
    }

    pub(super) fn append(&mut self, bytes: &[u8]) {
        self.payload.put(self.filled, bytes);
        self.filled += bytes.len();
    }

    /// The whole payload.
    pub(in crate::proto) fn into_payload(self) -> Payload {
        if self.ahead == 0 { self.payload } else { self.head.with_tail(self.payload.into_vec()) }
    }

    /// Takes what has come for a head, if it is as short as one.
    pub(super) fn note_first_chunk(&mut self) {
        if self.filled <= LONGEST_HEAD {
            self.head = std::mem::take(&mut self.payload);
            self.ahead = self.filled;
            self.length = self.length.saturating_sub(self.filled as u64);
            self.filled = 0;
        }
    }

    /// Lends the payload for its next `left` bytes.
    pub(super) fn open(
        &mut self,
        left: usize,
        behind: usize,
        spare: impl FnOnce(usize) -> Option<Vec<u8>>,
    ) -> Opening {
        let mut payload = std::mem::take(&mut self.payload).into_vec();
        let range = self.filled..self.filled + left;
        let whole = usize::try_from(self.length).unwrap_or(usize::MAX);
        if payload.capacity() < range.end {
            match spare(whole).filter(|spare| spare.capacity() >= whole) {
                Some(mut spare) => {
                    self.lent = whole;
                    payload.truncate(self.filled);
                    replace_start(&mut spare, &payload);
                    payload = spare;
                }
                // Twice as much as has come, but no more than will.
                None => {
                    let wanted = range.end.max(self.filled.saturating_mul(2).min(whole));
                    payload.reserve_exact(wanted.saturating_sub(payload.len()));
                }
            }
        }
        Opening { payload, range, whole, behind }
    }
}

/// Room for the next bytes, where they belong: in the payload of a large message.
#[derive(Debug)]
pub struct Opening {
    pub(super) payload: Vec<u8>,
    range: Range<usize>,
    whole: usize,
    behind: usize,
}

impl Opening {
    /// The room itself.
    pub fn buffer(&mut self) -> &mut [u8] {
        if self.payload.len() < self.range.end {
            self.payload.resize(self.range.end, 0);
        }
        self.payload.get_mut(self.range.clone()).unwrap_or_default()
    }

    /// Bytes that the whole payload will have.
    #[must_use]
    pub fn whole(&self) -> usize {
        self.whole
    }

    /// How many of the bytes that follow it may be read with them: those behind have an opening of their own, most likely.
    #[must_use]
    pub fn behind(&self) -> usize {
        self.behind
    }
}

/// Puts bytes at the start of what a buffer holds, or instead of that where they are more.
fn replace_start(buffer: &mut Vec<u8>, bytes: &[u8]) {
    match buffer.get_mut(..bytes.len()) {
        Some(start) => start.copy_from_slice(bytes),
        None => {
            buffer.clear();
            buffer.extend_from_slice(bytes);
        }
    }
}
