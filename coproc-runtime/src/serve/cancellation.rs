//! What a running method can see of its caller: whether it still waits, and for how long.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::served::{self, Code};
use crate::messenger::{Clock, Core, Flush, time_left};
use crate::proto::RequestId;

/// Whether nobody waits any more for what the method that this thread runs will return.
///
/// Its caller has cancelled the call, given it up by dropping its [`Pending`](crate::Pending), or its time is over; a method
/// that takes long asks now and then, and returns whatever it likes if so. The pipe is looked at once a millisecond at
/// most, so asking often costs little: some 30 ns. `false` in a method that sends nothing back, and outside of methods.
///
/// The method's own threads ask a [`cancellation_token`].
///
/// # Examples
/// ```
/// # use coproc_runtime as coproc;
/// fn primes(below: u64) -> Vec<u64> {
///     let is_prime = |n: &u64| (2..*n).all(|divisor| n % divisor != 0);
///     (2..below).take_while(|_| !coproc::cancelled()).filter(is_prime).collect()
/// }
/// # assert_eq!(primes(10), [2, 3, 5, 7]);
/// ```
#[must_use]
pub fn cancelled() -> bool {
    token(CancellationToken::is_cancelled).unwrap_or(false)
}

/// The call that this thread's method answers, for its own threads to ask whether somebody still waits.
///
/// Outside of a method that is answered, it is a token that is never cancelled.
#[must_use]
pub fn cancellation_token() -> CancellationToken {
    token(CancellationToken::clone).unwrap_or(CancellationToken(None))
}

/// A call, for any thread to ask whether somebody still waits for it; see [`cancellation_token`].
#[derive(Clone, Debug)]
pub struct CancellationToken(Option<Arc<Asked>>);

impl CancellationToken {
    /// Whether nobody waits for the call any more: it was cancelled, its time is over, or its method has returned.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.as_ref().is_some_and(|asked| asked.is_cancelled())
    }

    /// When the caller stops to wait; `None` where it has set no limit.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.0.as_ref()?.deadline
    }

    /// How long the caller still waits; `None` where it has set no limit.
    #[must_use]
    pub fn time_left(&self) -> Option<Duration> {
        time_left(self.deadline())
    }

    fn of(core: &Arc<Core>, request: RequestId) -> Self {
        let deadline = core.with(|peer| peer.deadline(request));
        CancellationToken(Some(Arc::new(Asked {
            core: Arc::downgrade(core),
            request,
            deadline: deadline.and_then(|deadline| core.clock().instant(deadline)),
            clock: core.clock(),
            looked: AtomicU64::new(0),
            cancelled: AtomicBool::new(false),
        })))
    }

    /// Takes note that the method has returned.
    pub(super) fn end(&self) {
        if let Some(asked) = &self.0 {
            asked.cancelled.store(true, Ordering::Relaxed);
        }
    }
}

/// The token of the call that this thread answers, made when it is asked for first.
fn token<T>(ask: impl FnOnce(&CancellationToken) -> T) -> Option<T> {
    let token = served::with(|served| {
        let Code::Method(Some(request)) = served.code else { return None };
        Some(served.token.get_or_insert_with(|| CancellationToken::of(&served.core, request)).clone())
    });
    // It looks at the pipe, and takes in what is there: nothing of what this thread serves may be borrowed meanwhile.
    token.flatten().map(|token| ask(&token))
}

/// What all clones of a token share.
#[derive(Debug)]
struct Asked {
    /// The worker that ends must not be held by a thread that it has left behind.
    core: Weak<Core>,
    request: RequestId,
    deadline: Option<Instant>,
    clock: Clock,
    /// When the pipe was looked at last.
    looked: AtomicU64,
    cancelled: AtomicBool,
}

impl Asked {
    fn is_cancelled(&self) -> bool {
        if self.cancelled.load(Ordering::Relaxed) {
            return true;
        }
        // Whole milliseconds: it changes once in each, and one thread is the first to see that.
        let now = self.clock.now().as_millis();
        if self.looked.swap(now, Ordering::Relaxed) == now {
            return false;
        }
        let cancelled = self.look();
        self.cancelled.fetch_or(cancelled, Ordering::Relaxed);
        cancelled
    }

    /// Takes in what is in the pipe, and asks whether the call is among what was cancelled.
    fn look(&self) -> bool {
        let is_over = self.deadline.is_some_and(|deadline| deadline <= Instant::now());
        self.core.upgrade().is_none_or(|core| {
            core.take_in(Flush::Now);
            core.with(|peer| {
                // What the method returns from now on may be anything, so it must not be taken for its reply.
                if is_over {
                    peer.give_up(self.request);
                }
                !peer.is_wanted(self.request)
            })
        })
    }
}
