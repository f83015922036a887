//! What is kept for each channel.

use std::collections::HashMap;

use crate::proto::queue::{Order, Queue};
use crate::proto::{ChannelId, Counters, Message, ProtocolError};

/// Channels that one side keeps: each takes some hundred bytes, and the other side can name as many as it likes.
const MAX_CHANNELS: usize = 1 << 17;

#[derive(Debug)]
pub(super) struct Channel {
    pub(super) queue: Queue,
    pub(super) counters: Counters,
    /// Replies that are to come into `queue`, or are there and not yet taken.
    pub(super) expected: u64,
}

/// All channels; the default one apart, because most traffic is its.
#[derive(Debug)]
pub(super) struct Channels {
    order: Order,
    default: Channel,
    named: HashMap<ChannelId, Channel>,
    queued: usize,
}

impl Channels {
    pub(super) fn new(order: Order) -> Self {
        Channels { order, default: Channel::new(order), named: HashMap::new(), queued: 0 }
    }

    pub(super) fn get(&self, channel: &ChannelId) -> Option<&Channel> {
        if channel.is_default() { Some(&self.default) } else { self.named.get(channel) }
    }

    /// The channel, made if it is new.
    pub(super) fn entry(&mut self, channel: &ChannelId) -> &mut Channel {
        if channel.is_default() {
            return &mut self.default;
        }
        if !self.named.contains_key(channel) {
            self.named.insert(channel.clone(), Channel::new(self.order));
        }
        // Just made sure of; the default channel stands in, so that this has no way to fail.
        self.named.get_mut(channel).unwrap_or(&mut self.default)
    }

    pub(super) fn push(&mut self, message: Message) -> Result<(), ProtocolError> {
        if self.named.len() >= MAX_CHANNELS && self.get(&message.channel).is_none() {
            return Err(ProtocolError::TooManyChannels(MAX_CHANNELS));
        }
        self.queued += 1;
        self.entry(&message.channel.clone()).queue.push(message);
        Ok(())
    }

    /// Undoes a `pop`.
    pub(super) fn put_back(&mut self, message: Message) {
        self.queued += 1;
        let entry = self.entry(&message.channel.clone());
        entry.expected += u64::from(message.kind.is_reply());
        entry.queue.push_front(message);
    }

    pub(super) fn pop(&mut self, channel: &ChannelId) -> Option<Message> {
        self.pop_with(channel, Queue::pop)
    }

    pub(super) fn pop_reply(&mut self, channel: &ChannelId) -> Option<Message> {
        self.pop_with(channel, |queue| queue.pop_first(|message| message.kind.is_reply()))
    }

    /// How many messages wait on all channels together.
    pub(super) fn queued(&self) -> usize {
        self.queued
    }

    pub(super) fn remove_all(&mut self, mut which: impl FnMut(&Message) -> bool) {
        self.queued = 0;
        for channel in self.named.values_mut().chain([&mut self.default]) {
            channel.queue.remove_all(&mut which);
            self.queued += channel.queue.len();
        }
    }

    fn pop_with(
        &mut self,
        channel: &ChannelId,
        pop: impl FnOnce(&mut Queue) -> Option<Message>,
    ) -> Option<Message> {
        let channel = if channel.is_default() { &mut self.default } else { self.named.get_mut(channel)? };
        let message = pop(&mut channel.queue)?;
        self.queued -= 1;
        if message.kind.is_reply() {
            channel.expected = channel.expected.saturating_sub(1);
        }
        Some(message)
    }
}

impl Channel {
    fn new(order: Order) -> Self {
        Channel { queue: Queue::new(order), counters: Counters::default(), expected: 0 }
    }
}
