//! The receiving calls of a messenger.

use std::fmt;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::{Messenger, MessengerKind, Received};
use crate::codec;
use crate::messenger::{Failure, Flush, Interest, MessengerError, with_sources};
use crate::proto::{ChannelId, Message, MessageKind, Peer, Special};

/// What a receive call found.
enum Found {
    Special(Special),
    Message(Message),
}

impl<S, R: DeserializeOwned, O: MessengerKind> Messenger<S, R, O> {
    /// Moves what is in the pipe into the queues, without waiting, and counts the messages that wait on a channel.
    ///
    /// # Errors
    /// With an error or close request of the other side; when nothing waits and nothing can come any more.
    pub fn available(&self, channel: impl Into<ChannelId>) -> Result<usize, MessengerError> {
        let channel = channel.into();
        self.core.take_in(Flush::Now);
        match self.core.with(|peer| peer.take_special().ok_or_else(|| peer.available(&channel))) {
            Ok(special) => Err(open_special(special)),
            Err(0) => self.check_alive().map(|()| 0),
            Err(count) => Ok(count),
        }
    }

    /// Waits until something has come on any channel.
    ///
    /// # Errors
    /// With an error or close request of the other side; when nothing can come any more.
    pub fn await_available(&self) -> Result<(), MessengerError> {
        let found = self.core.wait_for(Interest::Anything, None, |peer| match peer.take_special() {
            Some(special) => Some(Some(special)),
            None => (peer.available_anywhere() > 0).then_some(None),
        });
        match found.map_err(|stop| self.core.explain(stop, None))? {
            Some(special) => Err(open_special(special)),
            None => Ok(()),
        }
    }

    /// All that has come on a channel, which may be nothing, without waiting.
    ///
    /// Each item fails as [`Messenger::receive_blocking`] does; an error or close request of the other side is the only
    /// item, and what has come can be received by the next call.
    pub fn receive_available(&self, channel: impl Into<ChannelId>) -> Available<'_, S, R, O> {
        let channel = channel.into();
        let (left, error) = match self.available(channel.clone()) {
            Ok(count) => (count, None),
            Err(error) => (0, Some(error)),
        };
        Available { messenger: self, channel, left, error }
    }

    /// The next message of a channel, waited for.
    ///
    /// # Errors
    /// With an error or close request of the other side; with a message that does not decode or a request that
    /// failed; when nothing can come any more.
    pub fn receive_blocking(&self, channel: impl Into<ChannelId>) -> Result<Received<R>, MessengerError> {
        self.receive_until(channel.into(), None)
    }

    /// The next message of a channel, waited for at most so long.
    ///
    /// # Errors
    /// As [`Messenger::receive_blocking`], and [`MessengerError::TimedOut`](crate::MessengerError::TimedOut).
    pub fn receive_timeout(
        &self,
        channel: impl Into<ChannelId>,
        timeout: Duration,
    ) -> Result<Received<R>, MessengerError> {
        self.receive_until(channel.into(), Instant::now().checked_add(timeout))
    }

    /// The replies of a channel as they come, until none is outstanding; other messages of the channel stay.
    ///
    /// Each item fails as [`Messenger::receive_blocking`] does; after an error of the conversation itself the
    /// iterator ends.
    pub fn receive_remaining(&self, channel: impl Into<ChannelId>) -> Remaining<'_, S, R, O> {
        Remaining { messenger: self, channel: channel.into(), ended: false }
    }

    fn receive_until(
        &self,
        channel: ChannelId,
        until: Option<Instant>,
    ) -> Result<Received<R>, MessengerError> {
        let interest = Interest::Channel(channel.clone());
        let found = self.core.wait_for(interest, until, |peer| next(peer, |peer| peer.take(&channel)));
        self.open(found.map_err(|stop| self.core.explain(stop, until))?)
    }

    fn check_alive(&self) -> Result<(), MessengerError> {
        match self.core.stop() {
            Some(stop) => Err(self.core.explain(stop, Some(Instant::now()))),
            None => Ok(()),
        }
    }

    fn open(&self, found: Found) -> Result<Received<R>, MessengerError> {
        match found {
            Found::Special(special) => Err(open_special(special)),
            Found::Message(message) => match decode(&message) {
                Ok(value) => Ok(Received::new(value, message)),
                Err(error) => Err(self.refuse(&message, error)),
            },
        }
    }

    /// Tells the sender of a request that does not decode, who would wait for ever otherwise.
    fn refuse(&self, message: &Message, error: MessengerError) -> MessengerError {
        let mut payload = Vec::new();
        if message.kind == MessageKind::Request
            && codec::encode(&Failure::Codec(with_sources(&error)), &mut payload).is_ok()
        {
            self.core.post(|peer| {
                let _ = peer.send_reply_to(message.id, MessageKind::Failure, None, &mut payload);
            });
        }
        error
    }
}

