//! The model checker's locks, and a clock that stands still as long as a thread can run.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Add;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LockResult, PoisonError};
use std::task::Waker;
use std::time::Duration;

pub(crate) use shuttle::sync::{Mutex, MutexGuard};

/// What a turn of a thread that looks again and again costs on this clock: half of what an adaptive wait looks for.
const TURN: Duration = Duration::from_micros(25);

/// Nothing takes an hour of this clock, unless threads run round in circles.
const END_OF_TIME: Duration = Duration::from_secs(3600);

thread_local! {
    /// All threads of a checked test are one thread of the system.
    static CLOCK: RefCell<Clock> = const { RefCell::new(Clock { now: Duration::ZERO, timers: BTreeMap::new(), set: 0 }) };
}

struct Clock {
    now: Duration,
    timers: BTreeMap<(Duration, u64), Alarm>,
    set: u64,
}

/// What a timer wakes.
#[derive(Clone)]
pub(crate) enum Alarm {
    Task(Waker),
    Condvar(Arc<shuttle::sync::Condvar>),
}

/// A timer that runs until it is dropped; it wakes again and again once its time has come.
pub(crate) struct Timer((Duration, u64));

impl Timer {
    pub(crate) fn at(until: Instant, alarm: Alarm) -> Self {
        CLOCK.with_borrow_mut(|clock| {
            clock.set += 1;
            clock.timers.insert((until.0, clock.set), alarm);
            Timer((until.0, clock.set))
        })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        CLOCK.with_borrow_mut(|clock| clock.timers.remove(&self.0));
    }
}

/// Whether anybody's time can run out.
pub(crate) fn has_timers() -> bool {
    CLOCK.with_borrow(|clock| !clock.timers.is_empty())
}

/// Runs a test in a thread of the checker's while this one is the clock: it is to have its turns when no other thread
/// can run, and may have some before, as a time limit may always run out.
///
/// # Panics
/// When every thread waits for another one.
pub(crate) fn run(test: impl FnOnce() + Send + 'static) {
    CLOCK.with_borrow_mut(|clock| *clock = Clock { now: Duration::ZERO, timers: BTreeMap::new(), set: 0 });
    let done = Arc::new(AtomicBool::new(false));
    let tell = Arc::clone(&done);
    let thread = shuttle::thread::spawn(move || {
        test();
        tell.store(true, Ordering::Relaxed);
    });
    loop {
        turn();
        if done.load(Ordering::Relaxed) {
            break;
        }
        assert!(has_timers(), "deadlock: every thread waits, and for no time limit");
        for alarm in advance() {
            match alarm {
                Alarm::Task(waker) => waker.wake(),
                Alarm::Condvar(condvar) => condvar.notify_one(),
            }
        }
    }
    thread.join().unwrap();
}

/// Lets any other thread go ahead of what this one does next.
pub(crate) fn turn() {
    shuttle::thread::sleep(Duration::ZERO);
}

/// Lets other threads go ahead, for this one has nothing better to do.
pub(crate) fn yield_now() {
    CLOCK.with_borrow_mut(|clock| clock.now += TURN);
    shuttle::thread::yield_now();
}

/// Moves on to the next timer; whom the time wakes.
fn advance() -> Vec<Alarm> {
    CLOCK.with_borrow_mut(|clock| {
        if let Some((next, _)) = clock.timers.keys().next() {
            clock.now = clock.now.max(*next);
        }
        assert!(clock.now < END_OF_TIME, "threads run round in circles");
        let due = clock.timers.range(..=(clock.now, u64::MAX));
        due.map(|(_, alarm)| alarm.clone()).collect()
    })
}

/// A moment of the clock that stands still.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Instant(Duration);

impl Instant {
    pub(crate) fn now() -> Self {
        Instant(CLOCK.with_borrow(|clock| clock.now))
    }

    pub(crate) fn checked_add(&self, duration: Duration) -> Option<Self> {
        self.0.checked_add(duration).map(Instant)
    }

    pub(crate) fn saturating_duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Instant(self.0 + duration)
    }
}

/// The checker's, whose waits with a limit never end by it, beside a timer.
#[derive(Debug)]
pub(crate) struct Condvar(Arc<shuttle::sync::Condvar>);

impl Condvar {
    pub(crate) fn new() -> Self {
        Condvar(Arc::new(shuttle::sync::Condvar::new()))
    }

    pub(crate) fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        self.0.wait(guard)
    }

    pub(crate) fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        limit: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, ())> {
        let _timer = Timer::at(Instant::now() + limit, Alarm::Condvar(Arc::clone(&self.0)));
        match self.0.wait(guard) {
            Ok(guard) => Ok((guard, ())),
            Err(poisoned) => Err(PoisonError::new((poisoned.into_inner(), ()))),
        }
    }

    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }
}
