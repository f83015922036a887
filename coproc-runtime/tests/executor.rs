//! Async methods run to their end in the worker, on the built-in executor or on the user's.

#[allow(unreachable_pub, reason = "shared by several test crates")]
mod support;

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use coproc_runtime::__private::{
    CodecError, Method, Plain, Portable, Reply, Service, Source, block_on, send, start,
};
use coproc_runtime::{Error, ErrorKind, Executor, Handle, Stub, Worker, in_thread};
use serde::ser::SerializeTupleVariant;
use support::in_time;

static CALL: Method = Method::request("call", "call() -> u64");
static TELL: Method = Method::norequest("tell", "tell()");
static SERVICE: Service = Service::new("One", &[&CALL, &TELL]);

/// The stub of a service with one async method, which can be called with a reply and without.
#[derive(Clone)]
struct OneHost(Handle);

impl OneHost {
    fn call(&self) -> Result<u64, Error> {
        start(&self.0, &CALL, &(), <u64 as Portable>::value_reader(Plain)).wait()
    }

    fn tell(&self) -> Result<(), Error> {
        send(&self.0, &TELL, &())
    }
}

impl Stub for OneHost {
    type Start = ();

    fn service() -> &'static Service {
        &SERVICE
    }

    fn from_handle(handle: Handle) -> Self {
        OneHost(handle)
    }

    fn handle(&self) -> &Handle {
        &self.0
    }

    fn start(&self) {}
}

/// Its worker: the method is a closure.
struct OneWorker<M>(M);

impl<M: AsyncFnMut() -> u64 + 'static> Worker for OneWorker<M> {
    type Host = OneHost;

    fn request(
        &mut self,
        _payload: Source<'_>,
        reply: &mut Reply,
        executor: &mut dyn Executor,
    ) -> Result<(), CodecError> {
        let value = block_on(executor, (self.0)());
        let mut fields = CALL.reply(reply)?;
        <u64 as Portable>::write_field(&value, Plain, &mut fields)?;
        fields.end()
    }

    fn norequest(&mut self, _payload: Source<'_>, executor: &mut dyn Executor) -> Result<(), CodecError> {
        block_on(executor, (self.0)());
        Ok(())
    }
}

/// Is done at the first poll that finds the flag up, but not at the first of all, which calls `begin`; gives the number
/// of polls.
async fn raised(flag: &AtomicBool, begin: impl FnOnce(Waker)) -> u64 {
    let (mut begin, mut polls) = (Some(begin), 0);
    poll_fn(|context| {
        polls += 1;
        if let Some(begin) = begin.take() {
            begin(context.waker().clone());
            return Poll::Pending;
        }
        if flag.load(Ordering::Relaxed) { Poll::Ready(polls) } else { Poll::Pending }
    })
    .await
}

/// A method whose future is pending until `begin`, called with the first poll, has raised the flag and woken it.
fn pending(begin: fn(Arc<AtomicBool>, Waker)) -> impl AsyncFnMut() -> u64 + Send + 'static {
    async move || {
        let flag = Arc::<AtomicBool>::default();
        raised(&flag, |waker| begin(Arc::clone(&flag), waker)).await
    }
}

fn raise(flag: &AtomicBool, waker: Waker) {
    flag.store(true, Ordering::Relaxed);
    waker.wake();
}

/// Calls the method twice in one worker, on the built-in executor.
fn call_twice<M: AsyncFnMut() -> u64 + Send + 'static>(method: M) -> [u64; 2] {
    in_time(move || {
        let host = in_thread(move || OneWorker(method)).unwrap();
        [host.call().unwrap(), host.call().unwrap()]
    })
}

#[test]
fn a_future_that_another_thread_wakes_completes() {
    let method = pending(|flag, waker| {
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            raise(&flag, waker);
        });
    });
    assert_eq!(call_twice(method), [2, 2]);
}

#[test]
fn a_future_that_another_thread_wakes_ahead_of_the_wait_completes() {
    let method = pending(|flag, waker| thread::spawn(move || raise(&flag, waker)).join().unwrap());
    assert_eq!(call_twice(method), [2, 2]);
}

