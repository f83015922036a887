//! Taking: what has come is given out, and counted as taken.

use super::Peer;
use super::outstanding::Addressee;
use crate::proto::frame::Kind;
use crate::proto::limits::Account;
use crate::proto::{ChannelId, Deadline, Message, MessageKind, Moment, RequestId, Special};

impl Peer {
    /// The next message of a channel; a request taken here can be answered by [`Peer::send_reply`].
    pub fn take(&mut self, channel: &ChannelId) -> Option<Message> {
        let message = self.channels.pop(channel)?;
        self.count_taken(&message);
        if message.kind == MessageKind::Request {
            self.owed.add(&message);
        }
        Some(message)
    }

    /// Takes note of the time, for a serving side: what is next and its sender has given up by then is dropped.
    pub fn handle_time(&mut self, now: Moment) {
        while let Some(expired) = self.together.as_mut().and_then(|queue| queue.pop_if_expired(now)) {
            self.unsolicited.remove(expired.cost());
            self.push_cancellation(Kind::Cancelled, expired.id.0);
            self.drop_next_if_cancelled();
        }
    }

    /// The next request or norequest of a serving side, of any channel; a request is to be answered by
    /// [`Peer::answer`].
    #[inline]
    pub fn take_next(&mut self) -> Option<Message> {
        let message = self.together.as_mut()?.pop()?;
        self.drop_next_if_cancelled();
        self.count_taken(&message);
        if message.kind == MessageKind::Request {
            self.running.begin(&message);
        }
        Some(message)
    }

    /// Whether the other side still waits for the answer to a request that [`Peer::take_next`] gave.
    #[must_use]
    pub fn is_wanted(&self, id: RequestId) -> bool {
        self.running.is_wanted(id)
    }

    /// When the other side gives up a request that [`Peer::take_next`] gave, if ever.
    #[must_use]
    pub fn deadline(&self, id: RequestId) -> Option<Deadline> {
        self.running.deadline(id)
    }

    /// What [`Peer::take_next`] would give.
    #[must_use]
    #[inline]
    pub fn peek_next(&self) -> Option<&Message> {
        self.together.as_ref()?.peek()
    }

    /// Whether something at least as urgent as this message is still to be written.
    #[must_use]
    #[inline]
    pub fn must_write_before(&self, message: &Message) -> bool {
        self.outbox.holds_as_urgent(message.priority)
    }

    /// The reply to a caller-addressed request, if it has come.
    #[inline]
    pub fn take_reply(&mut self, id: RequestId) -> Option<Message> {
        let message = self.outstanding.take_reply(id.0)?;
        self.count_taken(&message);
        Some(message)
    }

    /// The next reply of a channel to a channel-addressed request, past what else waits there.
    pub fn take_reply_on(&mut self, channel: &ChannelId) -> Option<Message> {
        let message = self.channels.pop_reply(channel)?;
        self.count_taken(&message);
        Some(message)
    }

    /// Throws away all that has come; requests whose reply is thrown away count as given up.
    pub fn discard_input(&mut self) {
        self.channels.discard();
        self.outstanding
            .discard_replies(|reply| self.channels.entry(&reply.channel).give_up_request(Addressee::Caller));
        if let Some(queue) = &mut self.together {
            queue.remove_all(|_| true);
        }
        self.specials.clear();
        self.close_waits = false;
        self.replies = Account::default();
        self.unsolicited = Account::default();
    }

    /// The oldest special message that nobody was told of.
    pub fn take_special(&mut self) -> Option<Special> {
        let special = self.specials.pop_front()?;
        match &special {
            Special::Error(payload) => self.unsolicited.remove(payload.size()),
            Special::CloseRequest => self.close_waits = false,
        }
        Some(special)
    }

    /// Takes note that nobody waits any more for the answer to a request that [`Peer::take_next`] gave: none is sent.
    pub fn give_up(&mut self, id: RequestId) {
        self.running.cancel(id.0);
    }

    #[inline]
    fn count_taken(&mut self, message: &Message) {
        let entry = self.channels.entry(&message.channel);
        entry.counters.messages_received += 1;
        if message.kind.is_reply() {
            entry.counters.replies_received += 1;
            entry.counters.remaining = entry.counters.remaining.saturating_sub(1);
            self.replies.remove(message.cost());
        } else {
            self.unsolicited.remove(message.cost());
        }
    }
}
