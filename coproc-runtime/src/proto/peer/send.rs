//! Sending: what goes into the outbox, and what is remembered of it.

use std::error::Error;
use std::fmt;

use super::outstanding::{Addressee, Call};
use super::owed::Debt;
use super::running::Wanted;
use super::{Peer, RequestId};
use crate::proto::channel::MAX_CHANNEL_NAME;
use crate::proto::frame::Kind;
use crate::proto::outbox::{Departure, Ticket};
use crate::proto::{ChannelId, Delivery, MessageKind, Priority, Terms};

/// Why a message can't be sent, before anything of it was.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SendRefused {
    /// The channel's name is too long.
    ChannelName(usize),
    /// The message is too long.
    MessageTooLong {
        /// Bytes of the payload.
        length: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// There is no request to answer.
    NothingToAnswer(ChannelId),
    /// The request with this id can't be answered.
    NotOwed(RequestId),
}

impl fmt::Display for SendRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChannelName(length) => {
                write!(f, "a channel's name of {length} bytes; at most {MAX_CHANNEL_NAME} are allowed")
            }
            Self::MessageTooLong { length, limit } => write!(
                f,
                "a message of {length} bytes, above the limit of {limit}: send it in parts, or raise the limit on both sides"
            ),
            Self::NothingToAnswer(channel) => {
                write!(f, "no request to answer on channel {channel}: each one that was taken has its reply")
            }
            Self::NotOwed(request) => {
                write!(f, "request {request} can't be answered: it was not taken here, or has its reply")
            }
        }
    }
}

impl Error for SendRefused {}

/// In every `send_*`, `payload` is left empty, with its allocation where that wasn't needed.
impl Peer {
    /// Sends a message that nothing is owed for.
    ///
    /// # Errors
    /// When the channel's name or the message is too long.
    #[inline]
    pub fn send_norequest(
        &mut self,
        channel: &ChannelId,
        priority: Priority,
        payload: &mut Vec<u8>,
    ) -> Result<Ticket, SendRefused> {
        self.send_norequest_with(channel, priority, Delivery::Prompt, payload, &mut Vec::new())
    }

