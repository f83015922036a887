//! A call that was sent and is waited for later.

use std::fmt;
use std::time::{Duration, Instant};

use super::handle::Host;
use super::{Handle, deadline_ms};
use crate::codec::{CodecError, Encode, ReplyReader};
use crate::error::Error;
use crate::messenger::{Flush, Interest, MessengerError, Stop};
use crate::proto::{Addressee, Message, MessageKind, RequestId};
use crate::service::Method;
use crate::sync::Arc;
use crate::typed::open_failure;

/// A call that was sent: its reply can be waited for, asked for, or given up.
///
/// Dropping it cancels the call without blocking: what has not begun in the worker never will; what runs there runs to
/// its end, and its reply is thrown away.
///
/// # Errors
/// A call that could not even be sent is a `Pending` too, and its wait fails.
#[must_use = "a call that is dropped is cancelled"]
pub struct Pending<T> {
    host: Arc<Host>,
    method: &'static Method,
    read: fn(&mut ReplyReader<'_>) -> Result<T, CodecError>,
    until: Option<Instant>,
    state: State,
}

#[derive(Debug)]
enum State {
    Sent(RequestId),
    Failed(Error),
    Over,
}

pub(super) fn start<T>(
    handle: &Handle,
    method: &'static Method,
    request: &dyn Encode,
    read: fn(&mut ReplyReader<'_>) -> Result<T, CodecError>,
) -> Pending<T> {
    let until = handle.until();
    let state = match send(handle, method, request, until) {
        Ok(id) => State::Sent(id),
        Err(error) => State::Failed(Error::of_call(&handle.host, Some(method), error)),
    };
    Pending { host: Arc::clone(&handle.host), method, read, until, state }
}

impl<T> Pending<T> {
    /// Waits for the reply, as long as the call's own time limit lets it.
    ///
    /// # Errors
    /// When the call failed; see [`ErrorKind`](crate::ErrorKind).
    pub fn wait(self) -> Result<T, Error> {
        let until = self.until;
        match self.wait_until(until) {
            Ok(outcome) => outcome,
            // The call's own time is over, so the call is too; dropping it cancels it.
            Err(pending) => Err(pending.error(MessengerError::TimedOut)),
        }
    }

    /// Waits for the reply at most so long; the call goes on if it has not come.
    ///
    /// # Errors
    /// With the call itself, to wait again, if its reply has not come; the inner error is the call's.
    pub fn wait_timeout(self, timeout: Duration) -> Result<Result<T, Error>, Self> {
        let limit = Instant::now().checked_add(timeout);
        let until = [limit, self.until].into_iter().flatten().min();
        match self.wait_until(until) {
            Err(pending) if pending.until.is_some() && pending.until == until => {
                Ok(Err(pending.error(MessengerError::TimedOut)))
            }
            outcome => outcome,
        }
    }

    /// Takes the reply if it has come, without waiting.
    ///
    /// # Errors
    /// With the call itself, to ask again, if its reply has not come; the inner error is the call's.
    pub fn try_wait(self) -> Result<Result<T, Error>, Self> {
        self.host.core.take_in();
        self.wait_timeout(Duration::ZERO)
    }

    /// Gives the call up: what has not begun in the worker never will. Dropping does the same.
    pub fn cancel(self) {
        drop(self);
    }

    fn wait_until(mut self, until: Option<Instant>) -> Result<Result<T, Error>, Self> {
        let id = match std::mem::replace(&mut self.state, State::Over) {
            State::Sent(id) => id,
            State::Failed(error) => return Ok(Err(error)),
            State::Over => return Ok(Err(self.error(MessengerError::Cancelled))),
        };
        match self.host.core.wait_for(Interest::Reply(id), until, |peer| peer.take_reply(id)) {
            Ok(reply) => Ok(self.open(&reply).map_err(|error| self.error(error))),
            Err(Stop::TimedOut) => {
                self.state = State::Sent(id);
                Err(self)
            }
            Err(stop) => {
                let error = self.host.core.explain(stop, until);
                self.state = State::Sent(id);
                Ok(Err(self.error(error)))
            }
        }
    }

    fn open(&self, reply: &Message) -> Result<T, MessengerError> {
        match reply.kind {
            MessageKind::Failure => Err(open_failure(&reply.payload)),
            MessageKind::Cancelled => Err(MessengerError::Cancelled),
            _ => {
                let mut reader = ReplyReader::new(self.method.index, &reply.payload)?;
                let value = (self.read)(&mut reader)?;
                reader.end()?;
                Ok(value)
            }
        }
    }

    fn error(&self, error: MessengerError) -> Error {
        Error::of_call(&self.host, Some(self.method), error)
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        if let State::Sent(id) = self.state {
            self.host.core.post(|peer| peer.cancel(id));
        }
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("method", &self.method.name)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

fn send(
    handle: &Handle,
    method: &'static Method,
    request: &dyn Encode,
    until: Option<Instant>,
) -> Result<RequestId, MessengerError> {
    let (channel, priority) = handle.address(method);
    let mut payload = Vec::new();
    request.encode(&mut payload).map_err(|error| method.explain(error))?;
    handle.core().send_request(until, Flush::Now, |peer| {
        peer.send_request(channel, priority, deadline_ms(until), Addressee::Caller, &mut payload)
    })
}
