//! What runs the futures of async methods, and a worker that has one of its own.

use std::fmt;
use std::pin::Pin;

use super::Worker;
use crate::codec::{CodecError, Reply, Source};

/// What runs the future of an async method to its end, on the worker's thread: `|future| runtime.block_on(future)`.
///
/// Every function that takes such a future is one. It is called once for each call of an async method, one after the
/// other. A worker that was given none has a small one built in, which polls the future and sleeps until it is woken:
/// enough for whatever needs no runtime around it. A panic passes through it to the caller.
///
/// It is to return once the future is done. If it returns earlier, the built-in one goes on in its place, without what
/// this one had around the future.
pub trait Executor: for<'a> FnMut(Pin<&'a mut (dyn Future<Output = ()> + 'a)>) + 'static {}

impl<F> Executor for F where F: for<'a> FnMut(Pin<&'a mut (dyn Future<Output = ()> + 'a)>) + 'static {}

/// A worker whose async methods run on an executor of its own; see [`Worker::with_executor`].
pub struct WithExecutor<W, E> {
    worker: W,
    executor: E,
}

impl<W, E> WithExecutor<W, E> {
    pub(super) fn new(worker: W, executor: E) -> Self {
        WithExecutor { worker, executor }
    }
}

impl<W: Worker, E: Executor> Worker for WithExecutor<W, E> {
    type Host = W::Host;

    fn request(
        &mut self,
        payload: Source<'_>,
        reply: &mut Reply,
        _executor: &mut dyn Executor,
    ) -> Result<(), CodecError> {
        self.worker.request(payload, reply, &mut self.executor)
    }

    fn norequest(&mut self, payload: Source<'_>, _executor: &mut dyn Executor) -> Result<(), CodecError> {
        self.worker.norequest(payload, &mut self.executor)
    }
}

impl<W: fmt::Debug, E> fmt::Debug for WithExecutor<W, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithExecutor").field("worker", &self.worker).finish_non_exhaustive()
    }
}
