//! What is still to be written, the most urgent message first, large ones in chunks.

mod waiting;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::frame::{CHUNK, ChannelField, Header, Kind, LONGEST_CHUNK, Part};
use super::limits::limit;
use super::stream::Stream;
use super::{ChannelId, Priority, Terms};
use waiting::Waiting;

/// Bytes that are put in order ahead of the pipe, and a large chunk behind them; past those a more urgent message can still
/// overtake.
const READY: usize = CHUNK;

/// Bytes that are worth a write of their own: about a hundred small messages, which take the other side longer to serve than it
/// takes to write them, and are served while more are gathered here.
const BATCH: usize = 4 << 10;

/// Payloads from here on are written from where they lie: copying that much costs more than a write of its own.
const LENT: usize = limit(32 << 10, 32);

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
    /// Where its bytes end in the stream, for one that went straight into the stream.
    end: Option<u64>,
}

/// The order of departure.
type Key = (Priority, u64);

/// What is still to be written.
///
/// Frames whose order is settled lie in `stream`; messages that wait for room there can be overtaken and taken back.
#[derive(Debug)]
pub(super) struct Outbox {
    stream: Stream,
    /// Whose payload is lent to the stream; the rest of it may be dropped meanwhile.
    lender: Option<Lender>,
    /// A large payload that is written.
    done: Option<Spent>,
    /// The most payload bytes of one frame.
    chunk: usize,
    waiting: BTreeMap<Key, Waiting>,
    /// Other messages of which some chunks have left, and answers.
    begun: [Begun; 2],
    /// How many of those that wait the other side has caused: replies, failures, cancellations of its requests.
    answers: usize,
    sequence: u64,
}

#[derive(Debug)]
struct Lender {
    key: Key,
    is_tail: bool,
}

/// A buffer of which every byte is written.
#[derive(Debug)]
pub enum Spent {
    /// That of a payload that was encoded.
    Payload(Vec<u8>),
    /// That of a tail, which somebody else has made.
    Tail(Vec<u8>),
}

/// Messages of which some chunks have left.
#[derive(Debug, Default)]
struct Begun {
    keys: BTreeSet<Key>,
    /// What the other side counts for all of them, in bytes.
    cost: u64,
}

