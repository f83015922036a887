//! Receiving: what becomes of the bytes that come.

use super::outstanding::{Addressee, Call};
use super::{Peer, RequestId};
use crate::proto::frame::{CHUNK, Kind, MAX_FRAME};
use crate::proto::inbox::{Arrival, Opening};
use crate::proto::limits::{Account, limit};
use crate::proto::{ChannelId, Limits, Message, MessageKind, Payload, ProtocolError, Special};

/// Messages that are looked at for one cancelled request at most.
const PASSED_FOR_ONE: usize = limit(64, 4);

/// What has come, for whom it is of interest.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arrived<'a> {
    /// To a caller-addressed request.
    Answer(RequestId),
    /// To a request of a channel.
    Reply(&'a ChannelId),
    /// A request or norequest.
    Message(&'a ChannelId),
    /// An error or close request.
    Special,
}

impl Peer {
    /// Takes bytes of the other side, split anywhere.
    ///
    /// # Errors
    /// When they are no conversation; what came whole before can still be taken, nothing after.
    pub fn handle_bytes(&mut self, bytes: &[u8]) -> Result<(), ProtocolError> {
        self.handle_bytes_telling(bytes, |_| ())
    }

    /// The same, telling of each message as it comes.
    pub(crate) fn handle_bytes_telling(
        &mut self,
        mut bytes: &[u8],
        mut tell: impl FnMut(Arrived<'_>),
    ) -> Result<(), ProtocolError> {
        loop {
            while let Some((header, payload)) = self.inbox.next_at_once(&mut bytes, &self.limits)? {
                let payload = Payload::copy(payload, &mut self.spares);
                let message = |channel| Message {
                    kind: MessageKind::of(header.kind),
                    channel,
                    priority: header.priority,
                    id: RequestId(header.id),
                    terms: header.terms,
                    payload,
                };
                if header.kind.answers() {
                    self.handle_reply(header.id, message, &mut tell)?;
                } else {
                    let channel = header.channel.resolve(&[])?;
                    self.handle_message(header.kind, message(channel), &mut tell)?;
                }
            }
            if bytes.is_empty() {
                break;
            }
            let is_awaited = |id| self.outstanding.is_awaited(id, &self.outbox);
            let Some(arrival) = self.inbox.next(&mut bytes, &self.limits, is_awaited)? else { break };
            self.handle_message(arrival.kind, arrival.into_message(), &mut tell)?;
        }
        if !self.inbox.is_between_messages() {
            self.check_open()?;
        }
        self.drop_cancelled();
        Ok(())
    }

    /// Takes the buffer of a payload that is done with, for one that comes.
    pub fn recycle(&mut self, buffer: &mut Vec<u8>) {
        self.spares.add(buffer);
    }

    /// The same where there is no such buffer yet.
    pub fn recycle_first(&mut self, buffer: &mut Vec<u8>) {
        if self.spares.is_empty() {
            self.spares.add(buffer);
        }
    }

    /// Room for the next bytes of the other side, if they are many of a large payload, so that they need not be copied.
    ///
    /// It goes back to [`Peer::handle_filled`], ahead of any other bytes, also where nothing was put there. `spare` may have a
    /// buffer of some capacity, whatever it holds; else one grows as the bytes come.
    pub fn opening(&mut self, spare: impl FnOnce(usize) -> Option<Vec<u8>>) -> Option<Opening> {
        self.inbox.opening(spare)
    }

    /// Takes note that the next `count` bytes of the other side lie in the opening that [`Peer::opening`] gave.
    ///
    /// # Errors
    /// Those of [`Peer::handle_bytes`].
    pub fn handle_filled(&mut self, opening: Opening, count: usize) -> Result<(), ProtocolError> {
        self.handle_filled_telling(opening, count, |_| ())
    }

    /// The same, telling of the message that is whole then.
    pub(crate) fn handle_filled_telling(
        &mut self,
        opening: Opening,
        count: usize,
        mut tell: impl FnMut(Arrived<'_>),
    ) -> Result<(), ProtocolError> {
        if let Some(arrival) = self.inbox.filled(opening, count)? {
            self.handle_message(arrival.kind, arrival.into_message(), &mut tell)?;
        }
        self.check_open()?;
        self.drop_cancelled();
        Ok(())
    }

    #[inline]
    fn handle_message(
        &mut self,
        kind: Kind,
        message: Message,
        tell: &mut impl FnMut(Arrived<'_>),
    ) -> Result<(), ProtocolError> {
        match kind {
            Kind::NoRequest | Kind::Request => self.queue_unsolicited(message, tell),
            Kind::Reply | Kind::Failure | Kind::Cancelled => {
                self.handle_reply(message.id.0, |channel| Message { channel, ..message }, tell)
            }
            Kind::Error => {
                tell(Arrived::Special);
                self.unsolicited.add(message.payload.size());
                self.specials.push_back(Special::Error(message.payload));
                Ok(())
            }
            Kind::CloseRequest => {
                tell(Arrived::Special);
                // Asking once more changes nothing, and must not fill the memory.
                if !self.close_waits {
                    self.close_waits = true;
                    self.specials.push_back(Special::CloseRequest);
                }
                self.asked_to_close = true;
                Ok(())
            }
            Kind::Cancel => {
                let id = message.id.0;
                if self.inbox.forget(id) {
                    self.push_cancellation(Kind::Cancelled, id);
                } else {
                    self.running.cancel(id);
                    self.cancelled.insert(id);
                }
                Ok(())
            }
            Kind::Credit | Kind::StreamItem | Kind::Callback => Err(ProtocolError::ReservedKind(kind as u8)),
        }
    }

    #[inline]
    fn queue_unsolicited(
        &mut self,
        message: Message,
        tell: &mut impl FnMut(Arrived<'_>),
    ) -> Result<(), ProtocolError> {
        tell(Arrived::Message(&message.channel));
        let cost = message.cost();
        match &mut self.together {
            Some(queue) => {
                self.arrivals += 1;
                queue.push(self.arrivals, message);
            }
            None => self.channels.push(message)?,
        }
        self.unsolicited.add(cost);
        Ok(())
    }

    /// Takes the reply to a request, which is put together once its channel is known.
    #[inline]
    fn handle_reply(
        &mut self,
        id: u64,
        message: impl FnOnce(ChannelId) -> Message,
        tell: &mut impl FnMut(Arrived<'_>),
    ) -> Result<(), ProtocolError> {
        let (call, channel, addressee) = match self.outstanding.get_mut(id) {
            Some(Call::Abandoned) => {
                // Nobody wants it any more.
                self.outstanding.remove(id);
                return Ok(());
            }
            Some(call) => match call {
                Call::Sent { channel, addressee, ticket } if !self.outbox.still_holds(*ticket) => {
                    let (channel, addressee) = (std::mem::take(channel), *addressee);
                    (call, channel, addressee)
                }
                _ => return Err(ProtocolError::UnexpectedReply(id)),
            },
            None => return Err(ProtocolError::UnexpectedReply(id)),
        };
        let message = message(channel);
        self.replies.add(message.cost());
        match addressee {
            Addressee::Caller => {
                tell(Arrived::Answer(message.id));
                *call = Call::Answered(message);
                Ok(())
            }
            Addressee::Channel => {
                self.outstanding.remove(id);
                tell(Arrived::Reply(&message.channel));
                self.channels.push(message)
            }
        }
    }

    /// Takes the requests that were cancelled out of the queues, all in one pass, and says so to the other side.
    ///
    /// Where a pass would be long for so few of them it waits for more: what is next in the queue was never cancelled.
    fn drop_cancelled(&mut self) {
        if self.cancelled.is_empty() {
            return;
        }
        if self.queued_together() > PASSED_FOR_ONE.saturating_mul(self.cancelled.len()) {
            self.drop_next_if_cancelled();
            return;
        }
        let cancelled = std::mem::take(&mut self.cancelled);
        let mut dropped = Vec::new();
        let mut note = |message: &Message| {
            let hit = message.kind == MessageKind::Request && cancelled.contains(&message.id.0);
            if hit {
                dropped.push((message.id.0, message.cost()));
            }
            hit
        };
        match &mut self.together {
            Some(queue) => queue.remove_all(&mut note),
            None => self.channels.remove_all(&mut note),
        }
        for (id, cost) in dropped {
            self.unsolicited.remove(cost);
            self.push_cancellation(Kind::Cancelled, id);
        }
    }

    /// Drops what is next in the queue as long as that was cancelled.
    #[inline]
    pub(super) fn drop_next_if_cancelled(&mut self) {
        while !self.cancelled.is_empty()
            && let Some(queue) = &mut self.together
            && let Some(next) = queue.peek()
            && next.kind == MessageKind::Request
            && self.cancelled.remove(&next.id.0)
            && let Some(next) = queue.pop()
        {
            self.unsolicited.remove(next.cost());
            self.push_cancellation(Kind::Cancelled, next.id.0);
        }
    }

    /// Bounds what messages that never become whole can hold.
    fn check_open(&self) -> Result<(), ProtocolError> {
        let Limits { replies, unsolicited, message, unsolicited_message } = self.limits;
        let held = self.inbox.held();
        for (Account { bytes, messages }, budget, message) in
            [(held.replies, replies, message), (held.unsolicited, unsolicited, unsolicited_message)]
        {
            // A side that keeps to the protocol stays within the longest message, and one frame between its chunks.
            let most_bytes = budget.bytes.saturating_add(message).saturating_add(MAX_FRAME as u64);
            let most_messages = budget.messages.saturating_add(message / CHUNK as u64);
            if bytes > most_bytes || messages > most_messages {
                return Err(ProtocolError::TooMuchOpen { length: bytes, count: messages });
            }
        }
        Ok(())
    }
}

impl Arrival {
    fn into_message(mut self) -> Message {
        Message {
            kind: MessageKind::of(self.kind),
            channel: std::mem::take(&mut self.channel),
            priority: self.priority,
            id: RequestId(self.id),
            terms: self.terms,
            payload: self.into_payload(),
        }
    }
}
