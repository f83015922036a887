//! The wire: frames, their header, and how a message becomes frames.
//!
//! After the handshake (see [`handshake`](super::handshake)) each direction is a sequence of frames. All integers are
//! little-endian.
//!
//! | offset | bytes | field | meaning |
//! |---|---|---|---|
//! | 0 | 4 | length | bytes that follow the header in this frame, at most [`MAX_FRAME`] |
//! | 4 | 1 | kind | see [`Kind`] |
//! | 5 | 1 | flags | 1: has a priority; 2: more chunks of this message follow; 4: continues a message; 8: its answer may be gathered; others 0 |
//! | 6 | 1 | channel form | 0 default, 1 natural number, 2 negative number, 3 string, 4 value |
//! | 7 | 1 | reserved | 0 |
//! | 8 | 8 | channel | the number (two's complement), or the length of the name that follows the header |
//! | 16 | 8 | id | of the request that this is, answers or cancels; any other message has a number of its own |
//! | 24 | 4 | priority | signed level, lower first; 0 where flag 1 is not set |
//! | 28 | 4 | deadline | when the sender gives the request up: the low 32 bits of the milliseconds since it made its greeting; 0: never |
//!
//! Behind the header stand the channel's name (forms 3 and 4), then, in the first of several chunks (flag 2 without
//! flag 4), the whole payload's length as a `u64`, then the payload.
//!
//! A message whose payload is longer than its sender likes a frame to be travels as several; frames of more urgent messages
//! may stand between them, as long as what is unfinished (of answers, and of all else) is no more than the longest message that the
//! other side takes. A chunk that continues a message repeats its kind and id and leaves channel, priority and deadline
//! zero. A reply leaves its channel zero too: the request's is meant.

use super::channel::{ChannelId, ChannelKey, MAX_CHANNEL_NAME};
use super::limits::limit;
use super::{Deadline, Delivery, Priority, ProtocolError, Terms};

/// Bytes of a header.
pub const HEADER: usize = 32;

/// Payload bytes of one frame, where the pipe is as small as pipes are by default (`pipe(7)`): a more urgent message waits for
/// what the pipe holds and one chunk.
pub const CHUNK: usize = limit(64 << 10, 64);

/// The most payload bytes of one frame, where the pipe holds several of them.
pub const LONGEST_CHUNK: usize = limit(256 << 10, 160);

/// The longest frame that is accepted, behind its header, in bytes: room for larger chunks of later versions.
pub const MAX_FRAME: usize = limit(1 << 20, 512);

/// What a frame is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Kind {
    /// A message that nothing is owed for.
    NoRequest = 1,
    /// A message that a reply is owed for.
    Request = 2,
    /// The reply to a request.
    Reply = 3,
    /// A request's failure; its payload says how.
    Failure = 4,
    /// The answer to [`Kind::Cancel`], where the request had not begun.
    Cancelled = 5,
    /// An error that passes by channels and priorities.
    Error = 6,
    /// The wish that the other side close.
    CloseRequest = 7,
    /// The wish that a request be dropped.
    Cancel = 8,
    /// Reserved: room for stream items.
    Credit = 9,
    /// Reserved: one item of a stream.
    StreamItem = 10,
    /// Reserved: a call of the caller's closure.
    Callback = 11,
}

impl Kind {
    #[inline]
    fn from_wire(number: u8) -> Result<Self, ProtocolError> {
        Ok(match number {
            1 => Kind::NoRequest,
            2 => Kind::Request,
            3 => Kind::Reply,
            4 => Kind::Failure,
            5 => Kind::Cancelled,
            6 => Kind::Error,
            7 => Kind::CloseRequest,
            8 => Kind::Cancel,
            9..=11 => return Err(ProtocolError::ReservedKind(number)),
            _ => return Err(ProtocolError::UnknownKind(number)),
        })
    }

    /// Whether its id is one of the receiver's own requests.
    #[inline]
    pub(super) fn answers(self) -> bool {
        matches!(self, Kind::Reply | Kind::Failure | Kind::Cancelled)
    }
}

/// Where a frame stands in its message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Whole,
    First,
    Middle,
    Last,
}

impl Part {
    #[inline]
    pub(super) fn continues(self) -> bool {
        matches!(self, Part::Middle | Part::Last)
    }

    pub(super) fn goes_on(self) -> bool {
        matches!(self, Part::First | Part::Middle)
    }
}

/// A header, read and checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Header {
    pub(super) length: u32,
    pub(super) kind: Kind,
    pub(super) part: Part,
    pub(super) channel: ChannelField,
    pub(super) id: u64,
    pub(super) priority: Priority,
    pub(super) terms: Terms,
}