    /// The same with a `tail` behind the payload, which is written from where it lies.
    pub(crate) fn send_norequest_with(
        &mut self,
        channel: &ChannelId,
        priority: Priority,
        delivery: Delivery,
        payload: &mut Vec<u8>,
        tail: &mut Vec<u8>,
    ) -> Result<Ticket, SendRefused> {
        self.check(Kind::NoRequest, channel, payload.len() + tail.len())?;
        let id = self.new_id();
        self.channels.entry(channel).counters.messages_sent += 1;
        let terms = Terms { deadline: None, delivery };
        let departure = Departure { terms, ..Departure::new(Kind::NoRequest, id, channel.clone(), priority) };
        Ok(self.outbox.push(departure, payload, tail))
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When the channel's name or the message is too long.
    #[inline]
    pub fn send_request(
        &mut self,
        channel: &ChannelId,
        priority: Priority,
        terms: Terms,
        addressee: Addressee,
        payload: &mut Vec<u8>,
    ) -> Result<(RequestId, Ticket), SendRefused> {
        self.send_request_with(channel, priority, terms, addressee, payload, &mut Vec::new())
    }

    /// The same with a `tail` behind the payload, which is written from where it lies.
    #[inline]
    pub(crate) fn send_request_with(
        &mut self,
        channel: &ChannelId,
        priority: Priority,
        terms: Terms,
        addressee: Addressee,
        payload: &mut Vec<u8>,
        tail: &mut Vec<u8>,
    ) -> Result<(RequestId, Ticket), SendRefused> {
        self.check(Kind::Request, channel, payload.len() + tail.len())?;
        let id = self.new_id();
        self.channels.entry(channel).count_request(addressee);
        let departure = Departure { terms, ..Departure::new(Kind::Request, id, channel.clone(), priority) };
        let ticket = self.outbox.push(departure, payload, tail);
        self.outstanding.insert(id, Call::Sent { channel: channel.clone(), addressee, ticket });
        Ok((RequestId(id), ticket))
    }

    /// Answers the oldest request of a channel that was taken and has no reply yet; with the request's priority if
    /// none is given.
    ///
    /// # Errors
    /// When there is none, or the message is too long.
    pub fn send_reply(
        &mut self,
        channel: &ChannelId,
        priority: Option<Priority>,
        payload: &mut Vec<u8>,
    ) -> Result<Ticket, SendRefused> {
        self.check(Kind::Reply, channel, payload.len())?;
        let debt =
            self.owed.settle_oldest(channel).ok_or_else(|| SendRefused::NothingToAnswer(channel.clone()))?;
        Ok(self.settle(debt, Kind::Reply, priority, payload, &mut Vec::new()))
    }

    /// Answers one request that was taken and has no reply yet, with its reply or a failure; with the request's
    /// priority if none is given.
    ///
    /// # Errors
    /// When it can't be answered, or the message is too long.
    pub fn send_reply_to(
        &mut self,
        id: RequestId,
        kind: MessageKind,
        priority: Option<Priority>,
        payload: &mut Vec<u8>,
    ) -> Result<Ticket, SendRefused> {
        self.check(Kind::Reply, &ChannelId::DEFAULT, payload.len())?;
        let debt = self.owed.settle(id.0).ok_or(SendRefused::NotOwed(id))?;
        Ok(self.settle(debt, answer_kind(kind), priority, payload, &mut Vec::new()))
    }

    /// Answers a request that [`Peer::take_next`] gave: with its reply, or with a failure; where nobody waits for it any
    /// more, `payload` is dropped.
    ///
    /// # Errors
    /// When that does not wait for an answer, or the message is too long.
    #[inline]
    pub fn answer(
        &mut self,
        request: RequestId,
        kind: MessageKind,
        payload: &mut Vec<u8>,
    ) -> Result<Ticket, SendRefused> {
        self.answer_with(request, kind, payload, &mut Vec::new())
    }

    /// The same with a `tail` behind the payload, which is written from where it lies.
    ///
    /// # Errors
    /// When it can't be answered, or the message is too long.
    #[inline]
    pub(crate) fn answer_with(
        &mut self,
        request: RequestId,
        kind: MessageKind,
        payload: &mut Vec<u8>,
        tail: &mut Vec<u8>,
    ) -> Result<Ticket, SendRefused> {
        self.check(Kind::Reply, &ChannelId::DEFAULT, payload.len() + tail.len())?;
        let (debt, wanted) = self.running.end(request).ok_or(SendRefused::NotOwed(request))?;
        let kind = match wanted {
            Wanted::Yes => answer_kind(kind),
            Wanted::Cancelled => {
                payload.clear();
                // Its owner may not look at it for long, and it is large.
                drop(std::mem::take(tail));
                Kind::Cancelled
            }
        };
        Ok(self.settle(debt, kind, None, payload, tail))
    }

    /// Sends an error, ahead of all that waits here.
    ///
    /// # Errors
    /// When the message is too long.
    pub fn send_error(&mut self, payload: &mut Vec<u8>) -> Result<Ticket, SendRefused> {
        self.check(Kind::Error, &ChannelId::DEFAULT, payload.len())?;
        let id = self.new_id();
        Ok(self.push_control(Kind::Error, id, Priority::FIRST, payload))
    }

    /// Asks the other side to close, behind all that was sent before.
    pub fn send_close_request(&mut self) -> Ticket {
        self.close_requests_sent += 1;
        let id = self.new_id();
        self.push_control(Kind::CloseRequest, id, Priority::NONE, &mut Vec::new())
    }

    /// Gives up a caller-addressed request: its reply won't be kept, and the other side drops what has not begun.
    pub fn cancel(&mut self, id: RequestId) {
        let Some(call) = self.outstanding.remove(id.0) else { return };
        match call {
            Call::Abandoned => self.outstanding.insert(id.0, Call::Abandoned),
            Call::Answered(message) => {
                self.replies.remove(message.cost());
                self.channels.entry(&message.channel).give_up_request(Addressee::Caller);
            }
            Call::Sent { channel, addressee, ticket } => {
                self.channels.entry(&channel).give_up_request(addressee);
                if self.outbox.take_back(ticket).is_some() || self.end.is_some() {
                    return;
                }
                self.outbox.cut_short(ticket);
                self.outstanding.insert(id.0, Call::Abandoned);
                self.push_cancellation(Kind::Cancel, id.0);
            }
        }
    }

    /// Takes a message back as if it had never been sent; whether nothing of it had left.
    #[must_use]
    pub fn take_back(&mut self, ticket: Ticket) -> bool {
        let Some(Departure { kind, id, channel, asked, .. }) = self.outbox.take_back(ticket) else {
            return false;
        };
        let entry = self.channels.entry(&channel);
        match kind {
            Kind::NoRequest => entry.uncount_message(),
            Kind::Request => {
                entry.uncount_request();
                if let Some(Call::Sent { addressee, .. }) = self.outstanding.remove(id) {
                    entry.give_up_request(addressee);
                }
            }
            Kind::Reply | Kind::Failure | Kind::Cancelled => {
                entry.uncount_message();
                let debt = Debt { id, channel, priority: asked };
                match self.together {
                    Some(_) => self.running.put_back(debt),
                    None => self.owed.put_back(debt),
                }
            }
            Kind::CloseRequest => self.close_requests_sent -= 1,
            _ => {}
        }
        true
    }

    #[inline]
    fn settle(
        &mut self,
        debt: Debt,
        kind: Kind,
        priority: Option<Priority>,
        payload: &mut Vec<u8>,
        tail: &mut Vec<u8>,
    ) -> Ticket {
        self.channels.entry(&debt.channel).counters.messages_sent += 1;
        let Debt { id, channel, priority: asked } = debt;
        let priority = priority.unwrap_or(asked);
        self.outbox.push(Departure { asked, ..Departure::new(kind, id, channel, priority) }, payload, tail)
    }

    /// Says that a request of this side is not wanted (`Cancel`), or one of the other side dropped (`Cancelled`).
    pub(super) fn push_cancellation(&mut self, kind: Kind, id: u64) {
        // Nobody waits for it to be written: it goes with whatever goes next.
        let _ = self.push_control(kind, id, Priority::FIRST, &mut Vec::new());
    }

    fn push_control(&mut self, kind: Kind, id: u64, priority: Priority, payload: &mut Vec<u8>) -> Ticket {
        self.outbox.push(Departure::new(kind, id, ChannelId::DEFAULT, priority), payload, &mut Vec::new())
    }

    #[inline]
    fn check(&self, kind: Kind, channel: &ChannelId, length: usize) -> Result<(), SendRefused> {
        if channel.name().len() > MAX_CHANNEL_NAME {
            return Err(SendRefused::ChannelName(channel.name().len()));
        }
        let (length, limit) = (length as u64, self.accepted.of(kind));
        if length > limit {
            return Err(SendRefused::MessageTooLong { length, limit });
        }
        Ok(())
    }
}

/// The frame of an answer: what is no reply is a failure.
fn answer_kind(kind: MessageKind) -> Kind {
    if kind == MessageKind::Reply { Kind::Reply } else { Kind::Failure }
}
