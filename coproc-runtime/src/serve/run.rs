//! The worker's loop: the most urgent message, its method, its reply.

use std::error::Error;
use std::time::{Duration, Instant};

use super::block_on::built_in;
use super::served::{self, Code};
use super::stdio::{self, Connection};
use super::{Executor, Worker, panic};
use crate::buffers::{self, LARGE};
use crate::codec::{self, CodecError, Reply, Source};
use crate::host::Stub;
use crate::messenger::{Core, Exit, Failure, Flush, Interest, MessengerError, RemoteError, Stop};
use crate::pipe::{ReadEnd, WriteEnd};
use crate::process::Attach;
use crate::proto::{Delivery, Limits, Message, MessageKind, Payload, Peer, RequestId, Special};
use crate::service::{AfterPanic, Service};

/// How many messages whose answers are gathered are served between two looks at the pipe, if they do not take long: each look costs
/// about as much as ten of them.
const MOST_UNSEEN: u32 = 64;

/// How long the last words of a worker may wait for room in the pipe.
const PATIENCE_FOR_LAST_WORDS: Duration = Duration::from_secs(1);

/// A worker without its type, so that the loop is compiled once.
trait Dispatch {
    fn service(&self) -> &'static Service;
    fn request(
        &mut self,
        payload: Source<'_>,
        reply: &mut Reply,
        executor: &mut dyn Executor,
    ) -> Result<(), CodecError>;
    fn norequest(&mut self, payload: Source<'_>, executor: &mut dyn Executor) -> Result<(), CodecError>;
}

impl<W: Worker> Dispatch for W {
    fn service(&self) -> &'static Service {
        <W::Host as Stub>::service()
    }

    fn request(
        &mut self,
        payload: Source<'_>,
        reply: &mut Reply,
        executor: &mut dyn Executor,
    ) -> Result<(), CodecError> {
        Worker::request(self, payload, reply, executor)
    }

    fn norequest(&mut self, payload: Source<'_>, executor: &mut dyn Executor) -> Result<(), CodecError> {
        Worker::norequest(self, payload, executor)
    }
}

/// Makes the worker, out of a start argument that may not decode, and serves until the host asks to close, or is gone.
pub(super) fn serve<W: Worker>(
    connection: &Connection,
    make: impl FnOnce() -> Result<W, CodecError>,
) -> Result<Exit, MessengerError> {
    let core = &connection.core;
    served::serving(core, || match panic::catch(Code::Constructor, make) {
        Ok(Ok(mut worker)) => {
            let outcome = serve_all(connection, &mut worker);
            match panic::catch(Code::Destructor, || drop(worker)) {
                Ok(()) => outcome,
                Err(_) => outcome.and(Ok(Exit::Panicked)),
            }
        }
        Ok(Err(error)) => {
            refuse_calls(core, &Failure::Codec(format!("the worker's start argument: {error}")));
            Err(error.into())
        }
        Err(failure) => {
            refuse_calls(core, &failure);
            Ok(Exit::Panicked)
        }
    })
}

/// The same in a thread of the host.
pub(crate) fn serve_in_thread<W: Worker>(read: ReadEnd, write: WriteEnd, make: impl FnOnce() -> W) -> Exit {
    let served = stdio::meet(read, write, <W::Host as Attach>::greeting()).and_then(|start| {
        let peer = Peer::serving(start.theirs.order, Limits::WORKER);
        serve(&start.connect(peer)?, || Ok(make()))
    });
    served.unwrap_or(Exit::Panicked)
}

/// What the loop comes to next.
enum Next {
    /// What is the last message now.
    Message,
    Error(Payload),
    /// The host has asked to close, and everything is served and written.
    Leave,
}

/// The message that the loop has come to, until the next one is taken.
#[derive(Default)]
struct Last {
    message: Option<Message>,
    /// What the message is still owed, if anything.
    owed: Option<Owed>,
    /// The reply of the last request, whose buffer serves the next one.
    reply: Reply,
    /// How many messages were served since the pipe was last read.
    unseen: u32,
}

/// A reply that has been made.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Owed(Delivery);

