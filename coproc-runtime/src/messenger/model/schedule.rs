//! Schedules: which thread runs when, exhaustively within a bound, or by chance.

use std::ops::Range;

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};

use crate::sync::model;

/// The thread that is the clock: see [`model::run`].
const CLOCK: usize = 0;

/// Runs a test once for each schedule; how many there were.
pub(super) fn run(scheduler: impl Scheduler + 'static, test: impl Fn() + Send + Sync + 'static) -> usize {
    let mut config = Config::new();
    config.stack_size = 1 << 18;
    config.max_steps = MaxSteps::FailAfter(100_000);
    config.failure_persistence = FailurePersistence::Print;
    let test = std::sync::Arc::new(test);
    Runner::new(scheduler, config).run(move || {
        let test = std::sync::Arc::clone(&test);
        model::run(move || test());
    })
}

/// Every schedule that departs so many times at most from the plain one.
///
/// In the plain one a thread runs until it waits, then the next one does, and time passes when all wait. A departure
/// lets another thread go ahead, or the time of a wait run out early.
#[derive(Debug)]
pub(super) struct Exhaustive {
    departures: usize,
    /// Whether a departure may be that time runs out early.
    is_early: bool,
    path: Vec<Choice>,
    depth: usize,
    departed: usize,
    began: bool,
}

#[derive(Debug)]
struct Choice {
    options: Vec<TaskId>,
    taken: usize,
}

impl Exhaustive {
    pub(super) fn new(departures: usize) -> Self {
        Exhaustive { departures, is_early: true, path: Vec::new(), depth: 0, departed: 0, began: false }
    }

    /// The same, with time passing only when every thread waits.
    pub(super) fn on_time(departures: usize) -> Self {
        Exhaustive { is_early: false, ..Exhaustive::new(departures) }
    }
}

impl Scheduler for Exhaustive {
    fn new_execution(&mut self) -> Option<Schedule> {
        if self.began {
            while self.path.last().is_some_and(|choice| choice.taken + 1 == choice.options.len()) {
                self.path.pop();
            }
            self.path.last_mut()?.taken += 1;
        }
        (self.began, self.depth, self.departed) = (true, 0, 0);
        Some(Schedule::new(0))
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        let mut options = ordered(runnable, current, is_yielding, self.is_early);
        if self.departed == self.departures {
            options.truncate(1);
        }
        if self.depth == self.path.len() {
            self.path.push(Choice { options, taken: 0 });
        }
        let choice = &self.path[self.depth];
        self.depth += 1;
        self.departed += usize::from(choice.taken > 0);
        Some(choice.options[choice.taken])
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// Any schedule, by chance; each can be had again by its number.
#[derive(Debug)]
pub(super) struct Random {
    numbers: Range<u64>,
    chance: u64,
    /// Whether time may run out early too, which is seldom.
    is_early: bool,
}

impl Random {
    pub(super) fn new(schedules: u64) -> Self {
        Random { numbers: 0..schedules, chance: 0, is_early: true }
    }

    /// One schedule in which time does not run out early.
    pub(super) fn one(number: u64) -> Self {
        Random { numbers: number..number + 1, chance: 0, is_early: false }
    }
}

impl Scheduler for Random {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.chance = self.numbers.next()?;
        Some(Schedule::new(self.chance))
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        let is_early = self.is_early && self.next_u64().is_multiple_of(16);
        let options = ordered(runnable, current, is_yielding, is_early);
        // Long runs of one thread find other faults than short ones.
        if self.next_u64().is_multiple_of(2) {
            return options.first().copied();
        }
        let chosen = self.next_u64() as usize % options.len();
        Some(options[chosen])
    }

    /// SplitMix64.
    fn next_u64(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// Who may run next: the current thread, then those behind it in turn; then the clock, if it has anything to do and no
/// other thread can run, or time may run out early.
fn ordered(runnable: &[&Task], current: Option<TaskId>, is_yielding: bool, is_early: bool) -> Vec<TaskId> {
    let current = current.map_or(CLOCK, usize::from);
    let mut ids: Vec<usize> = runnable.iter().map(|task| usize::from(task.id())).collect();
    // In a circle that begins with the current thread, or behind it.
    ids.sort_by_key(|&id| (id < current || id == current && is_yielding, id));
    if let Some(place) = ids.iter().position(|id| *id == CLOCK) {
        ids.remove(place);
        if ids.is_empty() || is_early && model::has_timers() {
            ids.push(CLOCK);
        }
    }
    ids.into_iter().map(TaskId::from).collect()
}