/// The channel as a header has it: a name is only announced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ChannelField {
    Default,
    Natural(u64),
    Negative(i64),
    Text { length: usize },
    Value { length: usize },
}

const HAS_PRIORITY: u8 = 1;
const MORE: u8 = 2;
const CONTINUES: u8 = 4;
const GATHERED: u8 = 8;

impl Header {
    /// The header of a frame without payload, on the default channel.
    #[inline]
    pub(super) fn bare(kind: Kind, id: u64) -> Self {
        Header {
            length: 0,
            kind,
            part: Part::Whole,
            channel: ChannelField::Default,
            id,
            priority: Priority::NONE,
            terms: Terms::default(),
        }
    }

    #[inline]
    pub(super) fn read(raw: &[u8; HEADER]) -> Result<Self, ProtocolError> {
        let [l0, l1, l2, l3, kind, flags, form, reserved, c0, c1, c2, c3, c4, c5, c6, c7, rest @ ..] = *raw;
        let [i0, i1, i2, i3, i4, i5, i6, i7, p0, p1, p2, p3, d0, d1, d2, d3] = rest;
        let kind = Kind::from_wire(kind)?;
        let is_plain = u64::from_le_bytes([flags, form, reserved, 0, p0, p1, p2, p3]) == 0
            && u64::from_le_bytes([c0, c1, c2, c3, c4, c5, c6, c7]) == 0;
        let length = u32::from_le_bytes([l0, l1, l2, l3]);
        if is_plain && length as usize <= MAX_FRAME {
            // Most are: in one piece, with nothing said.
            let id = u64::from_le_bytes([i0, i1, i2, i3, i4, i5, i6, i7]);
            let deadline = Deadline::from_wire(u32::from_le_bytes([d0, d1, d2, d3]));
            let terms = Terms { deadline, delivery: Delivery::Prompt };
            return Ok(Header { length, terms, ..Header::bare(kind, id) });
        }
        if reserved != 0 || flags & !(HAS_PRIORITY | MORE | CONTINUES | GATHERED) != 0 {
            return Err(ProtocolError::ReservedBits);
        }
        let part = match (flags & CONTINUES != 0, flags & MORE != 0) {
            (false, false) => Part::Whole,
            (false, true) => Part::First,
            (true, true) => Part::Middle,
            (true, false) => Part::Last,
        };
        let priority = match (flags & HAS_PRIORITY != 0, i32::from_le_bytes([p0, p1, p2, p3])) {
            (true, level) => Priority::new(level),
            (false, 0) => Priority::NONE,
            (false, _) => return Err(ProtocolError::ReservedBits),
        };
        let delivery = if flags & GATHERED == 0 { Delivery::Prompt } else { Delivery::Gathered };
        let header = Header {
            length: u32::from_le_bytes([l0, l1, l2, l3]),
            kind,
            part,
            channel: ChannelField::read(form, u64::from_le_bytes([c0, c1, c2, c3, c4, c5, c6, c7]))?,
            id: u64::from_le_bytes([i0, i1, i2, i3, i4, i5, i6, i7]),
            priority,
            terms: Terms { deadline: Deadline::from_wire(u32::from_le_bytes([d0, d1, d2, d3])), delivery },
        };
        if header.length as usize > MAX_FRAME {
            return Err(ProtocolError::FrameTooLong {
                length: header.length.into(),
                limit: MAX_FRAME as u64,
            });
        }
        if header.prefix() > header.length as usize {
            return Err(ProtocolError::InvalidChannel);
        }
        Ok(header)
    }

    #[inline]
    pub(super) fn write(&self, into: &mut Vec<u8>) {
        let (form, channel) = self.channel.wire();
        let level = self.priority.level();
        let mut flags = if level.is_some() { HAS_PRIORITY } else { 0 };
        flags |= match self.part {
            Part::Whole => 0,
            Part::First => MORE,
            Part::Middle => MORE | CONTINUES,
            Part::Last => CONTINUES,
        };
        flags |= match self.terms.delivery {
            Delivery::Prompt => 0,
            Delivery::Gathered => GATHERED,
        };
        let [l0, l1, l2, l3] = self.length.to_le_bytes();
        let [c0, c1, c2, c3, c4, c5, c6, c7] = channel.to_le_bytes();
        let [i0, i1, i2, i3, i4, i5, i6, i7] = self.id.to_le_bytes();
        let [p0, p1, p2, p3] = level.unwrap_or(0).to_le_bytes();
        let [d0, d1, d2, d3] = Deadline::to_wire(self.terms.deadline).to_le_bytes();
        // In one piece: it is the larger part of most messages.
        into.extend_from_slice(&[
            l0,
            l1,
            l2,
            l3,
            self.kind as u8,
            flags,
            form,
            0,
            c0,
            c1,
            c2,
            c3,
            c4,
            c5,
            c6,
            c7,
            i0,
            i1,
            i2,
            i3,
            i4,
            i5,
            i6,
            i7,
            p0,
            p1,
            p2,
            p3,
            d0,
            d1,
            d2,
            d3,
        ]);
    }

