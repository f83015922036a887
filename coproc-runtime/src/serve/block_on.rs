//! Runs one future to its end on this thread: on an executor of the user's, or the one that is built in.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::thread::{self, Thread};

use super::Executor;

/// Runs the future of an async method, and gives its output.
#[doc(hidden)]
pub fn block_on<T>(executor: &mut dyn Executor, future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match attempt(executor, future.as_mut()) {
        Some(output) => output,
        // The caller is owed a reply, though the executor has given up.
        None => BuiltIn::new().run(future),
    }
}

/// The executor of a worker that was given none, for the thread that calls this.
pub(super) fn built_in() -> impl Executor {
    let built_in = BuiltIn::new();
    move |future| built_in.run(future)
}

/// What an executor makes of a future; `None` if it returns before the future is done.
fn attempt<T>(executor: &mut dyn Executor, mut future: Pin<&mut (dyn Future<Output = T> + '_)>) -> Option<T> {
    let mut output = None;
    executor(pin!(poll_fn(|context| {
        // A future that is done must not be polled again, whatever the executor does.
        if output.is_none() {
            output = Some(ready!(future.as_mut().poll(context)));
        }
        Poll::Ready(())
    })));
    output
}

/// Polls a future whenever it was woken, and parks the thread in between.
struct BuiltIn {
    alarm: Arc<Alarm>,
    waker: Waker,
}

impl BuiltIn {
    fn new() -> Self {
        let alarm = Arc::new(Alarm { thread: thread::current(), rings: AtomicBool::new(false) });
        BuiltIn { waker: Waker::from(Arc::clone(&alarm)), alarm }
    }

    fn run<T>(&self, mut future: Pin<&mut (dyn Future<Output = T> + '_)>) -> T {
        loop {
            match future.as_mut().poll(&mut Context::from_waker(&self.waker)) {
                Poll::Ready(output) => return output,
                Poll::Pending => self.alarm.wait(),
            }
        }
    }
}

/// Wakes one thread.
///
/// It remembers by itself that it rang, since what the future calls may park this thread too, and so use up an unpark.
struct Alarm {
    thread: Thread,
    rings: AtomicBool,
}

impl Alarm {
    /// Waits until it has rung since the last wait.
    fn wait(&self) {
        while !self.rings.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // A swap, not a store: the thread is to see what every one of its wakers did before, not only the last.
        if !self.rings.swap(true, Ordering::Release) {
            self.thread.unpark();
        }
    }
}
