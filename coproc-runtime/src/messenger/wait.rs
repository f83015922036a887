//! How a thread waits for the pipe: looking for a while, or asleep at once.

use std::time::Duration;

use crate::sync::Instant;

/// How a messenger waits for bytes of the other side.
///
/// A round trip costs about 5 µs where a sleeping thread is woken on the same core and ten times that across cores;
/// a thread that looks again for a while before it sleeps finds most answers of another core in 1 to 3 µs. Between looks it
/// yields its core (`sched_yield(2)`). Choose it by [`Spawn::wait`](crate::Spawn::wait).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Wait {
    /// Looks for up to 100 µs before it sleeps, as long as that pays: after waits in which it didn't, or in which other
    /// programs took the core meanwhile, it sleeps at once, and tries looking again ever more seldom.
    #[default]
    Adaptive,
    /// Reads blocking: the fewest system calls, one write and one read a call.
    ///
    /// A thread in a blocking read can't be woken, so the end of a worker whose pipe a grandchild still holds open is
    /// not noticed in it, nor that a worker has closed its stdin and lives on; and what another thread could not write into a
    /// full pipe and does not wait for, such as the cancellation of a call, goes out when that read ends or another thread
    /// waits. Waits with a time limit sleep in `poll(2)` instead.
    Block,
    /// Looks for this long before each sleep, for where each side has a core of its own: any other program that wants
    /// the core gets it for milliseconds at each look.
    ///
    /// Meanwhile it sees what comes and that the pipe has ended, but not the end of a worker whose pipe a grandchild still
    /// holds open.
    Spin(Duration),
}

/// As a greeting carries it.
impl From<Wait> for u64 {
    fn from(wait: Wait) -> Self {
        match wait {
            Wait::Adaptive => 0,
            Wait::Block => 1,
            Wait::Spin(limit) => u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX).saturating_add(2),
        }
    }
}

impl From<u64> for Wait {
    fn from(wire: u64) -> Self {
        match wire {
            0 => Wait::Adaptive,
            1 => Wait::Block,
            nanoseconds => Wait::Spin(Duration::from_nanos(nanoseconds - 2)),
        }
    }
}

/// How long it is until a moment, if there is one.
pub(crate) fn time_left(until: Option<Instant>) -> Option<Duration> {
    until.map(|until| until.saturating_duration_since(Instant::now()))
}

/// Longer looks are as good as none that end.
const LONGEST_LOOK: Duration = Duration::from_secs(3600);

/// Long enough to meet what comes from another core, also where some 50 µs of work lie between two calls.
const LOOK: Duration = Duration::from_micros(100);

/// Waits in which to sleep at once after the most misses in a row, as a power of two.
const MOST_SKIPS: u32 = 8;

/// A sleep as short as this, in which a look could have met what came: waking a thread on another core takes some 50 µs.
const SHORT_SLEEP: Duration = Duration::from_micros(150);

/// As how many waits a short sleep counts: where none of the looks pays after all, one of so many waits is spent looking.
const SHORT_COUNTS: u32 = 16;

/// A look that took as long as this: other programs had the core, which a yield gives away for as long as they like. The
/// wake-up of a sleeper does not wait for them.
const SLOW: Duration = Duration::from_millis(1);

/// One look of so many is timed, where none was slow of late.
const TIMED: u32 = 16;

/// So many looks are timed, each of them, after a slow one.
const SUSPECTED: u32 = 4096;

/// Waits in which to sleep at once after the first slow look in a row, and after most of them, as powers of two.
const CROWDED: (u32, u32) = (6, 16);

/// What the waits so far have taught: how many to skip looking in.
#[derive(Debug)]
pub(super) struct Looking {
    /// Looks in a row that found nothing.
    misses: u32,
    skips: u32,
    /// Slow looks in a row.
    slow: u32,
    /// Waits in which to sleep at once, however short the sleeps are.
    sleeps: u32,
    /// Looks that are still to be timed.
    suspected: u32,
    looks: u32,
}

/// The first wait sleeps: the other side, which has just begun to speak, is often still busy starting, on this same core, and
/// looks would take turns with that.
impl Default for Looking {
    fn default() -> Self {
        Looking { misses: 0, skips: 1, slow: 0, sleeps: 0, suspected: 0, looks: 0 }
    }
}

