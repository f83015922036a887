//! What is still to be written, the most urgent message first, large ones in chunks.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

use super::frame::{CHUNK, ChannelField, HEADER, Header, Kind, Part};
use super::limits::limit;
use super::{Budget, ChannelId, Priority, Terms};

/// Bytes that are put in order ahead of the pipe; past them a more urgent message can still overtake.
const READY: usize = CHUNK;

/// Answers that may wait here while more input is taken in: more than any number of sending threads puts here.
const CROWD: usize = limit(64 << 10, 2);

/// A message on its way out, before it is frames.
#[derive(Debug)]
pub(super) struct Departure {
    pub(super) kind: Kind,
    pub(super) id: u64,
    pub(super) channel: ChannelId,
    pub(super) priority: Priority,
    /// The priority of the request that it answers.
    pub(super) asked: Priority,
    pub(super) terms: Terms,
}

impl Departure {
    #[inline]
    pub(super) fn new(kind: Kind, id: u64, channel: ChannelId, priority: Priority) -> Self {
        Departure { kind, id, channel, priority, asked: priority, terms: Terms::default() }
    }
}

/// A message that was sent, to ask later whether the pipe has all of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[must_use]
pub struct Ticket {
    key: Key,
    /// Where its bytes end in the stream, for one that went straight into `ready`.
    end: Option<u64>,
}

/// The order of departure.
type Key = (Priority, u64);

/// What is still to be written.
///
/// Frames whose order is settled lie in `ready`; messages that wait for room there can be overtaken and taken back.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    ready: Vec<u8>,
    /// Bytes of `ready` that are written.
    start: usize,
    /// The pipe was offered `ready` and has not taken all of it.
    offered: bool,
    /// Bytes written since the beginning, up to `start`.
    written: u64,
    waiting: BTreeMap<Key, Waiting>,
    /// Those of which some chunks have left.
    begun: BTreeSet<Key>,
    /// How many of those that wait the other side has caused: replies, failures, cancellations of its requests.
    answers: usize,
    sequence: u64,
}

#[derive(Debug)]
struct Waiting {
    departure: Departure,
    payload: Vec<u8>,
    sent: usize,
}

impl Waiting {
    /// What the other side counts for it while it is unfinished there, in bytes.
    fn cost(&self) -> u64 {
        Budget::OVERHEAD + (self.payload.len() + self.departure.channel.name().len()) as u64
    }
}

/// The longest messages that the other side takes, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Accepted {
    pub(super) replies: u64,
    /// Requests, norequests and errors.
    pub(super) others: u64,
}

impl Accepted {
    #[inline]
    pub(super) fn of(self, kind: Kind) -> u64 {
        if kind.answers() { self.replies } else { self.others }
    }
}

impl Outbox {
    /// Bytes that go ahead of every frame: the handshake.
    pub(super) fn greet(&mut self, bytes: &[u8]) {
        self.ready.extend_from_slice(bytes);
    }

    /// Takes a message; `payload` is left empty, with its allocation where that wasn't needed.
    #[inline]
    pub(super) fn push(&mut self, departure: Departure, payload: &mut Vec<u8>) -> Ticket {
        self.sequence += 1;
        let key = (departure.priority, self.sequence);
        // While the pipe is full a message is kept where it can be overtaken and taken back.
        if !self.offered && self.waiting.is_empty() && payload.len() <= CHUNK && self.ready.len() < READY {
            write_frame(&mut self.ready, &departure, payload, 0);
            payload.clear();
            return Ticket { key, end: Some(self.end()) };
        }
        self.answers += usize::from(departure.kind.answers());
        self.waiting.insert(key, Waiting { departure, payload: std::mem::take(payload), sent: 0 });
        Ticket { key, end: None }
    }

    /// The next bytes for the pipe; empty when all is written.
    pub(super) fn output(&mut self, accepted: Accepted) -> &[u8] {
        while !self.offered && self.ready.len() < READY {
            let entry = match self.to_finish_first(accepted) {
                None => self.waiting.first_entry(),
                Some(key) => match self.waiting.entry(key) {
                    Entry::Occupied(entry) => Some(entry),
                    Entry::Vacant(_) => None,
                },
            };
            let Some(mut entry) = entry else { break };
            let waiting = entry.get_mut();
            waiting.sent = write_frame(&mut self.ready, &waiting.departure, &waiting.payload, waiting.sent);
            if waiting.sent < waiting.payload.len() {
                self.begun.insert(*entry.key());
            } else {
                let (key, waiting) = entry.remove_entry();
                self.begun.remove(&key);
                self.answers -= usize::from(waiting.departure.kind.answers());
            }
        }
        self.offered = !self.ready.is_empty();
        self.ready.get(self.start..).unwrap_or_default()
    }

