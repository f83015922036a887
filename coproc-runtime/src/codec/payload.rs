//! A payload that is being read: the bytes and the elements that it has left.

use std::cell::{Cell, OnceCell};

use bincode::de::read::Reader;
use bincode::error::DecodeError;

use super::ELEMENT_ALLOWANCE;
use crate::buffers::LARGE;

/// Integers of variable length up to this one are a byte; those above tell how many bytes follow.
pub(super) const LARGEST_SINGLE_BYTE: u8 = 250;

/// What is left of a payload.
#[derive(Clone, Copy)]
pub(super) struct Payload<'de> {
    bytes: &'de [u8],
    last: Option<&'de Last>,
    elements: usize,
}

/// The bytes that a payload ends with and nearly consists of: whoever wants to own them can have their buffer.
pub(crate) struct Last {
    /// It and perhaps what stands ahead of it, until it is taken or lent.
    buffer: Cell<Option<Vec<u8>>>,
    /// The same, once it is lent.
    lent: OnceCell<Vec<u8>>,
    /// What stands ahead of it and the bytes in one piece, where they turn out not to be a value of their own.
    whole: OnceCell<Vec<u8>>,
    start: usize,
    length: usize,
}

/// How far from its start a payload's last value may begin, where it came in one piece.
pub(super) const LONGEST_HEAD: usize = 64;

impl Last {
    /// Bytes that came in a buffer of their own.
    pub(crate) fn new(buffer: Vec<u8>) -> Self {
        let length = buffer.len();
        let (lent, whole) = (OnceCell::new(), OnceCell::new());
        Last { buffer: Cell::new(Some(buffer)), lent, whole, start: 0, length }
    }

    /// The last value of a large payload, if that is what its first length says, and what stands ahead of it.
    pub(super) fn find(payload: &mut Vec<u8>) -> Option<(Vec<u8>, Self)> {
        if payload.len() < LARGE {
            return None;
        }
        // A length that fits has the form of its size: `config::standard`, "varint encoding".
        let marks = payload.get(..LONGEST_HEAD)?.iter().enumerate();
        let starts = marks.filter_map(|(at, mark)| match mark {
            252 => Some((at + 1, size_of::<u32>())),
            253 => Some((at + 1, size_of::<u64>())),
            _ => None,
        });
        let start = starts.map(|(at, size)| at..at + size).find(|range| {
            let mut length = [0; size_of::<u64>()];
            let raw = payload.get(range.clone()).unwrap_or_default();
            length.iter_mut().zip(raw).for_each(|(to, from)| *to = *from);
            u64::from_le_bytes(length) == payload.len().saturating_sub(range.end) as u64
        })?;
        let (start, length) = (start.end, payload.len().saturating_sub(start.end));
        let head = payload.get(..start)?.to_vec();
        Some((head, Last { start, length, ..Last::new(std::mem::take(payload)) }))
    }

    /// The buffer, where nobody has taken it.
    pub(crate) fn into_buffer(self) -> Option<Vec<u8>> {
        self.buffer.into_inner().or(self.lent.into_inner())
    }

    /// The whole payload of which it is the last value, where nobody has taken that.
    pub(super) fn whole(&self, head: &[u8]) -> Option<&[u8]> {
        let last = self.lend()?;
        Some(if self.start > 0 { self.lent.get()? } else { self.whole.get_or_init(|| [head, last].concat()) })
    }

    fn take(&self) -> Option<Vec<u8>> {
        let mut buffer = self.buffer.take()?;
        buffer.drain(..self.start.min(buffer.len()));
        Some(buffer)
    }

    /// The bytes, where nobody has taken them.
    pub(super) fn lend(&self) -> Option<&[u8]> {
        if let Some(buffer) = self.buffer.take() {
            // Nothing is lent as long as there is something to lend.
            let _ = self.lent.set(buffer);
        }
        self.lent.get()?.get(self.start..)
    }
}

impl<'de> Payload<'de> {
    #[inline]
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        Self { bytes, last: None, elements: bytes.len().saturating_add(ELEMENT_ALLOWANCE) }
    }

    /// A payload whose last value stands apart.
    pub(super) fn with_last(head: &'de [u8], last: &'de Last) -> Self {
        let elements = head.len().saturating_add(last.length).saturating_add(ELEMENT_ALLOWANCE);
        Self { bytes: head, last: Some(last), elements }
    }

    /// How many bytes are left.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.bytes.len() + self.last.map_or(0, |last| last.length)
    }

    /// The payload's last value, if that is next and has so many bytes.
    #[inline]
    pub(super) fn take_last(&mut self, length: usize) -> Option<Vec<u8>> {
        if !self.bytes.is_empty() {
            return None;
        }
        self.last.take_if(|last| last.length == length)?.take()
    }

    /// The same, borrowed.
    #[cold]
    fn lend_last(&mut self, length: usize) -> Option<&'de [u8]> {
        if !self.bytes.is_empty() {
            return None;
        }
        self.last.take_if(|last| last.length == length)?.lend()
    }

    /// The next `length` bytes, borrowed: nothing is allocated for bytes that are not there.
    #[inline]
    pub(super) fn take(&mut self, length: usize) -> Result<&'de [u8], DecodeError> {
        let Some((taken, rest)) = self.bytes.split_at_checked(length) else {
            let additional = length.saturating_sub(self.bytes.len());
            return self.lend_last(length).ok_or(DecodeError::UnexpectedEnd { additional });
        };
        self.bytes = rest;
        Ok(taken)
    }

    /// The next `N` bytes.
    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let Some((taken, rest)) = self.bytes.split_first_chunk() else {
            return Err(DecodeError::UnexpectedEnd { additional: N.saturating_sub(self.bytes.len()) });
        };
        self.bytes = rest;
        Ok(*taken)
    }

    /// An integer of variable length, if it is one byte.
    #[inline]
    pub(super) fn small(&mut self) -> Option<u8> {
        let (byte, rest) = self.bytes.split_first()?;
        if *byte > LARGEST_SINGLE_BYTE {
            return None;
        }
        self.bytes = rest;
        Some(*byte)
    }

    /// Whether `count` elements more are within the payload's limit, from which they are then taken.
    #[inline]
    pub(super) fn claim_elements(&mut self, count: usize) -> bool {
        let left = self.elements.checked_sub(count);
        self.elements = left.unwrap_or(0);
        left.is_some()
    }
}

impl Reader for Payload<'_> {
    #[inline]
    fn read(&mut self, bytes: &mut [u8]) -> Result<(), DecodeError> {
        // What is read so is a number: never what stands apart.
        let Some((taken, rest)) = self.bytes.split_at_checked(bytes.len()) else {
            return Err(DecodeError::UnexpectedEnd {
                additional: bytes.len().saturating_sub(self.bytes.len()),
            });
        };
        bytes.copy_from_slice(taken);
        self.bytes = rest;
        Ok(())
    }

    #[inline]
    fn peek_read(&mut self, length: usize) -> Option<&[u8]> {
        self.bytes.get(..length)
    }

    #[inline]
    fn consume(&mut self, length: usize) {
        self.bytes = self.bytes.get(length..).unwrap_or_default();
    }
}
