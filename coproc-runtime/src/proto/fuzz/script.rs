//! Bytes read as numbers, choices and frames.

use std::iter;

use crate::proto::frame::{ALIGNED, CHUNK, ChannelField, Header, Kind, Part};
use crate::proto::{Budget, ChannelId, Deadline, Delivery, Limits, Moment, Priority, Terms};

/// The channels that calls are made on.
pub(super) static CHANNELS: [ChannelId; 4] =
    [ChannelId::DEFAULT, ChannelId::integer(7), ChannelId::integer(-1), ChannelId::named("a name")];

const PARTS: [Part; 4] = [Part::Whole, Part::First, Part::Middle, Part::Last];

const KINDS: [Kind; 11] = [
    Kind::NoRequest,
    Kind::Request,
    Kind::Reply,
    Kind::Failure,
    Kind::Cancelled,
    Kind::Error,
    Kind::CloseRequest,
    Kind::Cancel,
    Kind::Credit,
    Kind::StreamItem,
    Kind::Callback,
];

/// What is left of the bytes that decide; zeros once there are none.
#[derive(Debug)]
pub(super) struct Script<'a>(pub(super) &'a [u8]);

impl<'a> Script<'a> {
    pub(super) fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    pub(super) fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// An index into something that has so many, but not none.
    pub(super) fn index(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count
    }

    pub(super) fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.index(among.len())].clone()
    }

    /// The next bytes themselves.
    pub(super) fn take(&mut self, most: usize) -> &'a [u8] {
        let (here, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        here
    }

    pub(super) fn priority(&mut self) -> Priority {
        match self.byte() {
            level @ ..=7 => Priority::new(i32::from(level) - 4),
            _ => Priority::NONE,
        }
    }

    pub(super) fn moment(&mut self) -> Moment {
        Moment::from_millis(self.byte().into())
    }

    pub(super) fn terms(&mut self) -> Terms {
        let deadline = self.flag().then(|| Deadline::at(self.moment()));
        Terms { deadline, delivery: self.pick(&[Delivery::Prompt, Delivery::Gathered]) }
    }

    /// Bytes of a payload: most often few, sometimes about as many as some chunks have.
    pub(super) fn length(&mut self) -> usize {
        match self.byte() {
            few @ ..=199 => usize::from(few % 8),
            many => usize::from(many % 4) * CHUNK + usize::from((many - 200) / 4 % 3),
        }
    }

    /// A part of something of this length: often small, sometimes all of it.
    pub(super) fn portion(&mut self, of: usize) -> usize {
        match self.byte() {
            few @ ..=127 => of.min(few.into()),
            many => of * usize::from(many - 127) / 128,
        }
    }

    pub(super) fn payload(&mut self) -> Vec<u8> {
        let length = self.length();
        vec![self.byte(); length]
    }

    /// Generous limits, or such that are reached soon.
    pub(super) fn limits(&mut self) -> Limits {
        let budget = match self.index(3) {
            0 => return Limits::PAIR,
            1 => Budget { bytes: 1, messages: 1 },
            _ => Budget { bytes: 4 * CHUNK as u64, messages: 4 },
        };
        let (message, unsolicited_message) = (4 * CHUNK as u64, 3 * CHUNK as u64);
        Limits { replies: budget, unsolicited: budget, message, unsolicited_message }
    }

    /// Appends a frame whose fields may contradict each other and what came before.
    pub(super) fn frame(&mut self, stream: &mut Vec<u8>) {
        let channel = match self.byte() {
            other @ 128.. => ChannelId::from_bytes(&[other]),
            known => CHANNELS[usize::from(known) % CHANNELS.len()].clone(),
        };
        let mut header = Header {
            part: self.pick(&PARTS),
            channel: ChannelField::of(&channel),
            priority: self.priority(),
            terms: self.terms(),
            ..Header::bare(self.pick(&KINDS), self.byte().into())
        };
        let payload = self.payload();
        header.padding = payload.first().map_or(0, |byte| byte % ALIGNED);
        header.length = (header.prefix() + payload.len()) as u32;
        header.write(stream);
        stream.extend_from_slice(channel.name());
        if header.part == Part::First {
            let whole = payload.len() + self.length();
            stream.extend_from_slice(&(whole as u64).to_le_bytes());
        }
        stream.resize(stream.len() + usize::from(header.padding), 0);
        stream.extend(payload);
    }
}

/// A stream in pieces of these sizes, again and again, each with what is behind it; in one piece, if there are no sizes.
pub(super) fn pieces<'a>(
    mut stream: &'a [u8],
    sizes: &'a [u8],
) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
    let mut sizes = sizes.iter().cycle();
    iter::from_fn(move || {
        let size = sizes.next().map_or(stream.len(), |size| usize::from(*size).max(1));
        let (piece, rest) = stream.split_at(size.min(stream.len()));
        stream = rest;
        (!piece.is_empty()).then_some((piece, rest))
    })
}
