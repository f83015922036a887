//! Channels: the names under which messages are queued and counted apart.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The longest name of a channel, in bytes: it travels in each frame, so it has to be small beside a chunk.
pub const MAX_CHANNEL_NAME: usize = 4096;

/// The name of a channel.
///
/// The default channel has no name and is a channel like any other. Integers and strings are names; so is every
/// other serialisable value, by way of its bytes ([`ChannelId::of`](#method.of)). Integers are equal whatever their
/// type was; an integer, a string and a value are never equal to each other.
///
/// # Examples
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::proto::ChannelId;
///
/// assert_eq!(ChannelId::from(7u8), ChannelId::from(7i64));
/// assert_eq!(ChannelId::from("bulk"), ChannelId::named("bulk"));
/// assert_eq!(ChannelId::from(()), ChannelId::DEFAULT);
/// assert_ne!(ChannelId::from("7"), ChannelId::from(7));
/// ```
#[derive(Clone, Default)]
pub struct ChannelId(Name);

#[derive(Clone, Default)]
enum Name {
    #[default]
    Default,
    Natural(u64),
    Negative(i64),
    Static(&'static str),
    Text(Arc<str>),
    Value(Arc<[u8]>),
}

/// What makes two channels the same, and what travels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum ChannelKey<'a> {
    Default,
    Negative(i64),
    Natural(u64),
    Text(&'a str),
    Value(&'a [u8]),
}

impl ChannelId {
    /// The channel without a name.
    pub const DEFAULT: ChannelId = ChannelId(Name::Default);

    /// The channel of a fixed name, without an allocation.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        ChannelId(Name::Static(name))
    }

    /// The channel of an integer.
    #[must_use]
    pub const fn integer(number: i64) -> Self {
        if number < 0 {
            ChannelId(Name::Negative(number))
        } else {
            ChannelId(Name::Natural(number.unsigned_abs()))
        }
    }

    /// The channel of a value's bytes, as some codec wrote them: equal bytes are the same channel.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        ChannelId(Name::Value(bytes.into()))
    }

    /// Whether this is the channel without a name.
    #[must_use]
    #[inline]
    pub fn is_default(&self) -> bool {
        matches!(self.0, Name::Default)
    }

    #[inline]
    pub(super) fn key(&self) -> ChannelKey<'_> {
        match &self.0 {
            Name::Default => ChannelKey::Default,
            Name::Natural(number) => ChannelKey::Natural(*number),
            Name::Negative(number) => ChannelKey::Negative(*number),
            Name::Static(name) => ChannelKey::Text(name),
            Name::Text(name) => ChannelKey::Text(name),
            Name::Value(bytes) => ChannelKey::Value(bytes),
        }
    }

    /// The bytes that stand behind a frame's header.
    #[inline]
    pub(super) fn name(&self) -> &[u8] {
        match self.key() {
            ChannelKey::Text(name) => name.as_bytes(),
            ChannelKey::Value(bytes) => bytes,
            ChannelKey::Default | ChannelKey::Natural(_) | ChannelKey::Negative(_) => &[],
        }
    }
}

impl From<ChannelKey<'_>> for ChannelId {
    fn from(key: ChannelKey<'_>) -> Self {
        ChannelId(match key {
            ChannelKey::Default => Name::Default,
            ChannelKey::Natural(number) => Name::Natural(number),
            ChannelKey::Negative(number) => Name::Negative(number),
            ChannelKey::Text(name) => Name::Text(name.into()),
            ChannelKey::Value(bytes) => Name::Value(bytes.into()),
        })
    }
}

impl PartialEq for ChannelId {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for ChannelId {}

/// Integers by value, strings and values by their bytes.
impl Ord for ChannelId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for ChannelId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for ChannelId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Debug for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChannelId({self})")
    }
}

impl fmt::Display for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key() {
            ChannelKey::Default => f.write_str("default"),
            ChannelKey::Natural(number) => number.fmt(f),
            ChannelKey::Negative(number) => number.fmt(f),
            ChannelKey::Text(name) => write!(f, "{name:?}"),
            ChannelKey::Value(bytes) => write!(f, "{bytes:02x?}"),
        }
    }
}

impl From<()> for ChannelId {
    fn from((): ()) -> Self {
        ChannelId::DEFAULT
    }
}

impl From<&ChannelId> for ChannelId {
    fn from(channel: &ChannelId) -> Self {
        channel.clone()
    }
}

impl From<&str> for ChannelId {
    fn from(name: &str) -> Self {
        ChannelId(Name::Text(name.into()))
    }
}

impl From<String> for ChannelId {
    fn from(name: String) -> Self {
        ChannelId(Name::Text(name.into()))
    }
}

macro_rules! from_unsigned {
    ($($integer:ty),*) => {$(
        impl From<$integer> for ChannelId {
            fn from(number: $integer) -> Self {
                ChannelId(Name::Natural(number as u64))
            }
        }
    )*};
}

macro_rules! from_signed {
    ($($integer:ty),*) => {$(
        impl From<$integer> for ChannelId {
            fn from(number: $integer) -> Self {
                ChannelId::integer(number as i64)
            }
        }
    )*};
}

from_unsigned!(u8, u16, u32, u64, usize);
from_signed!(i8, i16, i32, i64, isize);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn equal_by_what_they_name() {
        let same: HashSet<ChannelId> =
            [ChannelId::named("a"), "a".into(), String::from("a").into()].into_iter().collect();
        assert_eq!(same.len(), 1);
        assert_ne!(ChannelId::from_bytes(b"a"), "a".into());
        assert_ne!(ChannelId::from(u64::MAX), ChannelId::from(-1));
        assert_ne!(ChannelId::from(0), ChannelId::DEFAULT);
        assert_eq!(ChannelId::integer(i64::MIN).to_string(), i64::MIN.to_string());
    }
}
