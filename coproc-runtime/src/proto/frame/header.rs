//! What stands ahead of each frame: read and checked, and written.

use super::{ALIGNED, ChannelField, HEADER, Kind, MAX_FRAME, Part};
use crate::proto::{Deadline, Delivery, Priority, ProtocolError, Terms};

/// A header, read and checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::proto) struct Header {
    pub(in crate::proto) length: u32,
    pub(in crate::proto) kind: Kind,
    pub(in crate::proto) part: Part,
    pub(in crate::proto) channel: ChannelField,
    /// Bytes of no meaning ahead of the payload.
    pub(in crate::proto) padding: u8,
    pub(in crate::proto) id: u64,
    pub(in crate::proto) priority: Priority,
    pub(in crate::proto) terms: Terms,
}

const HAS_PRIORITY: u8 = 1;
const MORE: u8 = 2;
const CONTINUES: u8 = 4;
const GATHERED: u8 = 8;

impl Header {
    /// The header of a frame without payload, on the default channel.
    #[inline]
    pub(in crate::proto) fn bare(kind: Kind, id: u64) -> Self {
        Header {
            length: 0,
            kind,
            part: Part::Whole,
            channel: ChannelField::Default,
            padding: 0,
            id,
            priority: Priority::NONE,
            terms: Terms::default(),
        }
    }

    #[inline]
    pub(in crate::proto) fn read(raw: &[u8; HEADER]) -> Result<Self, ProtocolError> {
        let [l0, l1, l2, l3, kind, flags, form, padding, c0, c1, c2, c3, c4, c5, c6, c7, rest @ ..] = *raw;
        let [i0, i1, i2, i3, i4, i5, i6, i7, p0, p1, p2, p3, d0, d1, d2, d3] = rest;
        let kind = Kind::from_wire(kind)?;
        let is_plain = u64::from_le_bytes([flags & !GATHERED, form, padding, 0, p0, p1, p2, p3]) == 0
            && u64::from_le_bytes([c0, c1, c2, c3, c4, c5, c6, c7]) == 0;
        let length = u32::from_le_bytes([l0, l1, l2, l3]);
        let delivery = if flags & GATHERED == 0 { Delivery::Prompt } else { Delivery::Gathered };
        if is_plain && length as usize <= MAX_FRAME {
            // Most are: in one piece, on the default channel, without a priority.
            let id = u64::from_le_bytes([i0, i1, i2, i3, i4, i5, i6, i7]);
            let deadline = Deadline::from_wire(u32::from_le_bytes([d0, d1, d2, d3]));
            let terms = Terms { deadline, delivery };
            return Ok(Header { length, terms, ..Header::bare(kind, id) });
        }
        if padding >= ALIGNED || flags & !(HAS_PRIORITY | MORE | CONTINUES | GATHERED) != 0 {
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
        let header = Header {
            length,
            kind,
            part,
            channel: ChannelField::read(form, u64::from_le_bytes([c0, c1, c2, c3, c4, c5, c6, c7]))?,
            padding,
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

    /// Writes a header that says nothing of channel, priority and chunks, as [`Header::bare`] gives it: most are so.
    #[inline]
    pub(in crate::proto) fn write_bare(&self, into: &mut Vec<u8>) {
        let [l0, l1, l2, l3] = self.length.to_le_bytes();
        let flags = match self.terms.delivery {
            Delivery::Prompt => 0,
            Delivery::Gathered => GATHERED,
        };
        let [d0, d1, d2, d3] = Deadline::to_wire(self.terms.deadline).to_le_bytes();
        let start = [l0, l1, l2, l3, self.kind as u8, flags, 0, 0];
        let fields = [start, [0; 8], self.id.to_le_bytes(), [0, 0, 0, 0, d0, d1, d2, d3]];
        into.extend_from_slice(fields.as_flattened());
    }

    pub(in crate::proto) fn write(&self, into: &mut Vec<u8>) {
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
            self.padding,
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

    /// Bytes between the header and the payload: the channel's name, the whole length in a first chunk, and the padding.
    #[inline]
    pub(in crate::proto) fn prefix(&self) -> usize {
        let whole_length = if self.part == Part::First { size_of::<u64>() } else { 0 };
        self.channel.name_length() + whole_length + usize::from(self.padding)
    }

    /// The same header of a frame whose payload stands at a multiple of [`ALIGNED`] bytes, where so many stand ahead of it.
    pub(in crate::proto) fn aligned(self, ahead: usize) -> Self {
        let over = (ahead + HEADER + self.prefix()) % usize::from(ALIGNED);
        // Less than that.
        Header { padding: if over > 0 { ALIGNED - over as u8 } else { 0 }, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{MAX_CHANNEL_NAME, Moment};
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
            0..ALIGNED,
        )
            .prop_map(|(length, kind, part, channel, id, level, deadline, gathered, padding)| {
                Header {
                    padding,
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
                }
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
        fn a_bare_header_is_written_the_same(header in header()) {
            let bare = Header { length: header.length, terms: header.terms, ..Header::bare(header.kind, header.id) };
            let (mut written, mut written_bare) = (Vec::new(), Vec::new());
            bare.write(&mut written);
            bare.write_bare(&mut written_bare);
            prop_assert_eq!(written, written_bare);
        }

        #[test]
        fn any_header_that_is_accepted_is_written_the_same(raw: [u8; HEADER], kind in 0u8..=12, flags in 0u8..=16, form in 0u8..=5, padding in 0..=ALIGNED) {
            let mut raw = raw;
            (raw[2], raw[3], raw[4], raw[5], raw[6], raw[7]) = (0, 0, kind, flags, form, padding);
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
