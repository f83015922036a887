//! One side of a conversation: what it sends, what it has received, what it still owes.

mod channels;
mod outstanding;
mod owed;
mod receive;
mod running;
mod send;
mod take;
#[cfg(test)]
mod tests;

use std::collections::{HashSet, VecDeque};

use super::inbox::Inbox;
use super::limits::{Account, Budget};
use super::outbox::{Accepted, Outbox, Spent};
use super::queue::{Order, Queue, ROOM_OF_MANY};
use super::spares::Spares;
use super::{ChannelId, Counters, Limits, RequestId, Special, Ticket};
use channels::{Channel, Channels};
use outstanding::Outstanding;
use owed::Owed;
use running::Running;

pub use outstanding::Addressee;
pub(crate) use receive::Arrived;
pub use send::SendRefused;

/// One side of a conversation, the same on both.
///
/// # Examples
/// Two peers, and the bytes carried by hand:
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::proto::{Addressee, ChannelId, Limits, Order, Peer, Priority, Terms};
///
/// let mut host = Peer::new(Order::Priority, Limits::PAIR);
/// let mut worker = Peer::new(Order::Priority, Limits::PAIR);
/// let channel = ChannelId::DEFAULT;
///
/// host.send_request(&channel, Priority::NONE, Terms::default(), Addressee::Channel, &mut b"2 + 2".to_vec())?;
/// let bytes = host.output().concat();
/// host.wrote(bytes.len());
/// worker.handle_bytes(&bytes)?;
///
/// let request = worker.take(&channel).expect("it has come");
/// assert_eq!(request.payload, b"2 + 2");
/// assert_eq!(host.counters(&channel).remaining, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Peer {
    limits: Limits,
    inbox: Inbox,
    outbox: Outbox,
    channels: Channels,
    /// Requests and norequests of every channel in one queue, for a side that serves them all.
    together: Option<Queue>,
    arrivals: u64,
    specials: VecDeque<Special>,
    outstanding: Outstanding,
    owed: Owed,
    /// How much may be owed to the other side, where it is not trusted.
    most_owed: Option<Budget>,
    running: Running,
    replies: Account,
    unsolicited: Account,
    /// Requests of the other side that it has cancelled and that are still to be looked for in the queues. It chooses the ids,
    /// so the hash must not be one that it knows.
    cancelled: HashSet<u64>,
    spares: Spares,
    next_id: u64,
    close_requests_sent: u64,
    asked_to_close: bool,
    /// A close request is among the specials.
    close_waits: bool,
    accepted: Accepted,
    end: Option<End>,
}

/// How the other side's stream ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum End {
    /// Between two messages, after a close request of either side.
    Closed,
    /// Between two messages, and nobody had asked for it.
    Dropped,
    /// In the middle of a message.
    Truncated,
    /// Before it had said who it is.
    Unmet,
}

impl Peer {
    /// A side that queues by channel, in this order and within these limits.
    #[must_use]
    pub fn new(order: Order, limits: Limits) -> Self {
        Peer {
            limits,
            inbox: Inbox::default(),
            outbox: Outbox::default(),
            channels: Channels::new(order),
            together: None,
            arrivals: 0,
            specials: VecDeque::new(),
            outstanding: Outstanding::default(),
            owed: Owed::default(),
            most_owed: None,
            running: Running::default(),
            replies: Account::default(),
            unsolicited: Account::default(),
            cancelled: HashSet::new(),
            spares: Spares::default(),
            next_id: 0,
            close_requests_sent: 0,
            asked_to_close: false,
            close_waits: false,
            accepted: Accepted { replies: limits.message, others: limits.unsolicited_message },
            end: None,
        }
    }

    /// A host's side: a worker takes longer messages than it may send, and can't have the host owe it replies without end.
    #[must_use]
    pub fn hosting(order: Order, limits: Limits) -> Self {
        let peer = Peer { most_owed: Some(limits.unsolicited), ..Peer::new(order, limits) };
        peer.sending_within(Limits::WORKER.message, Limits::WORKER.unsolicited_message)
    }

    /// A side that serves: requests and norequests of all channels stand in one queue, for [`Peer::take_next`].
    #[must_use]
    pub fn serving(order: Order, limits: Limits) -> Self {
        Peer { together: Some(Queue::new(order, ROOM_OF_MANY)), ..Peer::new(order, limits) }
    }

    /// The same side, whose messages stay within what the other side says that it takes, in bytes.
    #[must_use]
    pub fn sending_within(self, replies: u64, others: u64) -> Self {
        Peer { accepted: Accepted { replies, others }, ..self }
    }

    /// Puts bytes ahead of the first frame: the handshake.
    pub fn greet(&mut self, bytes: &[u8]) {
        self.outbox.greet(bytes);
    }

    /// The next bytes for the pipe, in two pieces: the second is of a large payload, where it lies. Both are empty when all is
    /// written.
    pub fn output(&mut self) -> [&[u8]; 2] {
        self.outbox.output(self.accepted)
    }

    /// Takes note that the pipe took `count` bytes of [`Peer::output`].
    pub fn wrote(&mut self, count: usize) {
        self.outbox.wrote(count);
    }

