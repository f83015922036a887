//! Sending: into the peer, and out of it as far as there is room.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use super::core::{Core, Stop};
use super::state::State;
use super::{Interest, MessengerError};
use crate::proto::{Peer, RequestId, SendRefused, Ticket};
use crate::sync::{Instant, MutexGuard};

/// How long the last bytes of a side that takes none any more may take to come.
const PATIENCE_FOR_LAST_BYTES: Duration = Duration::from_secs(1);

/// When what was sent is written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Flush {
    /// At once.
    #[default]
    Now,
    /// Once it makes a good write, or by [`Core::flush`].
    WhenFull,
    /// At once, or not at all where the pipe has no room for a small message; the rest of a large one with the next call.
    OrRefuse,
}

impl Core {
    /// Sends: `push` puts messages into the peer, and this returns once the pipe has all of the last one.
    ///
    /// On an error nothing of the last one has left, or the conversation is over.
    pub(crate) fn send<T>(
        &self,
        until: Option<Instant>,
        flush: Flush,
        push: impl FnOnce(&mut Peer) -> Result<(T, Ticket), SendRefused>,
    ) -> Result<T, MessengerError> {
        let mut state = self.lock();
        if state.fault.is_some() {
            drop(state);
            return Err(self.explain_end(until));
        }
        if flush == Flush::OrRefuse && !self.has_room(&mut state)? {
            return Err(MessengerError::Full);
        }
        let (value, mut ticket) = push(&mut state.peer)?;
        if flush == Flush::WhenFull && !state.peer.has_batch() {
            return Ok(value);
        }
        state.flush(&self.write);
        let written = flush == Flush::OrRefuse || state.peer.is_written(&mut ticket);
        let done = written && !state.is_ending();
        self.settle(&mut state);
        drop(state);
        if done {
            return Ok(value);
        }
        let interest = Interest::Written(ticket);
        match self.wait_for(interest, until, |peer| peer.is_written(&mut ticket).then_some(())) {
            // What was thrown away, because nobody reads it any more, counts as written too.
            Ok(()) if self.lock().is_ending() => Err(self.explain_end(until)),
            Ok(()) => Ok(value),
            Err(stop) if !matches!(stop, Stop::Fault(_)) && !self.take_back(ticket) => {
                // Part of it has left already; the rest follows when there is room.
                Ok(value)
            }
            Err(stop) => Err(self.explain(stop, until)),
        }
    }

    /// The same for a request, which is forgotten on an error; one that was answered was sent, whatever came then.
    pub(crate) fn send_request(
        &self,
        until: Option<Instant>,
        flush: Flush,
        push: impl FnOnce(&mut Peer) -> Result<(RequestId, Ticket), SendRefused>,
    ) -> Result<RequestId, MessengerError> {
        let mut pushed = None;
        let outcome = self.send(until, flush, |peer| push(peer).inspect(|(id, _)| pushed = Some(*id)));
        let (Err(error), Some(id)) = (&outcome, pushed) else { return outcome };
        let is_over = !matches!(error, MessengerError::TimedOut | MessengerError::Full);
        if is_over && !self.with(|peer| peer.is_open(id)) {
            // Its answer came before the end.
            return Ok(id);
        }
        self.post(|peer| peer.cancel(id));
        outcome
    }

    /// Writes all that was put into the peer.
    pub(crate) fn flush(&self, until: Option<Instant>) -> Result<(), MessengerError> {
        self.post(|_| ());
        match self.wait_for(Interest::Room, until, |peer| (!peer.has_output()).then_some(())) {
            Ok(()) if self.lock().is_ending() => Err(self.explain_end(until)),
            // All of it was taken over for sending, and follows when there is room.
            Ok(()) | Err(Stop::Full) => Ok(()),
            Err(stop) => Err(self.explain(stop, until)),
        }
    }

    /// Puts messages into the peer and writes what there is room for, without waiting for more.
    pub(crate) fn post(&self, push: impl FnOnce(&mut Peer)) {
        let mut state = self.lock();
        push(&mut state.peer);
        state.write(Flush::Now, &self.write);
        self.settle(&mut state);
    }

    /// Whether a message would be written now, and not only be put behind others.
    fn has_room(&self, state: &mut MutexGuard<'_, State>) -> io::Result<bool> {
        state.flush(&self.write);
        self.settle(state);
        // Where nobody reads any more a send says so itself.
        Ok(state.is_ending() || !state.peer.has_output() && self.write.has_room()?)
    }

    /// Takes a message back, if not a byte of it has left.
    fn take_back(&self, ticket: Ticket) -> bool {
        let mut state = self.lock();
        let is_back = state.peer.take_back(ticket);
        // It may have been what another thread waited for the reply to.
        let state = &mut *state;
        state.parked.wake_met(&state.peer);
        self.settle(state);
        is_back
    }

    /// How the conversation ends, once its last bytes have come.
    fn explain_end(&self, until: Option<Instant>) -> MessengerError {
        let give_up = Instant::now() + PATIENCE_FOR_LAST_BYTES;
        let limit = until.map_or(give_up, |until| until.min(give_up));
        let Err(stop) = self.wait_for(Interest::End, Some(limit), |_| None::<Infallible>);
        if matches!(stop, Stop::TimedOut) && until != Some(limit) {
            // Where the leader is in a blocking read, nothing ends that as long as somebody has the pipe.
            self.lock().handle_end();
        }
        self.explain(self.stop().unwrap_or(stop), until)
    }
}
