//! What is kept for each channel.

use std::collections::HashMap;

use super::outstanding::Addressee;
use crate::proto::limits::limit;
use crate::proto::queue::{Order, Queue, ROOM_OF_FEW, ROOM_OF_MANY};
use crate::proto::{ChannelId, Counters, Message, ProtocolError};

/// Channels that one side keeps: each takes some hundred bytes, and either side can name as many as it likes.
///
/// At the limit those are forgotten on which nothing waits or is owed; their counters begin again. More are kept only for
/// requests of one's own.
const MAX_CHANNELS: usize = limit(1 << 17, 4);

#[derive(Debug)]
pub(super) struct Channel {
    /// Replies to channel-addressed requests, apart so that they can be taken past everything else.
    replies: Queue,
    others: Queue,
    pub(super) counters: Counters,
    /// Replies that are to come into `replies`, or are there and not yet taken.
    pub(super) expected: u64,
}

/// All channels; the default one apart, because most traffic is its.
#[derive(Debug)]
pub(super) struct Channels {
    order: Order,
    default: Channel,
    named: HashMap<ChannelId, Channel>,
    /// At how many those that are idle are looked for.
    many: usize,
    arrivals: u64,
    queued: usize,
}

impl Channels {
    pub(super) fn new(order: Order) -> Self {
        let (default, named) = (Channel::new(order, ROOM_OF_MANY), HashMap::new());
        Channels { order, default, named, many: MAX_CHANNELS, arrivals: 0, queued: 0 }
    }

    #[inline]
    pub(super) fn get(&self, channel: &ChannelId) -> Option<&Channel> {
        if channel.is_default() { Some(&self.default) } else { self.named.get(channel) }
    }

    /// The channel, made if it is new.
    #[inline]
    pub(super) fn entry(&mut self, channel: &ChannelId) -> &mut Channel {
        if channel.is_default() {
            return &mut self.default;
        }
        self.named_entry(channel)
    }

    fn named_entry(&mut self, channel: &ChannelId) -> &mut Channel {
        if !self.named.contains_key(channel) {
            if self.named.len() >= self.many {
                self.forget_idle();
            }
            self.named.insert(channel.clone(), Channel::new(self.order, ROOM_OF_FEW));
        }
        // Just made sure of; the default channel stands in, so that this has no way to fail.
        self.named.get_mut(channel).unwrap_or(&mut self.default)
    }

    pub(super) fn push(&mut self, message: Message) -> Result<(), ProtocolError> {
        if self.named.len() >= MAX_CHANNELS && self.get(&message.channel).is_none() {
            self.forget_idle();
            if self.named.len() >= MAX_CHANNELS {
                return Err(ProtocolError::TooManyChannels(MAX_CHANNELS));
            }
        }
        self.queued += 1;
        self.arrivals += 1;
        let arrival = self.arrivals;
        let channel = self.entry(&message.channel.clone());
        let queue = if message.kind.is_reply() { &mut channel.replies } else { &mut channel.others };
        queue.push(arrival, message);
        Ok(())
    }

    /// The next message of a channel.
    pub(super) fn pop(&mut self, channel: &ChannelId) -> Option<Message> {
        let found = self.get(channel)?;
        if found.replies.goes_ahead_of(&found.others) {
            return self.pop_reply(channel);
        }
        let message = self.entry(channel).others.pop()?;
        self.queued -= 1;
        Some(message)
    }

    /// The next reply of a channel.
    pub(super) fn pop_reply(&mut self, channel: &ChannelId) -> Option<Message> {
        self.get(channel)?;
        let entry = self.entry(channel);
        let message = entry.replies.pop()?;
        entry.expected = entry.expected.saturating_sub(1);
        self.queued -= 1;
        Some(message)
    }

    /// How many messages wait on all channels together.
    pub(super) fn queued(&self) -> usize {
        self.queued
    }

    /// Takes out every request and norequest that `which` picks.
    pub(super) fn remove_all(&mut self, mut which: impl FnMut(&Message) -> bool) {
        self.queued = 0;
        for channel in self.named.values_mut().chain([&mut self.default]) {
            channel.others.remove_all(&mut which);
            self.queued += channel.available();
        }
        // A channel on which nothing was ever taken or sent is nothing but its name, which the other side has chosen.
        self.named.retain(|_, channel| channel.is_in_use() || channel.counters != Counters::default());
    }

    /// Throws everything away.
    pub(super) fn discard(&mut self) {
        self.queued = 0;
        for channel in self.named.values_mut().chain([&mut self.default]) {
            channel.others.remove_all(|_| true);
            while channel.replies.pop().is_some() {
                channel.give_up_request(Addressee::Channel);
            }
        }
    }

    fn forget_idle(&mut self) {
        self.named.retain(|_, channel| channel.is_in_use());
        // Not again for each one more, where most are in use.
        self.many = MAX_CHANNELS.max(2 * self.named.len());
    }
}

/// What is taken off again is taken off saturating: a channel that was forgotten has begun to count anew.
impl Channel {
    pub(super) fn count_request(&mut self, addressee: Addressee) {
        self.counters.messages_sent += 1;
        self.counters.requests_sent += 1;
        self.counters.remaining += 1;
        self.expected += u64::from(addressee == Addressee::Channel);
    }

    /// A request whose reply nobody waits for any more.
    pub(super) fn give_up_request(&mut self, addressee: Addressee) {
        self.counters.remaining = self.counters.remaining.saturating_sub(1);
        self.expected = self.expected.saturating_sub(u64::from(addressee == Addressee::Channel));
    }

    /// A request that was given up and had never left.
    pub(super) fn uncount_request(&mut self) {
        self.uncount_message();
        self.counters.requests_sent = self.counters.requests_sent.saturating_sub(1);
    }

    /// A message that had never left.
    pub(super) fn uncount_message(&mut self) {
        self.counters.messages_sent = self.counters.messages_sent.saturating_sub(1);
    }

    pub(super) fn available(&self) -> usize {
        self.replies.len() + self.others.len()
    }

    pub(super) fn available_replies(&self) -> usize {
        self.replies.len()
    }

    fn new(order: Order, room: usize) -> Self {
        let (replies, others) = (Queue::new(order, room), Queue::new(order, room));
        Channel { replies, others, counters: Counters::default(), expected: 0 }
    }

    fn is_in_use(&self) -> bool {
        self.available() > 0 || self.counters.remaining > 0 || self.expected > 0
    }
}