    /// The buffer of a large payload that the pipe has taken all of, if any has come free.
    pub fn take_done(&mut self) -> Option<Spent> {
        self.outbox.take_done()
    }

    /// Takes note of how many bytes the pipe holds that [`Peer::output`] is for: the more, the larger the chunks of large payloads.
    pub fn note_pipe_size(&mut self, bytes: usize) {
        // A more urgent message waits for all that the pipe holds, and for the rest of one chunk.
        self.outbox.cut_into(bytes / 4);
    }

    /// The most bytes that are still to be put in order for the pipe of a message of which some are already.
    #[must_use]
    pub fn most_left(&self) -> usize {
        self.outbox.most_left()
    }

    /// Whether anything is still to be written.
    #[must_use]
    pub fn has_output(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// Whether something is to be written that the pipe was not offered yet.
    #[must_use]
    pub fn has_new_output(&self) -> bool {
        self.outbox.has_new()
    }

    /// Whether so much is to be written that it is worth a write: the other side has something to do while more is gathered.
    #[must_use]
    pub fn has_batch(&self) -> bool {
        self.outbox.has_batch()
    }

    /// Whether the pipe has all of a message.
    #[must_use]
    pub fn is_written(&self, ticket: &mut Ticket) -> bool {
        self.outbox.is_written(ticket)
    }

    /// Whether more bytes are to be read: not past a budget, as long as there is something to take or to answer.
    #[must_use]
    #[inline]
    pub fn wants_input(&self) -> bool {
        let owes_too_much = self.most_owed.is_some_and(|budget| self.owed.reaches(budget));
        let holds_nothing = self.replies.is_empty() && self.unsolicited.is_empty();
        // Answers that the other side doesn't read must not be asked for without end.
        !owes_too_much && !self.outbox.is_crowded() && (holds_nothing || !self.is_full())
    }

    /// Whether what has come fills a budget.
    fn is_full(&self) -> bool {
        self.replies.reaches(self.limits.replies, 0)
            || self.unsolicited.reaches(self.limits.unsolicited, self.inbox.held().unsolicited.bytes)
    }

    /// Takes note that the pipe has ended, and says how; what has come whole can still be taken.
    pub fn handle_end(&mut self) -> End {
        let end = if !self.inbox.is_between_messages() {
            End::Truncated
        } else if self.close_requests_sent > 0 || self.asked_to_close {
            End::Closed
        } else {
            End::Dropped
        };
        self.outbox.clear();
        *self.end.get_or_insert(end)
    }

    /// How the stream ended, if it has.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// Drops what can't be written any more, because nobody reads it.
    pub fn discard_output(&mut self) {
        self.outbox.clear();
    }

    /// The counters of a channel; all zero for one that was never used.
    #[must_use]
    pub fn counters(&self, channel: &ChannelId) -> Counters {
        self.channels.get(channel).map(|channel| channel.counters).unwrap_or_default()
    }

    /// How many messages wait on a channel.
    #[must_use]
    pub fn available(&self, channel: &ChannelId) -> usize {
        self.channels.get(channel).map_or(0, Channel::available)
    }

    /// How many replies wait on a channel.
    #[must_use]
    pub fn available_replies(&self, channel: &ChannelId) -> usize {
        self.channels.get(channel).map_or(0, Channel::available_replies)
    }

    /// How many messages wait on all channels, in the queue of a serving side, and as specials.
    #[must_use]
    pub fn available_anywhere(&self) -> usize {
        self.channels.queued() + self.queued_together() + self.specials.len()
    }

    /// How many messages wait in the one queue of a serving side.
    #[must_use]
    pub fn queued_together(&self) -> usize {
        self.together.as_ref().map_or(0, Queue::len)
    }

    /// How many replies to channel-addressed requests of a channel are still owed to this side or wait to be taken.
    #[must_use]
    pub fn expected(&self, channel: &ChannelId) -> u64 {
        self.channels.get(channel).map_or(0, |channel| channel.expected)
    }

    /// Whether the reply to a caller-addressed request has come.
    #[must_use]
    pub fn has_reply(&self, id: RequestId) -> bool {
        self.outstanding.has_reply(id.0)
    }

    /// Whether a request that was sent has no answer yet.
    pub(crate) fn is_open(&self, id: RequestId) -> bool {
        self.outstanding.is_open(id.0)
    }

    /// Whether the other side has asked this one to close, whoever received that.
    #[must_use]
    pub fn is_asked_to_close(&self) -> bool {
        self.asked_to_close
    }

    /// Whether a special message waits.
    #[must_use]
    pub fn has_special(&self) -> bool {
        !self.specials.is_empty()
    }

    /// Whether it owes nothing, is owed nothing, and holds nothing.
    #[cfg(shuttle)]
    pub(crate) fn is_at_rest(&self) -> bool {
        let is_drained = self.inbox.is_between_messages() && !self.has_output();
        let held = [self.replies, self.unsolicited];
        is_drained
            && self.available_anywhere() == 0
            && self.outstanding.is_empty()
            && held == [Account::default(); 2]
    }

    fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}
