//! The sending calls of a messenger.

use std::error::Error;
use std::{fmt, iter};

use serde::Serialize;

use super::{Messenger, MessengerKind};
use crate::codec;
use crate::messenger::{Flush, MessengerError, RemoteError};
use crate::proto::{
    Addressee, ChannelId, MessageKind, Peer, Priority, RequestId, SendRefused, Terms, Ticket,
};

impl<S: Serialize, R, O: MessengerKind> Messenger<S, R, O> {
    /// Sends a message that no reply is expected for.
    ///
    /// # Errors
    /// With the value, when it can't be encoded or sent: the other side is gone, or both directions are full.
    pub fn send_norequest(&self, data: S, channel: impl Into<ChannelId>) -> Result<(), SendError<S>> {
        self.norequest(data, &channel.into(), Flush::Now)
    }

    /// The same without waiting for room in the pipe.
    ///
    /// Of a message above 4 KiB the pipe may have taken only a part then: the rest goes with the next call of this messenger,
    /// whatever it is.
    ///
    /// # Errors
    /// As [`Messenger::send_norequest`]; with [`MessengerError::Full`] when there is no room now.
    pub fn try_send_norequest(&self, data: S, channel: impl Into<ChannelId>) -> Result<(), SendError<S>> {
        self.norequest(data, &channel.into(), Flush::OrRefuse)
    }

    /// Sends a request; the channel's counters wait for its reply, which has the same id.
    ///
    /// # Errors
    /// As [`Messenger::send_norequest`].
    pub fn send_request(&self, data: S, channel: impl Into<ChannelId>) -> Result<RequestId, SendError<S>> {
        self.request(data, &channel.into(), Flush::Now)
    }

    /// The same without waiting for room in the pipe.
    ///
    /// # Errors
    /// As [`Messenger::try_send_norequest`].
    pub fn try_send_request(
        &self,
        data: S,
        channel: impl Into<ChannelId>,
    ) -> Result<RequestId, SendError<S>> {
        self.request(data, &channel.into(), Flush::OrRefuse)
    }

    /// Sends many requests, as few writes as they fit in; their ids in the same order.
    ///
    /// # Errors
    /// As [`Messenger::send_norequest`], with the values that were not sent.
    pub fn send_requests(
        &self,
        data: impl IntoIterator<Item = S>,
        channel: impl Into<ChannelId>,
    ) -> Result<Vec<RequestId>, SendError<Vec<S>>> {
        let channel = channel.into();
        let mut ids = Vec::new();
        let mut data = data.into_iter();
        while let Some(value) = data.next() {
            match self.request(value, &channel, Flush::WhenFull) {
                Ok(id) => ids.push(id),
                Err(SendError { value, error }) => {
                    // Those before it are on their way.
                    self.core.post(|_| ());
                    return Err(SendError { value: iter::once(value).chain(data).collect(), error });
                }
            }
        }
        self.core.flush(None).map_err(|error| SendError { value: Vec::new(), error })?;
        Ok(ids)
    }

    /// Answers the oldest request of a channel that was taken and has no reply yet.
    ///
    /// # Errors
    /// As [`Messenger::send_norequest`], and when there is no such request.
    pub fn send_reply(&self, data: S, channel: impl Into<ChannelId>) -> Result<(), SendError<S>> {
        self.reply(data, &channel.into(), Flush::Now)
    }

    /// The same without waiting for room in the pipe; the request is still to be answered if there is none.
    ///
    /// # Errors
    /// As [`Messenger::send_reply`]; with [`MessengerError::Full`] when there is no room now.
    pub fn try_send_reply(&self, data: S, channel: impl Into<ChannelId>) -> Result<(), SendError<S>> {
        self.reply(data, &channel.into(), Flush::OrRefuse)
    }

    /// Answers one request, by what a receive call gave for it or by its id.
    ///
    /// # Errors
    /// As [`Messenger::send_norequest`], and when it is no request that was taken, or has its reply.
    pub fn send_reply_to(&self, request: impl Into<RequestId>, data: S) -> Result<(), SendError<S>> {
        self.reply_to(request.into(), data, Flush::Now)
    }

