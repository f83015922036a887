//! Bytes whose order is settled, on their way into the pipe.

use std::ops::Range;

use super::Priority;

/// Frames in order, the payload of the last of them where it lies if it is large.
#[derive(Debug)]
pub(super) struct Stream {
    ready: Vec<u8>,
    /// Bytes of `ready` that are written.
    start: usize,
    lent: Option<Lent>,
    /// The most urgent of what is in order.
    urgency: Priority,
    /// The pipe was offered these bytes and has not taken all of them.
    offered: bool,
    /// Bytes written since the beginning.
    written: u64,
}

/// A chunk of a payload that is written from where it lies, behind `ready`.
#[derive(Debug)]
struct Lent {
    payload: Vec<u8>,
    unwritten: Range<usize>,
}

impl Default for Stream {
    fn default() -> Self {
        let (ready, urgency) = (Vec::new(), Priority::NONE);
        Stream { ready, start: 0, lent: None, urgency, offered: false, written: 0 }
    }
}

impl Stream {
    /// Where frames are written, behind those that are there; they are as urgent as that.
    #[inline]
    pub(super) fn ready(&mut self, urgency: Priority) -> &mut Vec<u8> {
        self.urgency = self.urgency.min(urgency);
        &mut self.ready
    }

    /// Has a part of a payload follow from where it lies; until that is written, nothing is put behind it.
    pub(super) fn lend(&mut self, payload: Vec<u8>, unwritten: Range<usize>) {
        self.lent = Some(Lent { payload, unwritten });
    }

    /// Whether more can be put in order, behind at most so many bytes.
    #[inline]
    pub(super) fn takes_more(&self, most: usize) -> bool {
        !self.offered && self.lent.is_none() && self.ready.len() < most
    }

    /// The next bytes for the pipe, in two pieces; both empty when all is written.
    #[inline]
    pub(super) fn offer(&mut self) -> [&[u8]; 2] {
        let lent = self.lent.as_ref().and_then(|lent| lent.payload.get(lent.unwritten.clone()));
        let pieces = [self.ready.get(self.start..).unwrap_or_default(), lent.unwrap_or_default()];
        self.offered = pieces.iter().any(|piece| !piece.is_empty());
        pieces
    }

    /// Takes note that the pipe took `count` bytes; the payload that was lent, once all is written.
    #[inline]
    pub(super) fn wrote(&mut self, count: usize) -> Option<Vec<u8>> {
        let of_ready = count.min(self.unwritten());
        self.start += of_ready;
        let of_lent = self.lent.as_ref().map_or(0, |lent| lent.unwritten.len()).min(count - of_ready);
        self.written += (of_ready + of_lent) as u64;
        if let Some(lent) = &mut self.lent {
            lent.unwritten.start += of_lent;
        }
        if self.end() == self.written { self.reset() } else { None }
    }

    /// Drops everything: nobody will read it.
    pub(super) fn clear(&mut self) {
        self.written = self.end();
        self.reset();
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// Whether the pipe was offered these bytes and has not taken all of them.
    #[inline]
    pub(super) fn is_offered(&self) -> bool {
        self.offered
    }

    /// Whether the pipe has not taken something at least as urgent as that.
    #[inline]
    pub(super) fn holds_as_urgent(&self, priority: Priority) -> bool {
        self.offered && self.urgency <= priority
    }

    /// Bytes that are not written, but for what is lent.
    #[inline]
    pub(super) fn unwritten(&self) -> usize {
        self.ready.len() - self.start
    }

    /// Bytes written since the beginning.
    #[inline]
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// The same once all of these are.
    #[inline]
    pub(super) fn end(&self) -> u64 {
        let lent = self.lent.as_ref().map_or(0, |lent| lent.unwritten.len());
        self.written + (self.unwritten() + lent) as u64
    }

    fn reset(&mut self) -> Option<Vec<u8>> {
        self.ready.clear();
        self.start = 0;
        self.urgency = Priority::NONE;
        self.offered = false;
        self.lent.take().map(|lent| lent.payload)
    }
}
