//! Bytes in at any split, whole messages out.

mod arrival;

use std::collections::HashMap;

use super::frame::{HEADER, Header, Kind, Part};
use super::limits::{Account, limit};
use super::{Limits, Payload, ProtocolError};
pub(super) use arrival::Arrival;
pub use arrival::Opening;

/// So many bytes of a payload, or more, are read to where they will lie.
const OPENED: usize = limit(16 << 10, 16);

/// Takes bytes at any split and gives whole messages.
///
/// Nothing is allocated ahead of the bytes that are there, whatever lengths they announce, but the rest of one frame; what is lent
/// to a message counts as if it were there.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    stage: Stage,
    /// The bytes so far of a header or prefix that came in pieces.
    pieces: Vec<u8>,
    /// Messages of which some chunks have come. The other side chooses the ids, so the hash must not be one that it knows.
    open: HashMap<OpenKey, Arrival>,
    held: Held,
}

/// What is held of messages of which only a part has come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held {
    pub(super) replies: Account,
    /// What nobody asked for.
    pub(super) unsolicited: Account,
}

impl Held {
    fn add(&mut self, arrival: &Arrival) {
        self.of(arrival).add(arrival.cost());
    }

    fn remove(&mut self, arrival: &Arrival) {
        self.of(arrival).remove(arrival.cost());
    }

    fn of(&mut self, arrival: &Arrival) -> &mut Account {
        if arrival.kind.answers() { &mut self.replies } else { &mut self.unsolicited }
    }
}

/// Ids of replies are numbers of this side, all others the other side's.
type OpenKey = (bool, u64);

#[derive(Debug, Default)]
enum Stage {
    #[default]
    Header,
    Prefix(Header),
    Payload {
        arrival: Arrival,
        part: Part,
        left: usize,
    },
}

impl Inbox {
    /// Takes the next message's bytes off the front of `bytes`; `None` when it needs more. `is_awaited` knows the requests
    /// that a reply may come to.
    pub(super) fn next(
        &mut self,
        bytes: &mut &[u8],
        limits: &Limits,
        is_awaited: impl Fn(u64) -> bool,
    ) -> Result<Option<Arrival>, ProtocolError> {
        loop {
            match std::mem::take(&mut self.stage) {
                Stage::Header => {
                    let Some(raw) = self.gather_header(bytes) else { return Ok(None) };
                    let header = Header::read(&raw)?;
                    self.stage = if header.prefix() > 0 {
                        Stage::Prefix(header)
                    } else {
                        self.begin(header, &[], limits, &is_awaited)?
                    };
                }
                Stage::Prefix(header) => {
                    if !gather(&mut self.pieces, bytes, header.prefix()) {
                        self.stage = Stage::Prefix(header);
                        return Ok(None);
                    }
                    let prefix = std::mem::take(&mut self.pieces);
                    self.stage = self.begin(header, &prefix, limits, &is_awaited)?;
                }
                Stage::Payload { mut arrival, part, left } => {
                    let (here, rest) = bytes.split_at(left.min(bytes.len()));
                    arrival.append(here);
                    *bytes = rest;
                    if here.len() < left {
                        self.stage = Stage::Payload { arrival, part, left: left - here.len() };
                        return Ok(None);
                    }
                    if let Some(whole) = self.finish(arrival, part)? {
                        return Ok(Some(whole));
                    }
                }
            }
        }
    }

