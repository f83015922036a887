//! A call that was sent and is waited for later.

use std::fmt;
use std::time::{Duration, Instant};

use super::Handle;
use super::handle::Host;
use super::scratch;
use crate::buffers::{self, LARGE};
use crate::codec::{self, CodecError, Encode, Last, ReplyReader};
use crate::error::Error;
use crate::messenger::{Gone, Interest, MessengerError, Stop};
use crate::proto::{Addressee, End, Message, MessageKind, RequestId, Terms};
use crate::service::Method;
use crate::sync::Arc;
use crate::typed::open_failure;

/// A call that was sent: its reply can be waited for, asked for, or given up.
///
/// Dropping it cancels the call without blocking: what has not begun in the worker never will; what runs there hears of it by
/// [`cancelled`](crate::cancelled) or runs to its end, and its reply is thrown away.
///
/// # Errors
/// A call that could not even be sent is a `Pending` too, and its wait fails.
#[must_use = "a call that is dropped is cancelled"]
pub struct Pending<T> {
    call: Call,
    read: fn(&mut ReplyReader<'_>) -> Result<T, CodecError>,
}

/// Sends a request of a stub, whose last argument was left without its last bytes, which are the tail.
#[doc(hidden)]
pub fn start_with<T>(
    handle: &Handle,
    method: &'static Method,
    request: &dyn Encode,
    tail: &mut Vec<u8>,
    read: fn(&mut ReplyReader<'_>) -> Result<T, CodecError>,
) -> Pending<T> {
    Pending { call: Call::new(handle, method, request, tail), read }
}

impl<T> Pending<T> {
    /// Waits for the reply, as long as the call's own time limit lets it.
    ///
    /// # Errors
    /// When the call failed; see [`ErrorKind`](crate::ErrorKind).
    pub fn wait(mut self) -> Result<T, Error> {
        match self.call.wait() {
            Ok(reply) => self.open(reply),
            Err(error) => Err(error),
        }
    }

    /// Waits for the reply at most so long; the call goes on if it has not come.
    ///
    /// # Errors
    /// With the call itself, to wait again, if its reply has not come; the inner error is the call's.
    pub fn wait_timeout(mut self, timeout: Duration) -> Result<Result<T, Error>, Self> {
        match self.call.wait_timeout(timeout) {
            Some(Ok(reply)) => Ok(self.open(reply)),
            Some(Err(error)) => Ok(Err(error)),
            None => Err(self),
        }
    }

    /// Takes the reply if it has come, without waiting.
    ///
    /// # Errors
    /// With the call itself, to ask again, if its reply has not come; the inner error is the call's.
    pub fn try_wait(self) -> Result<Result<T, Error>, Self> {
        self.wait_timeout(Duration::ZERO)
    }

    /// Gives the call up: what has not begun in the worker never will. Dropping does the same.
    pub fn cancel(self) {
        drop(self);
    }

    fn open(&self, mut reply: Message) -> Result<T, Error> {
        let index = self.call.method.index;
        let value = if let Some((head, tail)) = reply.payload.take_parts() {
            let (value, buffer) = ReplyReader::read_parted(index, &head, Last::new(tail), self.read);
            buffers::keep(buffer);
            value
        } else if reply.payload.len() < LARGE {
            let value = ReplyReader::read(index, &reply.payload, self.read);
            scratch::offer(reply.payload);
            value
        } else {
            let mut payload = reply.payload.into_vec();
            let value = ReplyReader::read_owned(index, &mut payload, self.read);
            buffers::keep(payload);
            value
        };
        match value {
            Ok(value) => Ok(value),
            Err(error) => Err(self.call.error(error.into())),
        }
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("method", &self.call.method.name)
            .field("state", &self.call.state)
            .finish_non_exhaustive()
    }
}

/// A call, whatever its reply's type: what needs no type is compiled once.
struct Call {
    host: Arc<Host>,
    method: &'static Method,
    until: Option<Instant>,
    /// After which time the worker is killed, if it is.
    kills_after: Option<Duration>,
    state: State,
}

#[derive(Debug)]
enum State {
    Sent(RequestId),
    Failed(Error),
    Over,
}

impl Call {
    fn new(handle: &Handle, method: &'static Method, request: &dyn Encode, tail: &mut Vec<u8>) -> Self {
        let (until, kills_after) = (handle.until(), handle.kills_after());
        let mut call =
            Call { host: Arc::clone(&handle.host), method, until, kills_after, state: State::Over };
        call.state = match send(handle, method, request, tail, until) {
            Ok(id) => State::Sent(id),
            Err(MessengerError::TimedOut) => State::Failed(call.late()),
            Err(error) => State::Failed(call.error(error)),
        };
        call
    }

    fn wait(&mut self) -> Result<Message, Error> {
        // Once the call's own time is over, so is the call; dropping it cancels it.
        self.wait_until(self.until).unwrap_or_else(|| Err(self.late()))
    }

    /// `None` if the call goes on.
    fn wait_timeout(&mut self, timeout: Duration) -> Option<Result<Message, Error>> {
        let limit = Instant::now().checked_add(timeout);
        let until = [limit, self.until].into_iter().flatten().min();
        match self.wait_until(until) {
            None if self.until.is_some() && self.until == until => Some(Err(self.late())),
            outcome => outcome,
        }
    }

    fn wait_until(&mut self, until: Option<Instant>) -> Option<Result<Message, Error>> {
        let id = match std::mem::replace(&mut self.state, State::Over) {
            State::Sent(id) => id,
            State::Failed(error) => return Some(Err(error)),
            State::Over => return Some(Err(self.error(MessengerError::Cancelled))),
        };
        match self.host.core.wait_for(Interest::Reply(id), until, |peer| peer.take_reply(id)) {
            Ok(reply) => Some(self.reply(reply)),
            Err(Stop::TimedOut) => {
                self.state = State::Sent(id);
                None
            }
            // Whoever asks again in a moment learns how it ended.
            Err(stop) if self.host.core.is_about_to_exit(&stop, until) => {
                self.state = State::Sent(id);
                None
            }
            Err(stop) => {
                let error = self.host.core.explain(stop, until);
                self.state = State::Sent(id);
                Some(Err(self.error(error)))
            }
        }
    }

    fn reply(&self, reply: Message) -> Result<Message, Error> {
        match reply.kind {
            MessageKind::Failure => Err(self.error(open_failure(&reply.payload))),
            // Nobody here has cancelled it: the worker came to it only when its time was over.
            MessageKind::Cancelled if self.until.is_some() => Err(self.error(MessengerError::TimedOut)),
            MessageKind::Cancelled => Err(self.error(MessengerError::Cancelled)),
            _ => Ok(reply),
        }
    }

    /// The call's own time is over.
    fn late(&self) -> Error {
        let gone = self.host.core.gone_already();
        self.error(gone.unwrap_or_else(|| match self.kills_after {
            Some(limit) => self.kill(limit),
            None => MessengerError::TimedOut,
        }))
    }

    fn kill(&self, limit: Duration) -> MessengerError {
        let why = format!("a call of `{}` took longer than {limit:?}", self.method.name);
        match (self.host.kill(&why), self.host.core.other()) {
            (Ok(exit), Some(other)) => {
                MessengerError::Overdue(Gone::new(End::Dropped, Some(exit), other.remains()))
            }
            // A thread can't be killed.
            _ => MessengerError::TimedOut,
        }
    }

    fn error(&self, error: MessengerError) -> Error {
        Error::of_call(&self.host, Some(self.method), error)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if let State::Sent(id) = self.state {
            self.host.core.post(|peer| peer.cancel(id));
        }
    }
}

fn send(
    handle: &Handle,
    method: &'static Method,
    request: &dyn Encode,
    tail: &mut Vec<u8>,
    until: Option<Instant>,
) -> Result<RequestId, MessengerError> {
    let (channel, priority) = handle.address(method);
    let terms = Terms { deadline: handle.core().clock().deadline(until), delivery: handle.delivery() };
    scratch::with(|payload| {
        request.encode(payload).map_err(|error| method.explain(error))?;
        codec::note_tail(payload, tail.len())?;
        handle.core().send_request(until, handle.when_written(), |peer| {
            let sent = peer.send_request_with(channel, priority, terms, Addressee::Caller, payload, tail);
            peer.recycle_first(payload);
            sent
        })
    })
}
