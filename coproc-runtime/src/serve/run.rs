//! The worker's loop: the most urgent message, its method, its reply.

use super::answer::{answer_failure, answer_last, flush_last, send_error, tell};
use super::block_on::built_in;
use super::next::{Next, Turn, next, queued};
use super::served::{self, Code};
use super::stdio::{self, Connection};
use super::{Executor, Worker, panic};
use crate::codec::{self, CodecError, Reply, Source};
use crate::host::Stub;
use crate::messenger::{Core, Exit, Failure, Interest, MessengerError, Stop};
use crate::pipe::{ReadEnd, WriteEnd};
use crate::process::Attach;
use crate::proto::{Delivery, Limits, Message, MessageKind, Peer, RequestId};
use crate::service::{AfterPanic, Service};

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

fn serve_all(connection: &Connection, worker: &mut dyn Dispatch) -> Result<Exit, MessengerError> {
    let core = &connection.core;
    let (mut executor, mut turn) = (built_in(), Turn::default());
    loop {
        match next(connection, &mut turn) {
            Ok(Next::Message) => {
                let Some(message) = &mut turn.message else { continue };
                match dispatch(core, worker, &mut executor, message, &mut turn.reply) {
                    Ok(owed) => turn.owed = owed,
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

/// Calls the method of a message; what it is owed then, if that is not sent already. A failure is the method's panic. Of the
/// payload only a buffer is left.
fn dispatch(
    core: &Core,
    worker: &mut dyn Dispatch,
    executor: &mut dyn Executor,
    message: &mut Message,
    reply: &mut Reply,
) -> Result<Option<Delivery>, Box<Failure>> {
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
) -> Result<Option<Delivery>, Box<Failure>> {
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
        Ok(()) => Ok(Some(message.terms.delivery)),
        Err(error) => {
            let error = worker.service().explain(error);
            answer_failure(core, request, &Failure::Codec(error.to_string()));
            Ok(None)
        }
    }
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

/// The id of a request; none of a norequest, which is owed nothing.
fn request(message: &Message) -> Option<RequestId> {
    (message.kind == MessageKind::Request).then_some(message.id)
}