fn serve_all(connection: &Connection, worker: &mut dyn Dispatch) -> Result<Exit, MessengerError> {
    let core = &connection.core;
    let (mut executor, mut last) = (built_in(), Last::default());
    loop {
        match next(connection, &mut last) {
            Ok(Next::Message) => {
                let Some(message) = &mut last.message else { continue };
                match dispatch(core, worker, &mut executor, message, &mut last.reply) {
                    Ok(owed) => last.owed = owed,
                    Err(failure) => match worker.service().after_panic {
                        AfterPanic::Continue => tell(core, request(message), &failure),
                        AfterPanic::Exit => {
                            answer_last(core, request(message), &failure);
                            return Ok(Exit::Panicked);
                        }
                    },
                }
            }
            Ok(Next::Error(payload)) => {
                flush_last(core);
                return Err(MessengerError::Remote(codec::decode(&payload)?));
            }
            Ok(Next::Leave) => return Ok(Exit::Returned),
            // A host may leave both pipes full for as long as it likes: it is not the worker's to give up.
            Err(Stop::Full | Stop::TimedOut) => {}
            Err(stop) => {
                return match core.explain(stop, None) {
                    MessengerError::Gone(_) => Ok(Exit::Returned),
                    error => Err(error),
                };
            }
        }
    }
}

/// Sends what the last message is owed, and takes the most urgent one, once nothing as urgent is still to be written.
fn next(connection: &Connection, last: &mut Last) -> Result<Next, Stop> {
    let Connection { core, watch, .. } = connection;
    let Last { message, owed, reply, unseen } = last;
    *unseen += 1;
    // In a thread of the host nobody writes what is gathered for too long.
    let gathers = *owed == Some(Owed(Delivery::Gathered)) && watch.is_some();
    let served = message.as_mut().map(|message| (message.id, std::mem::take(&mut message.payload)));
    let put = |peer: &mut Peer| {
        let Some((id, payload)) = served else { return Flush::WhenFull };
        let owed = owed.take();
        if owed.is_some() {
            answer(peer, id, MessageKind::Reply, &mut reply.bytes, &mut reply.tail);
        }
        let mut buffer = payload.into_long();
        if buffer.capacity() < LARGE {
            peer.recycle(&mut buffer);
        } else {
            buffers::keep(buffer);
        }
        let waits = owed.is_none() || gathers && peer.queued_together() > 0;
        if waits { Flush::WhenFull } else { Flush::Now }
    };
    let mut is_first = true;
    let mut attempt = |peer: &mut Peer| {
        // Only the first time: from then on, what is there has just been read.
        if !std::mem::take(&mut is_first) {
            *unseen = 0;
        } else {
            if let Some(watch) = watch
                && (gathers && peer.has_output() || is_gathered(peer))
            {
                watch.arm();
            }
            // In a thread of the host nobody says so.
            let took_long = watch.as_ref().is_none_or(|watch| watch.took_long());
            if let Some(flush) = look(peer, took_long || *unseen > MOST_UNSEEN) {
                return Some(Err(flush));
            }
        }
        queued(peer, core, message).map(Ok)
    };
    let mut found = core.put_and_wait(put, Interest::Anything, &mut attempt)?;
    loop {
        match found {
            Ok(next) => return Ok(next),
            Err(flush) => core.take_in(flush),
        }
        found = core.wait_for(Interest::Anything, None, &mut attempt)?;
    }
}

/// Whether the next message is one of many.
fn is_gathered(peer: &Peer) -> bool {
    peer.peek_next().is_some_and(|message| message.terms.delivery == Delivery::Gathered)
}

/// Whether the pipe is to be read before the next message is served, for it may have a more urgent one; and what is to be written
/// then. Ahead of one of many it is only where that `is_due`.
fn look(peer: &Peer, is_due: bool) -> Option<Flush> {
    match peer.peek_next()?.terms.delivery {
        Delivery::Gathered => is_due.then_some(Flush::WhenFull),
        // With one message queued there is nothing that a newer one could overtake.
        Delivery::Prompt => (peer.queued_together() > 1 || peer.has_output()).then_some(Flush::Now),
    }
}

fn queued(peer: &mut Peer, core: &Core, into: &mut Option<Message>) -> Option<Next> {
    if peer.peek_next().is_some_and(|message| message.terms.deadline.is_some()) {
        peer.handle_time(core.clock().now());
    }
    match peer.take_special() {
        Some(Special::Error(payload)) => return Some(Next::Error(payload)),
        // Of a close request it hears even where a method has received it.
        Some(Special::CloseRequest) | None => {}
    }
    match peer.peek_next() {
        Some(message) if peer.must_write_before(message) => None,
        Some(_) => {
            *into = peer.take_next();
            Some(Next::Message)
        }
        None => (peer.is_asked_to_close() && !peer.has_output()).then_some(Next::Leave),
    }
}

