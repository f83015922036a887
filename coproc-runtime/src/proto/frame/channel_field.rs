//! The channel in a header: the number that it is, or the length of its name.

use crate::proto::ProtocolError;
use crate::proto::channel::{ChannelId, ChannelKey, MAX_CHANNEL_NAME};

/// The channel as a header has it: a name is only announced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::proto) enum ChannelField {
    Default,
    Natural(u64),
    Negative(i64),
    Text { length: usize },
    Value { length: usize },
}

impl ChannelField {
    #[inline]
    pub(in crate::proto) fn of(channel: &ChannelId) -> Self {
        match channel.key() {
            ChannelKey::Default => ChannelField::Default,
            ChannelKey::Natural(number) => ChannelField::Natural(number),
            ChannelKey::Negative(number) => ChannelField::Negative(number),
            ChannelKey::Text(name) => ChannelField::Text { length: name.len() },
            ChannelKey::Value(bytes) => ChannelField::Value { length: bytes.len() },
        }
    }

    /// The channel, given the bytes of its name.
    #[inline]
    pub(in crate::proto) fn resolve(self, name: &[u8]) -> Result<ChannelId, ProtocolError> {
        if self == ChannelField::Default {
            return Ok(ChannelId::DEFAULT);
        }
        Ok(ChannelId::from(match self {
            ChannelField::Default => ChannelKey::Default,
            ChannelField::Natural(number) => ChannelKey::Natural(number),
            ChannelField::Negative(number) => ChannelKey::Negative(number),
            ChannelField::Text { .. } => {
                ChannelKey::Text(std::str::from_utf8(name).map_err(|_| ProtocolError::InvalidChannel)?)
            }
            ChannelField::Value { .. } => ChannelKey::Value(name),
        }))
    }

    #[inline]
    pub(in crate::proto) fn name_length(self) -> usize {
        match self {
            ChannelField::Text { length } | ChannelField::Value { length } => length,
            ChannelField::Default | ChannelField::Natural(_) | ChannelField::Negative(_) => 0,
        }
    }

    #[inline]
    pub(super) fn read(form: u8, field: u64) -> Result<Self, ProtocolError> {
        let name_length = || {
            usize::try_from(field)
                .ok()
                .filter(|n| *n <= MAX_CHANNEL_NAME)
                .ok_or(ProtocolError::InvalidChannel)
        };
        match (form, field) {
            (0, 0) => Ok(ChannelField::Default),
            (1, number) => Ok(ChannelField::Natural(number)),
            (2, number) if number.cast_signed() < 0 => Ok(ChannelField::Negative(number.cast_signed())),
            (3, _) => Ok(ChannelField::Text { length: name_length()? }),
            (4, _) => Ok(ChannelField::Value { length: name_length()? }),
            _ => Err(ProtocolError::InvalidChannel),
        }
    }

    #[inline]
    pub(super) fn wire(self) -> (u8, u64) {
        match self {
            ChannelField::Default => (0, 0),
            ChannelField::Natural(number) => (1, number),
            ChannelField::Negative(number) => (2, number.cast_unsigned()),
            ChannelField::Text { length } => (3, length as u64),
            ChannelField::Value { length } => (4, length as u64),
        }
    }
}