    /// Takes the next message off the front of `bytes` if it is one frame that is there whole, on a channel without a name: most
    /// are, and need no staging.
    #[inline]
    pub(super) fn next_at_once<'a>(
        &mut self,
        bytes: &mut &'a [u8],
        limits: &Limits,
    ) -> Result<Option<(Header, &'a [u8])>, ProtocolError> {
        if !matches!(self.stage, Stage::Header) || !self.pieces.is_empty() {
            return Ok(None);
        }
        let Some((raw, behind)) = bytes.split_first_chunk() else { return Ok(None) };
        let header = Header::read(raw)?;
        if header.part != Part::Whole || header.prefix() > 0 {
            return Ok(None);
        }
        let Some((payload, rest)) = behind.split_at_checked(header.length as usize) else { return Ok(None) };
        check_length(header.kind, payload.len() as u64, limits)?;
        *bytes = rest;
        Ok(Some((header, payload)))
    }

    /// Room for the next bytes, if they are many of a payload; it has to be given back by [`Inbox::filled`] before anything
    /// else comes.
    pub(super) fn opening(&mut self, spare: impl FnOnce(usize) -> Option<Vec<u8>>) -> Option<Opening> {
        match &mut self.stage {
            Stage::Payload { arrival, part, left } if *left >= OPENED => {
                let behind = if part.goes_on() { HEADER } else { usize::MAX };
                Some(arrival.open(*left, behind, spare))
            }
            _ => None,
        }
    }

    /// Takes note that the next `count` bytes lie in an opening; the message, if it is whole then.
    pub(super) fn filled(
        &mut self,
        opening: Opening,
        count: usize,
    ) -> Result<Option<Arrival>, ProtocolError> {
        match std::mem::take(&mut self.stage) {
            Stage::Payload { mut arrival, part, left } => {
                let count = count.min(left).min(opening.payload.len().saturating_sub(arrival.filled));
                arrival.payload = opening.payload.into();
                arrival.filled += count;
                if count == left {
                    return self.finish(arrival, part);
                }
                self.stage = Stage::Payload { arrival, part, left: left - count };
            }
            stage => self.stage = stage,
        }
        Ok(None)
    }

    /// Drops a message of the other side's of which only some chunks have come, and says whether there was one.
    pub(super) fn forget(&mut self, id: u64) -> bool {
        let Some(arrival) = self.open.remove(&(false, id)) else { return false };
        self.held.remove(&arrival);
        true
    }

    /// Whether the stream may end here without cutting a message.
    pub(super) fn is_between_messages(&self) -> bool {
        matches!(self.stage, Stage::Header) && self.pieces.is_empty() && self.open.is_empty()
    }

    /// The messages of which only a part has come.
    pub(super) fn held(&self) -> Held {
        let mut held = self.held;
        if let Stage::Payload { arrival, .. } = &self.stage {
            held.add(arrival);
        }
        held
    }

    fn gather_header<const N: usize>(&mut self, bytes: &mut &[u8]) -> Option<[u8; N]> {
        if self.pieces.is_empty()
            && let Some((raw, rest)) = bytes.split_first_chunk()
        {
            *bytes = rest;
            return Some(*raw);
        }
        if !gather(&mut self.pieces, bytes, N) {
            return None;
        }
        let raw = self.pieces.first_chunk().copied();
        self.pieces.clear();
        raw
    }

    /// Opens the message of a first or only frame, or finds the one that the frame continues.
    fn begin(
        &mut self,
        header: Header,
        prefix: &[u8],
        limits: &Limits,
        is_awaited: impl Fn(u64) -> bool,
    ) -> Result<Stage, ProtocolError> {
        let out_of_place = ProtocolError::ChunkOutOfPlace(header.id);
        let left = header.length as usize - header.prefix();
        let key = (header.kind.answers(), header.id);
        let arrival = if header.part.continues() {
            let arrival = self.open.remove(&key).ok_or(out_of_place.clone())?;
            self.held.remove(&arrival);
            if arrival.kind != header.kind || arrival.filled as u64 + left as u64 > arrival.length {
                return Err(out_of_place);
            }
            arrival
        } else {
            let (name, whole) = prefix.split_at(header.channel.name_length().min(prefix.len()));
            let length = match whole.first_chunk() {
                Some(length) if header.part == Part::First => u64::from_le_bytes(*length),
                _ => left as u64,
            };
            check_length(header.kind, length, limits)?;
            if header.part == Part::First && (self.open.contains_key(&key) || left as u64 > length) {
                return Err(out_of_place);
            }
            // Before a gigabyte of it is here.
            if header.part == Part::First && header.kind.answers() && !is_awaited(header.id) {
                return Err(ProtocolError::UnexpectedReply(header.id));
            }
            Arrival {
                kind: header.kind,
                id: header.id,
                channel: header.channel.resolve(name)?,
                priority: header.priority,
                terms: header.terms,
                head: Payload::EMPTY,
                ahead: 0,
                payload: Payload::EMPTY,
                filled: 0,
                length,
                lent: 0,
            }
        };
        Ok(Stage::Payload { arrival, part: header.part, left })
    }

    fn finish(&mut self, mut arrival: Arrival, part: Part) -> Result<Option<Arrival>, ProtocolError> {
        match part {
            Part::First | Part::Middle => {
                if part == Part::First {
                    arrival.note_first_chunk();
                }
                self.held.add(&arrival);
                self.open.insert((arrival.kind.answers(), arrival.id), arrival);
                Ok(None)
            }
            Part::Whole | Part::Last if arrival.filled as u64 == arrival.length => {
                arrival.payload.truncate(arrival.filled);
                Ok(Some(arrival))
            }
            Part::Whole | Part::Last => Err(ProtocolError::ChunkOutOfPlace(arrival.id)),
        }
    }
}

fn check_length(kind: Kind, length: u64, limits: &Limits) -> Result<(), ProtocolError> {
    let limit = if kind.answers() { limits.message } else { limits.unsolicited_message };
    if length > limit { Err(ProtocolError::MessageTooLong { length, limit }) } else { Ok(()) }
}

/// Moves bytes over until `pieces` has `wanted`; whether it has.
fn gather(pieces: &mut Vec<u8>, bytes: &mut &[u8], wanted: usize) -> bool {
    let missing = wanted.saturating_sub(pieces.len());
    let (here, rest) = bytes.split_at(missing.min(bytes.len()));
    pieces.extend_from_slice(here);
    *bytes = rest;
    here.len() == missing
}