    /// Takes note that the pipe took `count` bytes.
    pub(super) fn wrote(&mut self, count: usize) {
        let count = count.min(self.ready.len() - self.start);
        self.written += count as u64;
        self.start += count;
        if self.start == self.ready.len() {
            self.ready.clear();
            self.start = 0;
            self.offered = false;
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.ready.is_empty() && self.waiting.is_empty()
    }

    /// Whether something is there that the pipe was not offered.
    pub(super) fn has_new(&self) -> bool {
        !self.offered && !self.is_empty()
    }

    /// Whether so many answers wait that the other side must not cause more.
    pub(super) fn is_crowded(&self) -> bool {
        self.answers >= CROWD
    }

    /// Whether `ready` is as good as full.
    #[inline]
    pub(super) fn has_batch(&self) -> bool {
        !self.waiting.is_empty() || self.ready.len() - self.start >= READY / 2
    }

    /// Whether the pipe has all of a message. Frames in `ready` behind it may be waited for too.
    #[inline]
    pub(super) fn is_written(&self, ticket: &mut Ticket) -> bool {
        if ticket.end.is_none() && !self.holds(*ticket) {
            ticket.end = Some(self.end());
        }
        ticket.end.is_some_and(|end| end <= self.written)
    }

    /// Whether something at least as urgent as `priority` found no room in the pipe.
    #[inline]
    pub(super) fn holds_as_urgent(&self, priority: Priority) -> bool {
        self.offered || self.waiting.first_key_value().is_some_and(|((first, _), _)| *first <= priority)
    }

    /// Whether some of a message has not even been put in order for the pipe.
    pub(super) fn holds(&self, ticket: Ticket) -> bool {
        self.waiting.contains_key(&ticket.key)
    }

    /// The same of one whose ticket is as [`Outbox::push`] gave it.
    #[inline]
    pub(super) fn still_holds(&self, ticket: Ticket) -> bool {
        ticket.end.is_none() && self.holds(ticket)
    }

    /// Takes a message back, if not a byte of it has left.
    pub(super) fn take_back(&mut self, ticket: Ticket) -> Option<Departure> {
        if self.waiting.get(&ticket.key)?.sent > 0 {
            return None;
        }
        self.remove(ticket)
    }

    /// Drops what has not left of a message.
    pub(super) fn cut_short(&mut self, ticket: Ticket) {
        self.remove(ticket);
    }

    /// Drops everything: nobody will read it.
    pub(super) fn clear(&mut self) {
        self.written = self.end();
        self.ready.clear();
        self.start = 0;
        self.offered = false;
        self.waiting.clear();
        self.begun.clear();
        self.answers = 0;
    }

    /// What has begun and has to end before the most urgent message begins.
    ///
    /// One above a chunk overtakes others that are: then all of them are unfinished on the other side, which takes no more
    /// of that than its longest message.
    fn to_finish_first(&self, accepted: Accepted) -> Option<Key> {
        if self.begun.is_empty() {
            return None;
        }
        let (key, first) = self.waiting.first_key_value()?;
        if first.payload.len() <= CHUNK || self.begun.contains(key) {
            return None;
        }
        let kind = first.departure.kind;
        let mut alike = self.begun.iter().filter_map(|key| {
            let waiting = self.waiting.get(key)?;
            (waiting.departure.kind.answers() == kind.answers()).then_some((*key, waiting.cost()))
        });
        let (most_urgent, cost) = alike.next()?;
        let unfinished = alike.map(|(_, cost)| cost).sum::<u64>() + cost + first.cost();
        (unfinished > accepted.of(kind)).then_some(most_urgent)
    }

    fn remove(&mut self, ticket: Ticket) -> Option<Departure> {
        let departure = self.waiting.remove(&ticket.key)?.departure;
        self.begun.remove(&ticket.key);
        self.answers -= usize::from(departure.kind.answers());
        Some(departure)
    }

    /// The stream's length once `ready` is written, in bytes.
    #[inline]
    fn end(&self) -> u64 {
        self.written + (self.ready.len() - self.start) as u64
    }
}

/// Writes the frame of the payload's next chunk; how much of the payload is sent then.
#[inline]
fn write_frame(into: &mut Vec<u8>, departure: &Departure, payload: &[u8], sent: usize) -> usize {
    let chunk = payload.get(sent..).unwrap_or_default();
    let chunk = chunk.get(..CHUNK).unwrap_or(chunk);
    let end = sent + chunk.len();
    let part = match (sent == 0, end == payload.len()) {
        (true, true) => Part::Whole,
        (true, false) => Part::First,
        (false, false) => Part::Middle,
        (false, true) => Part::Last,
    };
    let mut header = Header { part, ..Header::bare(departure.kind, departure.id) };
    let name = if part.continues() || departure.kind.answers() { None } else { Some(&departure.channel) };
    if let Some(channel) = name {
        header.channel = ChannelField::of(channel);
    }
    if !part.continues() {
        header.priority = departure.priority;
        header.terms = departure.terms;
    }
    // Both terms are bounded by named limits far below 2^32.
    header.length = (header.prefix() + chunk.len()) as u32;
    into.reserve(HEADER + header.length as usize);
    header.write(into);
    into.extend_from_slice(name.map(ChannelId::name).unwrap_or_default());
    if part == Part::First {
        into.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    }
    into.extend_from_slice(chunk);
    end
}
