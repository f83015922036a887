//! Threads that sleep in a call until what they seek is there.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, Waker};
use std::time::Duration;

use super::machine::{MACHINE, Machine};
use crate::pipe::Ready;
use crate::sync::Instant;
use crate::sync::model::{Alarm, Timer};

/// Sleeps until something that is sought is there, or the time is over.
pub(super) fn sleep(sought: &Sought, timeout: Option<Duration>) -> Ready {
    let until = timeout.map(|timeout| Instant::now() + timeout);
    let mut asleep = None;
    shuttle::future::block_on(poll_fn(|context| {
        let found = MACHINE.with_borrow(|machine| sought.found(machine));
        if let Some(ready) = found {
            return Poll::Ready(ready);
        }
        if until.is_some_and(|until| until <= Instant::now()) {
            return Poll::Ready(Ready::default());
        }
        asleep.get_or_insert_with(|| {
            let timer = until.map(|until| Timer::at(until, Alarm::Task(context.waker().clone())));
            (Asleep::new(sought.clone(), context.waker().clone()), timer)
        });
        Poll::Pending
    }))
}

/// What a thread sleeps for, by the pipes' writers.
#[derive(Clone)]
pub(super) struct Sought {
    pub(super) process: usize,
    pub(super) input: Option<usize>,
    pub(super) room: Option<usize>,
    pub(super) breach: Option<usize>,
    pub(super) wake: Option<Arc<AtomicBool>>,
    pub(super) exit: Option<usize>,
}

impl Sought {
    pub(super) fn of(process: usize) -> Self {
        Sought { process, input: None, room: None, breach: None, wake: None, exit: None }
    }

    pub(super) fn found(&self, machine: &Machine) -> Option<Ready> {
        let is_dead = machine.processes[self.process].death.is_some();
        let input = self.input.map(|pipe| &machine.pipes[pipe]);
        let room = self.room.map(|pipe| &machine.pipes[pipe]);
        let ready = Ready {
            input: input.is_some_and(|pipe| !pipe.bytes.is_empty() || pipe.has_no_writer || is_dead),
            broken: self.breach.is_some_and(|pipe| machine.pipes[pipe].has_no_reader || is_dead),
            woken: self.wake.as_ref().is_some_and(|raised| raised.load(Ordering::Relaxed)),
            exited: self.exit.is_some_and(|process| machine.processes[process].death.is_some()),
        };
        let has_room =
            room.is_some_and(|pipe| pipe.bytes.len() < machine.capacity || pipe.has_no_reader || is_dead);
        (ready.input || has_room || ready.broken || ready.woken || ready.exited).then_some(ready)
    }
}

pub(super) struct Sleeper {
    pub(super) number: u64,
    pub(super) sought: Sought,
    pub(super) waker: Waker,
}

/// A place among the sleepers.
struct Asleep(u64);

impl Asleep {
    fn new(sought: Sought, waker: Waker) -> Self {
        MACHINE.with_borrow_mut(|machine| {
            machine.slept += 1;
            machine.sleepers.push(Sleeper { number: machine.slept, sought, waker });
            Asleep(machine.slept)
        })
    }
}

impl Drop for Asleep {
    fn drop(&mut self) {
        MACHINE.with_borrow_mut(|machine| machine.sleepers.retain(|sleeper| sleeper.number != self.0));
    }
}