/// Calls the method of a message; what it is owed then, if that is not sent already. A failure is the method's panic. Of the
/// payload only a buffer is left.
fn dispatch(
    core: &Core,
    worker: &mut dyn Dispatch,
    executor: &mut dyn Executor,
    message: &mut Message,
    reply: &mut Reply,
) -> Result<Option<Owed>, Box<Failure>> {
    let parts = message.payload.take_parts().map(|(head, tail)| (head, codec::Last::new(tail)));
    let payload = match &parts {
        None => Source::whole(&message.payload),
        Some((head, tail)) => Source::parted(head, tail),
    };
    let outcome = call(core, worker, executor, message, payload, reply);
    if let Some((_, tail)) = parts {
        message.payload = tail.into_buffer().unwrap_or_default().into();
    }
    outcome
}

#[inline]
fn call(
    core: &Core,
    worker: &mut dyn Dispatch,
    executor: &mut dyn Executor,
    message: &Message,
    payload: Source<'_>,
    reply: &mut Reply,
) -> Result<Option<Owed>, Box<Failure>> {
    let request = request(message);
    let code = Code::Method(request);
    let Some(request) = request else {
        if let Err(error) = panic::catch(code, || worker.norequest(payload, executor))? {
            send_error(core, &worker.service().explain(error), None);
        }
        return Ok(None);
    };
    reply.clear();
    match panic::catch(code, || worker.request(payload, reply, executor))? {
        Ok(()) => Ok(Some(Owed(message.terms.delivery))),
        Err(error) => {
            let error = worker.service().explain(error);
            answer_failure(core, request, &Failure::Codec(error.to_string()));
            Ok(None)
        }
    }
}

/// The id of a request; none of a norequest, which is owed nothing.
fn request(message: &Message) -> Option<RequestId> {
    (message.kind == MessageKind::Request).then_some(message.id)
}

/// Answers a request; with a failure, where its answer can't be sent.
fn answer(peer: &mut Peer, request: RequestId, kind: MessageKind, payload: &mut Vec<u8>, tail: &mut Vec<u8>) {
    let Err(refused) = peer.answer_with(request, kind, payload, tail) else { return };
    let mut payload = Vec::new();
    if codec::encode(&Failure::Unsendable(refused.to_string()), &mut payload).is_err() {
        payload.clear();
    }
    // Where even that is too long, a failure that says nothing still ends the caller's wait.
    if peer.answer(request, MessageKind::Failure, &mut payload).is_err() {
        let _ = peer.answer(request, MessageKind::Failure, &mut Vec::new());
    }
}

fn answer_failure(core: &Core, request: RequestId, failure: &Failure) {
    let mut payload = Vec::new();
    // A failure is a few strings: it always encodes.
    if codec::encode(failure, &mut payload).is_ok() {
        core.post(|peer| answer(peer, request, MessageKind::Failure, &mut payload, &mut Vec::new()));
    }
}

/// Nobody waits for the reply to a norequest: its error goes to whoever receives next on the host's messenger.
fn send_error(core: &Core, error: &impl Error, value: Option<Vec<u8>>) {
    let mut payload = Vec::new();
    if codec::encode(&RemoteError::of(error, value), &mut payload).is_ok() {
        core.post(|peer| {
            let _ = peer.send_error(&mut payload);
        });
    }
}

/// Tells of the panic of a method: in the reply's place, or in that of a norequest's error.
fn tell(core: &Core, request: Option<RequestId>, failure: &Failure) {
    match request {
        Some(request) => answer_failure(core, request, failure),
        None => {
            let mut value = Vec::new();
            let value = codec::encode(failure, &mut value).is_ok().then_some(value);
            send_error(core, failure, value);
        }
    }
}

/// The same, of the panic that a worker ends with.
pub(super) fn answer_last(core: &Core, request: Option<RequestId>, failure: &Failure) {
    tell(core, request, failure);
    flush_last(core);
}

/// Writes what a worker that ends has still to say.
fn flush_last(core: &Core) {
    // The host may be gone, or not reading: the worker ends all the same.
    let _ = core.flush(Instant::now().checked_add(PATIENCE_FOR_LAST_WORDS));
}

/// Answers the first request of a worker that could not be made, so that its host learns why.
pub(super) fn refuse_calls(core: &Core, failure: &Failure) {
    let mut message = None;
    loop {
        match core.wait_for(Interest::Anything, None, |peer| queued(peer, core, &mut message)) {
            Ok(Next::Message) => {
                if let Some(request) = message.as_ref().and_then(request) {
                    answer_last(core, Some(request), failure);
                    return;
                }
            }
            Ok(Next::Leave) | Err(Stop::Fault(_)) => return,
            Ok(Next::Error(_)) | Err(Stop::Full | Stop::TimedOut) => {}
        }
    }
}