impl Begun {
    /// Which of the two a message belongs to.
    fn of(departure: &Departure) -> usize {
        usize::from(departure.kind.answers())
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

impl Default for Outbox {
    fn default() -> Self {
        Outbox {
            stream: Stream::default(),
            lender: None,
            done: None,
            chunk: CHUNK,
            waiting: BTreeMap::new(),
            begun: Default::default(),
            answers: 0,
            sequence: 0,
        }
    }
}

impl Outbox {
    /// Bytes that go ahead of every frame: the handshake.
    pub(super) fn greet(&mut self, bytes: &[u8]) {
        self.stream.ready(Priority::FIRST).extend_from_slice(bytes);
    }

    /// Takes a message; `payload` is left empty, with its allocation where that wasn't needed, and so is the `tail` that follows it.
    #[inline]
    pub(super) fn push(&mut self, departure: Departure, payload: &mut Vec<u8>, tail: &mut Vec<u8>) -> Ticket {
        self.sequence += 1;
        let key = (departure.priority, self.sequence);
        // While the pipe is full a message is kept where it can be overtaken and taken back.
        if tail.is_empty() && self.waiting.is_empty() && payload.len() < LENT && self.stream.takes_more(READY)
        {
            self.write_header(&departure, payload.len()).append(payload);
            return Ticket { key, end: Some(self.stream.end()) };
        }
        self.answers += usize::from(departure.kind.answers());
        self.waiting.insert(key, Waiting::new(departure, payload, tail));
        Ticket { key, end: None }
    }

    /// The next bytes for the pipe, in two pieces; both empty when all is written.
    #[inline]
    pub(super) fn output(&mut self, accepted: Accepted) -> [&[u8]; 2] {
        while !self.waiting.is_empty() && self.stream.takes_more(READY) {
            let Some(key) = self.to_finish_first(accepted).or(self.first()) else { break };
            self.put_in_order(key);
        }
        self.stream.offer()
    }

    /// Takes note that the pipe took `count` bytes.
    #[inline]
    pub(super) fn wrote(&mut self, count: usize) {
        let Some(payload) = self.stream.wrote(count) else { return };
        let Some(Lender { key, is_tail }) = self.lender.take() else { return };
        match self.waiting.get_mut(&key) {
            Some(waiting) => waiting.payload = payload,
            None => self.done = Some(if is_tail { Spent::Tail(payload) } else { Spent::Payload(payload) }),
        }
    }

    /// The buffer of a large payload that is written, to be used again.
    pub(super) fn take_done(&mut self) -> Option<Spent> {
        self.done.take()
    }

    /// The most bytes that are left of a message of which some chunks have left.
    pub(super) fn most_left(&self) -> usize {
        let begun = self.begun.iter().flat_map(|begun| &begun.keys);
        let left = begun.filter_map(|key| self.waiting.get(key)).map(|waiting| waiting.length - waiting.sent);
        left.max().unwrap_or(0)
    }

    /// Has payloads cut into chunks of at most so many bytes, or of [`CHUNK`] if that is more.
    pub(super) fn cut_into(&mut self, chunk: usize) {
        self.chunk = chunk.clamp(CHUNK, LONGEST_CHUNK);
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.stream.is_empty() && self.waiting.is_empty()
    }

    /// Whether something is there that the pipe was not offered.
    pub(super) fn has_new(&self) -> bool {
        !self.stream.is_offered() && !self.is_empty()
    }

    /// Whether so many answers wait that the other side must not cause more.
    pub(super) fn is_crowded(&self) -> bool {
        self.answers >= CROWD
    }

    /// Whether enough is there for a write.
    #[inline]
    pub(super) fn has_batch(&self) -> bool {
        !self.waiting.is_empty() || self.stream.unwritten() >= BATCH
    }

    /// Whether the pipe has all of a message. Frames in the stream behind it may be waited for too.
    #[inline]
    pub(super) fn is_written(&self, ticket: &mut Ticket) -> bool {
        if ticket.end.is_none() && !self.holds(*ticket) {
            ticket.end = Some(self.stream.end());
        }
        ticket.end.is_some_and(|end| end <= self.stream.written())
    }

    /// Whether something at least as urgent as `priority` found no room in the pipe.
    #[inline]
    pub(super) fn holds_as_urgent(&self, priority: Priority) -> bool {
        self.stream.holds_as_urgent(priority)
            || self.waiting.first_key_value().is_some_and(|((first, _), _)| *first <= priority)
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
        self.stream.clear();
        self.lender = None;
        self.waiting.clear();
        self.begun = Default::default();
        self.answers = 0;
    }

    /// What has begun and has to end before the most urgent message begins.
    ///
    /// One above a chunk overtakes others that are: then all of them are unfinished on the other side, which takes no more
    /// of that than its longest message.
    fn to_finish_first(&self, accepted: Accepted) -> Option<Key> {
        let (key, first) = self.waiting.first_key_value()?;
        let begun = self.begun.get(Begun::of(&first.departure))?;
        let most_urgent = begun.keys.first()?;
        if first.is_one_frame(self.chunk) || begun.keys.contains(key) {
            return None;
        }
        (begun.cost + first.cost() > accepted.of(first.departure.kind)).then_some(*most_urgent)
    }

    fn remove(&mut self, ticket: Ticket) -> Option<Departure> {
        let waiting = self.waiting.remove(&ticket.key)?;
        self.note_end(ticket.key, &waiting);
        Some(waiting.departure)
    }

    fn first(&self) -> Option<Key> {
        self.waiting.first_key_value().map(|(key, _)| *key)
    }

    /// Puts the next chunk of a message in order for the pipe.
    fn put_in_order(&mut self, key: Key) {
        let Some(mut waiting) = self.waiting.remove(&key) else { return };
        let chunk = waiting.next_chunk(self.chunk);
        waiting.sent = chunk.end;
        let ready = self.write_chunk_header(&waiting.departure, waiting.length, chunk.clone());
        let ahead = waiting.head.len();
        if chunk.start < ahead {
            ready.extend_from_slice(&waiting.head);
        } else if chunk.len() < LENT {
            ready.extend_from_slice(
                waiting.payload.get(chunk.start - ahead..chunk.end - ahead).unwrap_or_default(),
            );
        } else {
            self.stream.lend(std::mem::take(&mut waiting.payload), chunk.start - ahead..chunk.end - ahead);
            self.lender = Some(Lender { key, is_tail: ahead > 0 });
        }
        if waiting.sent < waiting.length {
            self.note_begin(key, &waiting);
            self.waiting.insert(key, waiting);
        } else {
            self.note_end(key, &waiting);
        }
    }

    /// Takes note that some of a message has left, and some not.
    fn note_begin(&mut self, key: Key, waiting: &Waiting) {
        if let Some(begun) = self.begun.get_mut(Begun::of(&waiting.departure))
            && begun.keys.insert(key)
        {
            begun.cost += waiting.cost();
        }
    }

    /// Takes note that a message waits no more.
    fn note_end(&mut self, key: Key, waiting: &Waiting) {
        self.answers -= usize::from(waiting.departure.kind.answers());
        if let Some(begun) = self.begun.get_mut(Begun::of(&waiting.departure))
            && begun.keys.remove(&key)
        {
            begun.cost -= waiting.cost();
        }
    }

    /// Writes what stands ahead of a payload that goes in one frame; where the payload belongs.
    #[inline]
    fn write_header(&mut self, departure: &Departure, length: usize) -> &mut Vec<u8> {
        let says_channel = !departure.kind.answers() && !departure.channel.is_default();
        if says_channel || departure.priority != Priority::NONE {
            return self.write_chunk_header(departure, length, 0..length);
        }
        // It is bounded by a named limit far below 2^32.
        let length = length as u32;
        let header = Header { length, terms: departure.terms, ..Header::bare(departure.kind, departure.id) };
        let ready = self.stream.ready(departure.priority);
        header.write_bare(ready);
        ready
    }

    /// Writes what stands ahead of a chunk of a payload of so many bytes; where that chunk belongs.
    fn write_chunk_header(
        &mut self,
        departure: &Departure,
        length: usize,
        chunk: Range<usize>,
    ) -> &mut Vec<u8> {
        let ahead = self.stream.unwritten();
        let ready = self.stream.ready(departure.priority);
        let part = match (chunk.start == 0, chunk.end == length) {
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
        if chunk.len() >= LENT {
            header = header.aligned(ahead);
        }
        // Both terms are bounded by named limits far below 2^32.
        header.length = (header.prefix() + chunk.len()) as u32;
        header.write(ready);
        ready.extend_from_slice(name.map(ChannelId::name).unwrap_or_default());
        if part == Part::First {
            ready.extend_from_slice(&(length as u64).to_le_bytes());
        }
        ready.resize(ready.len() + usize::from(header.padding), 0);
        ready
    }
}
