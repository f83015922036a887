//! A payload that is being read: the bytes and the elements that it has left.

use bincode::de::read::Reader;
use bincode::error::DecodeError;

use super::ELEMENT_ALLOWANCE;

/// What is left of a payload.
pub(super) struct Payload<'de> {
    bytes: &'de [u8],
    elements: usize,
}

impl<'de> Payload<'de> {
    #[inline]
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        Self { bytes, elements: bytes.len().saturating_add(ELEMENT_ALLOWANCE) }
    }

    /// How many bytes are left.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The next `length` bytes, borrowed: nothing is allocated for bytes that are not there.
    #[inline]
    pub(super) fn take(&mut self, length: usize) -> Result<&'de [u8], DecodeError> {
        let Some((taken, rest)) = self.bytes.split_at_checked(length) else {
            let additional = length.saturating_sub(self.bytes.len());
            return Err(DecodeError::UnexpectedEnd { additional });
        };
        self.bytes = rest;
        Ok(taken)
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
        bytes.copy_from_slice(self.take(bytes.len())?);
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