impl Looking {
    /// How long to look in this wait, if at all.
    pub(super) fn begin(&mut self, wait: Wait) -> Option<Duration> {
        match wait {
            Wait::Block => None,
            Wait::Spin(limit) => Some(limit.min(LONGEST_LOOK)),
            Wait::Adaptive if self.sleeps > 0 => {
                self.sleeps -= 1;
                None
            }
            Wait::Adaptive if self.skips > 0 => {
                self.skips -= 1;
                None
            }
            Wait::Adaptive => Some(LOOK),
        }
    }

    /// Whether the look that begins now is to be timed.
    pub(super) fn is_timed(&mut self) -> bool {
        self.looks = self.looks.wrapping_add(1);
        let is_suspected = self.suspected > 0;
        self.suspected = self.suspected.saturating_sub(1);
        is_suspected || self.looks.is_multiple_of(TIMED)
    }

    /// Something came after so long a sleep.
    pub(super) fn slept(&mut self, sleep: Duration) {
        if sleep < SHORT_SLEEP {
            self.skips = self.skips.saturating_sub(SHORT_COUNTS - 1);
        }
    }

    /// Looking found something; after so long, if it was timed.
    pub(super) fn hit(&mut self, took: Option<Duration>) {
        self.misses = 0;
        self.note_time(took);
    }

    /// Looking found nothing.
    pub(super) fn missed(&mut self, took: Option<Duration>) {
        self.misses = (self.misses + 1).min(MOST_SKIPS);
        self.skips = (1 << self.misses) - 1;
        self.note_time(took);
    }

    fn note_time(&mut self, took: Option<Duration>) {
        match took {
            Some(took) if took >= SLOW => {
                self.sleeps = 1 << (CROWDED.0 + self.slow).min(CROWDED.1);
                self.slow = self.slow.saturating_add(1);
                self.suspected = SUSPECTED;
            }
            Some(_) => self.slow = 0,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_is_given_up_where_it_does_not_pay_and_tried_again() {
        let mut looking = Looking::default();
        let looks = |looking: &mut Looking, waits: u32| {
            let mut looks = 0;
            for _ in 0..waits {
                if looking.begin(Wait::Adaptive).is_some() {
                    looking.missed(None);
                    looks += 1;
                }
            }
            looks
        };
        assert!(looks(&mut looking, 10_000) < 50, "an idle wait costs no CPU time");
        while looking.begin(Wait::Adaptive).is_none() {}
        looking.hit(None);
        assert!(looking.begin(Wait::Adaptive).is_some(), "one hit, and it pays again");
        (0..10).for_each(|_| looking.missed(None));
        let mut sleeps = 0;
        while looking.begin(Wait::Adaptive).is_none() {
            looking.slept(Duration::from_micros(20));
            sleeps += 1;
        }
        assert_eq!(sleeps, 255 / 16 + 1, "short sleeps have it look again soon");
    }

    #[test]
    fn looks_are_given_up_where_other_programs_want_the_core() {
        let mut looking = Looking::default();
        let (mut calls, mut slow) = (0, 0);
        while calls < 1_000_000 {
            calls += 1;
            if looking.begin(Wait::Adaptive).is_some() {
                slow += 1;
                let took = looking.is_timed().then_some(Duration::from_millis(4));
                looking.hit(took);
            } else {
                looking.slept(Duration::from_micros(6));
            }
        }
        assert!(slow < 50, "{slow} of {calls} waits gave the core away");
        while looking.begin(Wait::Adaptive).is_none() {}
        assert!(looking.is_timed());
        looking.hit(Some(Duration::from_micros(2)));
        assert!(looking.begin(Wait::Adaptive).is_some(), "they are gone");
    }

    #[test]
    fn any_wait_crosses_in_a_greeting() {
        for wait in
            [Wait::Adaptive, Wait::Block, Wait::Spin(Duration::ZERO), Wait::Spin(Duration::from_nanos(7))]
        {
            assert_eq!(Wait::from(u64::from(wait)), wait);
        }
        let mut looking = Looking::default();
        assert!(looking.begin(Wait::Spin(Duration::MAX)).is_some());
    }
}