    /// Bytes between the header and the payload: the channel's name, and the whole length in a first chunk.
    #[inline]
    pub(super) fn prefix(&self) -> usize {
        let whole_length = if self.part == Part::First { size_of::<u64>() } else { 0 };
        self.channel.name_length() + whole_length
    }
}

impl ChannelField {
    #[inline]
    pub(super) fn of(channel: &ChannelId) -> Self {
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
    pub(super) fn resolve(self, name: &[u8]) -> Result<ChannelId, ProtocolError> {
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
    pub(super) fn name_length(self) -> usize {
        match self {
            ChannelField::Text { length } | ChannelField::Value { length } => length,
            ChannelField::Default | ChannelField::Natural(_) | ChannelField::Negative(_) => 0,
        }
    }

    #[inline]
    fn read(form: u8, field: u64) -> Result<Self, ProtocolError> {
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
    fn wire(self) -> (u8, u64) {
        match self {
            ChannelField::Default => (0, 0),
            ChannelField::Natural(number) => (1, number),
            ChannelField::Negative(number) => (2, number.cast_unsigned()),
            ChannelField::Text { length } => (3, length as u64),
            ChannelField::Value { length } => (4, length as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::Moment;
    use proptest::prelude::*;

    fn header() -> impl Strategy<Value = Header> {
        let channel = prop_oneof![
            Just(ChannelField::Default),
            any::<u64>().prop_map(ChannelField::Natural),
            (i64::MIN..0).prop_map(ChannelField::Negative),
            (0..=MAX_CHANNEL_NAME).prop_map(|length| ChannelField::Text { length }),
            (0..=MAX_CHANNEL_NAME).prop_map(|length| ChannelField::Value { length }),
        ];
        let kind = (1u8..=8).prop_map(|number| Kind::from_wire(number).unwrap());
        let part = prop_oneof![Just(Part::Whole), Just(Part::First), Just(Part::Middle), Just(Part::Last)];
        (
            8192..=MAX_FRAME as u32,
            kind,
            part,
            channel,
            any::<u64>(),
            any::<Option<i32>>(),
            any::<u32>(),
            any::<bool>(),
        )
            .prop_map(|(length, kind, part, channel, id, level, deadline, gathered)| Header {
                length,
                kind,
                part,
                channel,
                id,
                priority: level.into(),
                terms: Terms {
                    deadline: Deadline::from_wire(deadline),
                    delivery: if gathered { Delivery::Gathered } else { Delivery::Prompt },
                },
            })
    }

    proptest! {
        #[test]
        fn a_header_reads_back(header in header()) {
            let mut raw = Vec::new();
            header.write(&mut raw);
            prop_assert_eq!(Header::read(&raw.try_into().unwrap()), Ok(header));
        }

        #[test]
        fn any_header_that_is_accepted_is_written_the_same(raw: [u8; HEADER], kind in 0u8..=12, flags in 0u8..=16, form in 0u8..=5) {
            let mut raw = raw;
            (raw[2], raw[3], raw[4], raw[5], raw[6], raw[7]) = (0, 0, kind, flags, form, 0);
            if let Ok(header) = Header::read(&raw) {
                let mut again = Vec::new();
                header.write(&mut again);
                prop_assert_eq!(again, raw.to_vec());
            }
        }
    }

    #[test]
    fn the_documented_bytes() {
        let header = Header {
            length: 0x0102,
            part: Part::First,
            channel: ChannelField::Natural(7),
            priority: Priority::new(-2),
            terms: Terms {
                deadline: Some(Deadline::at(Moment::from_millis(1000))),
                delivery: Delivery::Gathered,
            },
            ..Header::bare(Kind::Request, 9)
        };
        let mut raw = Vec::new();
        header.write(&mut raw);
        let expected = [
            [2, 1, 0, 0, 2, 11, 1, 0],
            [7, 0, 0, 0, 0, 0, 0, 0],
            [9, 0, 0, 0, 0, 0, 0, 0],
            [0xfe, 0xff, 0xff, 0xff, 0xe8, 3, 0, 0],
        ];
        assert_eq!(raw, expected.concat());
    }
}