#[test]
fn a_future_that_wakes_itself_completes() {
    assert_eq!(call_twice(pending(|flag, waker| raise(&flag, waker))), [2, 2]);
}

#[test]
fn a_future_that_parks_the_thread_itself_loses_no_wake_up() {
    let method = pending(|flag, waker| {
        raise(&flag, waker);
        // As a blocking receive would: it uses up what the wake-up has left for the executor's own wait.
        thread::park();
    });
    assert_eq!(call_twice(method), [2, 2]);
}

#[test]
fn a_thread_that_is_unparked_for_nothing_waits_on() {
    let method = pending(|flag, waker| {
        let worker = thread::current();
        thread::spawn(move || {
            for _ in 0..3 {
                worker.unpark();
                thread::sleep(Duration::from_millis(5));
            }
            raise(&flag, waker);
        });
    });
    assert_eq!(call_twice(method), [2, 2]);
}

#[test]
fn the_users_executor_is_the_one_that_runs_the_futures() {
    thread_local! {
        static RUNS: Cell<u64> = const { Cell::new(0) };
    }
    let runs = in_time(|| {
        let host = in_thread(|| {
            let worker = OneWorker(async || RUNS.get());
            worker.with_executor(|future| {
                RUNS.set(RUNS.get() + 1);
                poll_until_ready(future);
            })
        })
        .unwrap();
        host.tell().unwrap();
        [host.call().unwrap(), host.call().unwrap()]
    });
    assert_eq!(runs, [2, 3], "a norequest and two requests, each of which saw its own run");
}

#[test]
fn the_executor_nearest_to_the_worker_goes_first() {
    let value = in_time(|| {
        let never = |_: Pin<&mut dyn Future<Output = ()>>| panic!("not this one");
        in_thread(move || OneWorker(async || 7).with_executor(poll_until_ready).with_executor(never))
            .unwrap()
            .call()
    });
    assert_eq!(value.unwrap(), 7);
}

#[test]
fn an_executor_that_returns_early_is_followed_by_the_built_in_one() {
    let later = || {
        pending(|flag, waker| {
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(20));
                raise(&flag, waker);
            });
        })
    };
    let idle = |_: Pin<&mut dyn Future<Output = ()>>| {};
    assert_eq!(call_on(later(), idle).unwrap(), 2);
    // The first poll's waker was this one's, so the future hears of nothing until it is polled once more.
    let hasty = |future: Pin<&mut dyn Future<Output = ()>>| {
        let _ = future.poll(&mut Context::from_waker(Waker::noop()));
    };
    let twice = async || {
        let mut polls = 0;
        poll_fn(|context| {
            polls += 1;
            context.waker().wake_by_ref();
            if polls > 2 { Poll::Ready(polls) } else { Poll::Pending }
        })
        .await
    };
    assert_eq!(call_on(twice, hasty).unwrap(), 3);
}

#[test]
fn an_executor_may_poll_what_is_done() {
    let eager = |mut future: Pin<&mut dyn Future<Output = ()>>| {
        poll_until_ready(future.as_mut());
        poll_until_ready(future);
    };
    assert_eq!(call_on(async || 7, eager).unwrap(), 7);
}

#[test]
fn a_panic_reaches_the_caller_through_an_executor() {
    let error = call_on(async || panic!("out of {}", "paper"), poll_until_ready).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Panicked);
    assert!(error.to_string().contains("out of paper"), "{error}");
}

/// An executor that never sleeps.
fn poll_until_ready(mut future: Pin<&mut dyn Future<Output = ()>>) {
    while future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        thread::yield_now();
    }
}

fn call_on<M, E>(method: M, executor: E) -> Result<u64, Error>
where
    M: AsyncFnMut() -> u64 + Send + 'static,
    E: Executor + Send,
{
    in_time(move || in_thread(move || OneWorker(method).with_executor(executor)).unwrap().call())
}