    /// The same without waiting for room in the pipe; the request is still to be answered if there is none.
    ///
    /// # Errors
    /// As [`Messenger::send_reply_to`]; with [`MessengerError::Full`] when there is no room now.
    pub fn try_send_reply_to(&self, request: impl Into<RequestId>, data: S) -> Result<(), SendError<S>> {
        self.reply_to(request.into(), data, Flush::OrRefuse)
    }

    fn norequest(&self, data: S, channel: &ChannelId, flush: Flush) -> Result<(), SendError<S>> {
        self.send(data, flush, |peer, priority, payload| {
            peer.send_norequest(channel, priority.unwrap_or_default(), payload)
        })
    }

    fn request(&self, data: S, channel: &ChannelId, flush: Flush) -> Result<RequestId, SendError<S>> {
        self.encoded(data, |priority, payload| {
            let priority = priority.unwrap_or_default();
            self.core.send_request(None, flush, |peer| {
                peer.send_request(channel, priority, Terms::default(), Addressee::Channel, payload)
            })
        })
    }

    fn reply(&self, data: S, channel: &ChannelId, flush: Flush) -> Result<(), SendError<S>> {
        self.send(data, flush, |peer, priority, payload| peer.send_reply(channel, priority, payload))
    }

    fn reply_to(&self, id: RequestId, data: S, flush: Flush) -> Result<(), SendError<S>> {
        self.send(data, flush, |peer, priority, payload| {
            peer.send_reply_to(id, MessageKind::Reply, priority, payload)
        })
    }

    fn send(
        &self,
        data: S,
        flush: Flush,
        push: impl FnOnce(&mut Peer, Option<Priority>, &mut Vec<u8>) -> Result<Ticket, SendRefused>,
    ) -> Result<(), SendError<S>> {
        self.encoded(data, |priority, payload| {
            self.core.send(None, flush, |peer| Ok(((), push(peer, priority, payload)?)))
        })
    }

    /// Encodes a value and sends it; an error has the value.
    fn encoded<T>(
        &self,
        data: S,
        send: impl FnOnce(Option<Priority>, &mut Vec<u8>) -> Result<T, MessengerError>,
    ) -> Result<T, SendError<S>> {
        let mut payload = Vec::new();
        let encoded = codec::encode(&data, &mut payload).map_err(MessengerError::from);
        let sent = encoded.and_then(|()| send(self.priority_of(&data), &mut payload));
        sent.map_err(|error| SendError { value: data, error })
    }
}

impl<S, R, O: MessengerKind> Messenger<S, R, O> {
    /// Sends an error, past channels and priorities: the other side's next receive call fails with its type's name,
    /// its message and those of its sources.
    ///
    /// # Errors
    /// When it can't be sent.
    pub fn send_error<E: Error + ?Sized>(&self, error: &E) -> Result<(), MessengerError> {
        self.send_remote_error(&RemoteError::of(error, None))
    }

    /// The same, with the error's value, which the other side gets back by
    /// [`MessengerError::value`](crate::MessengerError::value).
    ///
    /// # Errors
    /// When it can't be encoded or sent.
    pub fn send_error_value<E: Error + Serialize>(&self, error: &E) -> Result<(), MessengerError> {
        let mut value = Vec::new();
        codec::encode(error, &mut value)?;
        self.send_remote_error(&RemoteError::of(error, Some(value)))
    }

    /// Asks the other side to close, behind all that was sent before: its next receive call fails with
    /// [`MessengerError::CloseRequested`](crate::MessengerError::CloseRequested).
    ///
    /// # Errors
    /// When it can't be sent.
    pub fn send_close_request(&self) -> Result<(), MessengerError> {
        self.core.send(None, Flush::Now, |peer| Ok(((), peer.send_close_request())))
    }

    fn send_remote_error(&self, error: &RemoteError) -> Result<(), MessengerError> {
        let mut payload = Vec::new();
        codec::encode(error, &mut payload)?;
        self.core.send(None, Flush::Now, |peer| Ok(((), peer.send_error(&mut payload)?)))
    }
}

/// Why a value was not sent, and the value.
#[derive(Clone)]
pub struct SendError<S> {
    /// The value that was not sent.
    pub value: S,
    /// Why.
    pub error: MessengerError,
}

impl<S> fmt::Debug for SendError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<S> fmt::Display for SendError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<S> Error for SendError<S> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

impl<S> From<SendError<S>> for MessengerError {
    fn from(error: SendError<S>) -> Self {
        error.error
    }
}
