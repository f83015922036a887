//! The bytes of a message's value: few in place, more in a buffer of their own, and a large last part in one of its own.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use super::spares::Spares;

/// Bytes that need no allocation: what a call with a few numbers takes.
const SHORT: usize = 30;

/// The bytes of a message's value, as the codec wrote them.
#[derive(Clone)]
pub struct Payload(Bytes);

#[derive(Clone)]
enum Bytes {
    /// At most [`SHORT`] of them.
    Short {
        length: u8,
        bytes: [u8; SHORT],
    },
    Long(Vec<u8>),
    Parted(Box<Parted>),
}

/// Bytes in two pieces.
#[derive(Clone)]
struct Parted {
    head: Payload,
    tail: Vec<u8>,
    /// Both, once somebody wants to see them as one.
    whole: OnceLock<Vec<u8>>,
}

impl Payload {
    /// No bytes.
    pub const EMPTY: Payload = Payload(Bytes::Short { length: 0, bytes: [0; SHORT] });

    /// Copies bytes, many into a buffer that was used before.
    #[inline]
    pub(super) fn copy(bytes: &[u8], spares: &mut Spares) -> Self {
        if bytes.len() <= SHORT { bytes.into() } else { spares.copy(bytes).into() }
    }

    /// Bytes that it takes, with what its buffer has room for.
    #[inline]
    pub(super) fn size(&self) -> usize {
        match &self.0 {
            Bytes::Short { length, .. } => usize::from(*length),
            Bytes::Long(bytes) => bytes.capacity(),
            Bytes::Parted(parted) => parted.size(),
        }
    }

    /// These bytes, and behind them others that stay where they are.
    pub(super) fn with_tail(self, tail: Vec<u8>) -> Self {
        Payload(Bytes::Parted(Box::new(Parted { head: self, tail, whole: OnceLock::new() })))
    }

    /// The same bytes in a buffer of their own.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        match self.0 {
            Bytes::Short { .. } => self.to_vec(),
            Bytes::Long(bytes) => bytes,
            Bytes::Parted(parted) => parted.into_whole(),
        }
    }

    /// What it begins with, and the rest in the buffer in which that came, if it has one of its own.
    #[inline]
    pub(crate) fn take_parts(&mut self) -> Option<(Payload, Vec<u8>)> {
        if let Bytes::Parted(parted) = &mut self.0 { Some(parted.take()) } else { None }
    }

    /// The buffer of many bytes, to be used again; empty where there is none.
    #[inline]
    pub(crate) fn into_long(self) -> Vec<u8> {
        match self.0 {
            // What came in two parts was taken apart before.
            Bytes::Short { .. } | Bytes::Parted(_) => Vec::new(),
            Bytes::Long(bytes) => bytes,
        }
    }

    #[inline]
    pub(super) fn extend_from_slice(&mut self, more: &[u8]) {
        match &mut self.0 {
            Bytes::Long(bytes) => bytes.extend_from_slice(more),
            Bytes::Parted(_) => {
                let mut whole = std::mem::take(self).into_vec();
                whole.extend_from_slice(more);
                self.0 = Bytes::Long(whole);
            }
            Bytes::Short { length, bytes } => {
                let (start, end) = (usize::from(*length), usize::from(*length) + more.len());
                match bytes.get_mut(start..end) {
                    Some(place) => {
                        place.copy_from_slice(more);
                        // It is at most `SHORT`.
                        *length = end as u8;
                    }
                    None => {
                        let mut long = Vec::with_capacity(end);
                        long.extend_from_slice(self);
                        long.extend_from_slice(more);
                        self.0 = Bytes::Long(long);
                    }
                }
            }
        }
    }

    /// Puts bytes at an index, over what is there and beyond the end.
    pub(super) fn put(&mut self, at: usize, bytes: &[u8]) {
        if let Bytes::Long(long) = &mut self.0
            && let Some(place) = long.get_mut(at..at + bytes.len())
        {
            place.copy_from_slice(bytes);
        } else {
            self.truncate(at);
            self.extend_from_slice(bytes);
        }
    }

    /// Drops what is behind an index.
    pub(super) fn truncate(&mut self, at: usize) {
        match &mut self.0 {
            Bytes::Long(bytes) => bytes.truncate(at),
            Bytes::Parted(_) => {
                let mut whole = std::mem::take(self).into_vec();
                whole.truncate(at);
                self.0 = Bytes::Long(whole);
            }
            // At most what it is.
            Bytes::Short { length, .. } => *length = at.min(usize::from(*length)) as u8,
        }
    }
}

impl Deref for Payload {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Bytes::Short { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or(bytes),
            Bytes::Long(bytes) => bytes,
            Bytes::Parted(parted) => parted.whole(),
        }
    }
}

impl Parted {
    #[cold]
    fn size(&self) -> usize {
        self.head.size() + self.tail.capacity()
    }

    #[cold]
    fn whole(&self) -> &[u8] {
        self.whole.get_or_init(|| [&*self.head, &self.tail].concat())
    }

    #[cold]
    fn into_whole(self) -> Vec<u8> {
        self.whole.into_inner().unwrap_or_else(|| [&*self.head, &self.tail].concat())
    }

    #[cold]
    #[inline(never)]
    fn take(&mut self) -> (Payload, Vec<u8>) {
        self.whole.take();
        (std::mem::take(&mut self.head), std::mem::take(&mut self.tail))
    }
}

impl Default for Payload {
    fn default() -> Self {
        Payload::EMPTY
    }
}

impl From<&[u8]> for Payload {
    #[inline]
    fn from(bytes: &[u8]) -> Self {
        let mut short = [0; SHORT];
        let Some(place) = short.get_mut(..bytes.len()) else { return bytes.to_vec().into() };
        place.copy_from_slice(bytes);
        // It is at most `SHORT`.
        Payload(Bytes::Short { length: bytes.len() as u8, bytes: short })
    }
}

impl From<Vec<u8>> for Payload {
    fn from(bytes: Vec<u8>) -> Self {
        Payload(Bytes::Long(bytes))
    }
}

impl AsRef<[u8]> for Payload {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl<T: AsRef<[u8]> + ?Sized> PartialEq<T> for Payload {
    fn eq(&self, other: &T) -> bool {
        **self == *other.as_ref()
    }
}

impl Eq for Payload {}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_are_the_same_wherever_they_lie(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..4)) {
            let whole = parts.concat();
            let mut payload = Payload::EMPTY;
            for part in &parts {
                payload.extend_from_slice(part);
            }
            prop_assert_eq!(&payload, &whole);
            prop_assert_eq!(&payload, &Payload::from(whole.clone()));
            for at in 0..=whole.len() {
                let mut parted = Payload::from(&whole[..at]).with_tail(whole[at..].to_vec());
                prop_assert_eq!(parted.clone().into_vec(), &*whole);
                prop_assert_eq!(&parted, &whole);
                prop_assert_eq!(parted.clone().into_vec(), &*whole);
                prop_assert_eq!(parted.take_parts(), Some((whole[..at].into(), whole[at..].to_vec())));
            }
            prop_assert_eq!(payload.into_vec(), whole);
        }
    }

    #[test]
    fn it_is_little_beside_a_vec() {
        assert_eq!(size_of::<Payload>(), 32);
    }
}