/// What has come on a channel; see [`Messenger::receive_available`].
#[must_use]
pub struct Available<'a, S, R, O> {
    messenger: &'a Messenger<S, R, O>,
    channel: ChannelId,
    left: usize,
    error: Option<MessengerError>,
}

impl<S, R: DeserializeOwned, O: MessengerKind> Iterator for Available<'_, S, R, O> {
    type Item = Result<Received<R>, MessengerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.error.take() {
            return Some(Err(error));
        }
        self.left = self.left.checked_sub(1)?;
        let message = self.messenger.core.with(|peer| peer.take(&self.channel))?;
        Some(self.messenger.open(Found::Message(message)))
    }
}

impl<S, R, O: MessengerKind> fmt::Debug for Available<'_, S, R, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Available")
            .field("channel", &self.channel)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// The replies of a channel, until none is outstanding; see [`Messenger::receive_remaining`].
#[must_use]
pub struct Remaining<'a, S, R, O> {
    messenger: &'a Messenger<S, R, O>,
    channel: ChannelId,
    ended: bool,
}

impl<S, R: DeserializeOwned, O: MessengerKind> Iterator for Remaining<'_, S, R, O> {
    type Item = Result<Received<R>, MessengerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let (core, channel) = (&self.messenger.core, &self.channel);
        let found = core.wait_for(Interest::Remaining(channel.clone()), None, |peer| {
            match next(peer, |peer| peer.take_reply_on(channel)) {
                None if peer.expected(channel) == 0 => Some(None),
                None => None,
                found => Some(found),
            }
        });
        match found {
            Ok(Some(found)) => Some(self.messenger.open(found)),
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(stop) => {
                self.ended = true;
                Some(Err(core.explain(stop, None)))
            }
        }
    }
}

impl<S, R, O: MessengerKind> fmt::Debug for Remaining<'_, S, R, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remaining").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// The value of a message, or what a reply says in its place.
fn decode<R: DeserializeOwned>(message: &Message) -> Result<R, MessengerError> {
    match message.kind {
        MessageKind::NoRequest | MessageKind::Request | MessageKind::Reply => {
            Ok(codec::decode(&message.payload)?)
        }
        MessageKind::Failure => Err(open_failure(&message.payload)),
        MessageKind::Cancelled => Err(MessengerError::Cancelled),
    }
}

/// The failure that a reply's payload tells of.
pub(crate) fn open_failure(payload: &[u8]) -> MessengerError {
    match codec::decode(payload) {
        Ok(failure) => MessengerError::Failed(failure),
        Err(error) => error.into(),
    }
}

fn next(peer: &mut Peer, take: impl FnOnce(&mut Peer) -> Option<Message>) -> Option<Found> {
    match peer.take_special() {
        Some(special) => Some(Found::Special(special)),
        None => take(peer).map(Found::Message),
    }
}

fn open_special(special: Special) -> MessengerError {
    match special {
        Special::CloseRequest => MessengerError::CloseRequested,
        Special::Error(payload) => match codec::decode(&payload) {
            Ok(error) => MessengerError::Remote(error),
            Err(error) => error.into(),
        },
    }
}
