//! Pipes in memory, for the model checker: the calls of the system with its errors, and faults where a test wants them.
//!
//! Two processes, [`HOST`] and [`WORKER`], with a pipe in each direction. Each call of a process is a step of it; a
//! test can let any step go wrong as the system may let it, or be the process's last.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, Waker as TaskWaker};
use std::time::Duration;

use rustix::io::Errno;

use super::{Awaited, ReadEnd, Ready, WriteEnd};
use crate::sync::Instant;
use crate::sync::model::{Alarm, Timer, turn};

/// The process that calls, and its place in what is kept for each.
pub(crate) const HOST: usize = 0;

/// The process that serves.
pub(crate) const WORKER: usize = 1;

/// What can go wrong in a step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Fault {
    /// A read or a write moves one byte only.
    Short,
    /// A signal comes: `Errno::INTR`.
    Interrupted,
    /// A read finds nothing yet, a write no room: `Errno::AGAIN`.
    Again,
    /// The process ends ahead of the step.
    Death(InFlight),
}

/// What becomes of the bytes that a process has written, and the other one has not read, when it ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum InFlight {
    /// They arrive, as those in a pipe do.
    Delivered,
    /// They are lost, as where an `ssh` between the two ends.
    Lost,
    /// They arrive, and a child of the process keeps its end of the pipe open.
    HeldOpen,
}

/// A fault and its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Plan {
    /// In a process's step of this number.
    AtStep { process: usize, step: usize, fault: Fault },
    /// The end of a process when it has written so many bytes.
    AtByte { process: usize, byte: usize },
}

/// A call of the system.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Call {
    Read,
    Look,
    Write,
    Poll,
}

#[derive(Default)]
struct Machine {
    capacity: usize,
    plans: Vec<Plan>,
    processes: [Process; 2],
    /// Of each process, the one that it writes.
    pipes: [Pipe; 2],
    sleepers: Vec<Sleeper>,
    slept: u64,
}

#[derive(Default)]
struct Process {
    /// How many calls the other one had made when this one ended by a fault.
    death: Option<usize>,
    calls: Vec<Call>,
    /// All that it has read.
    read: Vec<u8>,
}

#[derive(Default)]
struct Pipe {
    bytes: VecDeque<u8>,
    written: usize,
    has_no_reader: bool,
    has_no_writer: bool,
}

thread_local! {
    /// All threads of a checked test are one thread of the system.
    static MACHINE: RefCell<Machine> = RefCell::default();
}

/// Begins anew, with empty pipes of so many bytes; each process's ends, to read and to write.
pub(crate) fn boot(capacity: usize, plans: Vec<Plan>) -> [(End, End); 2] {
    MACHINE.set(Machine { capacity, plans, ..Machine::default() });
    let end = |process, pipe| End { process, pipe };
    [(end(HOST, WORKER), end(HOST, HOST)), (end(WORKER, HOST), end(WORKER, WORKER))]
}

/// Ends a process, as SIGKILL does.
pub(crate) fn kill(process: usize, in_flight: InFlight) {
    turn();
    change(|machine| machine.kill(process, in_flight));
}

/// The calls that a process has made.
pub(crate) fn calls(process: usize) -> Vec<Call> {
    MACHINE.with_borrow(|machine| machine.processes[process].calls.clone())
}

/// All that a process has read.
pub(crate) fn read_so_far(process: usize) -> Vec<u8> {
    MACHINE.with_borrow(|machine| machine.processes[process].read.clone())
}

/// How many bytes a process has written.
pub(crate) fn written(process: usize) -> usize {
    MACHINE.with_borrow(|machine| machine.pipes[process].written)
}

/// How many calls the other process had made when this one ended by a fault; `None` if it did not.
pub(crate) fn death(process: usize) -> Option<usize> {
    MACHINE.with_borrow(|machine| machine.processes[process].death)
}

/// One end of a pipe, closed when it is dropped.
#[derive(Debug)]
pub(crate) struct End {
    /// Whose it is.
    process: usize,
    /// Who writes the pipe.
    pipe: usize,
}

impl Drop for End {
    fn drop(&mut self) {
        change(|machine| {
            let pipe = &mut machine.pipes[self.pipe];
            if self.pipe == self.process {
                pipe.has_no_writer = true;
            } else {
                pipe.has_no_reader = true;
            }
        });
    }
}

pub(super) fn read(end: &End, buffer: &mut [u8]) -> Result<usize, Errno> {
    let most = step(end.process, Call::Read)?;
    loop {
        match change(|machine| machine.take(end, buffer, most)) {
            Err(Errno::AGAIN) => {}
            outcome => return outcome,
        }
        sleep(&Sought { input: Some(end.pipe), ..Sought::of(end.process) }, None);
    }
}

pub(super) fn look(end: &End, buffer: &mut [u8]) -> Result<usize, Errno> {
    let most = step(end.process, Call::Look)?;
    change(|machine| machine.take(end, buffer, most))
}

pub(super) fn write(end: &End, bytes: &[u8]) -> Result<usize, Errno> {
    let most = step(end.process, Call::Write)?;
    change(|machine| machine.put(end, bytes, most))
}

pub(super) fn has_room(end: &End) -> Result<bool, Errno> {
    step(end.process, Call::Poll)?;
    let sought = Sought { room: Some(end.pipe), ..Sought::of(end.process) };
    Ok(MACHINE.with_borrow(|machine| sought.found(machine).is_some()))
}

pub(super) fn set_nonblocking(_: &End) -> Result<(), Errno> {
    Ok(())
}

pub(super) fn reopen(_: &End) -> Option<End> {
    None
}

pub(super) fn poll(awaited: Awaited<'_>, timeout: Option<Duration>) -> Result<Ready, Errno> {
    let ends = [
        awaited.input.map(|ReadEnd(end)| end),
        awaited.room.map(|WriteEnd(end)| end),
        awaited.breach.filter(|_| awaited.room.is_none()).map(|WriteEnd(end)| end),
    ];
    let [input, room, breach] = ends.map(|end| end.map(|end| end.pipe));
    let process = ends.into_iter().flatten().next().map(|end| end.process);
    // A wait for nothing but an exit or a wake is nobody's step.
    match process {
        Some(process) => {
            step(process, Call::Poll)?;
        }
        None => turn(),
    }
    let sought = Sought {
        input,
        room,
        breach,
        wake: awaited.wake.map(|waker| Arc::clone(&waker.0)),
        exit: awaited.exit.map(|watch| watch.0),
        ..Sought::of(process.unwrap_or(HOST))
    };
    Ok(sleep(&sought, timeout))
}

/// As an eventfd does.
#[derive(Debug)]
pub(crate) struct Waker(Arc<AtomicBool>);

impl Waker {
    #[allow(clippy::unnecessary_wraps, reason = "the system's can fail")]
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Waker(Arc::default()))
    }

    pub(crate) fn wake(&self) {
        turn();
        change(|_| self.0.store(true, Ordering::Relaxed));
    }

    pub(crate) fn reset(&self) {
        turn();
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Becomes ready when a process has ended.
#[derive(Debug)]
pub(crate) struct ExitWatch(usize);

impl ExitWatch {
    pub(crate) fn of(process: usize) -> Self {
        ExitWatch(process)
    }
}

impl Machine {
    fn take(&mut self, end: &End, buffer: &mut [u8], most: usize) -> Result<usize, Errno> {
        let process = &mut self.processes[end.process];
        let pipe = &mut self.pipes[end.pipe];
        if process.death.is_some() {
            return Ok(0);
        }
        let count = pipe.bytes.len().min(buffer.len()).min(most);
        if count == 0 {
            return if pipe.has_no_writer { Ok(0) } else { Err(Errno::AGAIN) };
        }
        for (byte, place) in pipe.bytes.drain(..count).zip(buffer) {
            *place = byte;
            process.read.push(byte);
        }
        Ok(count)
    }

    fn put(&mut self, end: &End, bytes: &[u8], most: usize) -> Result<usize, Errno> {
        let pipe = &mut self.pipes[end.pipe];
        if pipe.has_no_reader || self.processes[end.process].death.is_some() {
            return Err(Errno::PIPE);
        }
        let mut count = (self.capacity - pipe.bytes.len()).min(bytes.len()).min(most);
        if count == 0 {
            return Err(Errno::AGAIN);
        }
        let last = self.plans.iter().find_map(|plan| match *plan {
            Plan::AtByte { process, byte } if process == end.process => Some(byte),
            _ => None,
        });
        if let Some(last) = last {
            count = count.min(last - pipe.written);
        }
        pipe.bytes.extend(&bytes[..count]);
        pipe.written += count;
        if last == Some(pipe.written) {
            self.kill(end.process, InFlight::Delivered);
        }
        Ok(count)
    }

    fn kill(&mut self, process: usize, in_flight: InFlight) {
        let calls = self.processes[1 - process].calls.len();
        self.processes[process].death.get_or_insert(calls);
        self.pipes[1 - process].has_no_reader = true;
        let writes = &mut self.pipes[process];
        writes.has_no_writer = in_flight != InFlight::HeldOpen;
        if in_flight == InFlight::Lost {
            writes.bytes.clear();
        }
    }
}

/// Counts a call, lets other threads go ahead of it, and lets it go wrong; how many bytes it may move.
fn step(process: usize, call: Call) -> Result<usize, Errno> {
    turn();
    let fault = MACHINE.with_borrow_mut(|machine| {
        let calls = &mut machine.processes[process].calls;
        let number = calls.len();
        calls.push(call);
        // What was written before an end that can be seen is there to be found.
        let is_found =
            call == Call::Look && machine.pipes.iter().any(|pipe| pipe.has_no_reader || pipe.has_no_writer);
        machine.plans.iter().find_map(|plan| match *plan {
            Plan::AtStep { fault: Fault::Again, .. } if is_found || call == Call::Poll => None,
            Plan::AtStep { process: whose, step, fault } if (whose, step) == (process, number) => Some(fault),
            _ => None,
        })
    });
    match fault {
        Some(Fault::Short) => Ok(1),
        Some(Fault::Interrupted) => Err(Errno::INTR),
        Some(Fault::Again) => Err(Errno::AGAIN),
        Some(Fault::Death(in_flight)) => {
            change(|machine| machine.kill(process, in_flight));
            Ok(usize::MAX)
        }
        None => Ok(usize::MAX),
    }
}

/// Changes what others may be waiting for.
fn change<T>(how: impl FnOnce(&mut Machine) -> T) -> T {
    MACHINE.with_borrow_mut(|machine| {
        let outcome = how(machine);
        for Sleeper { sought, waker, .. } in &machine.sleepers {
            if sought.found(machine).is_some() {
                waker.wake_by_ref();
            }
        }
        outcome
    })
}

/// Sleeps until something that is sought is there, or the time is over.
fn sleep(sought: &Sought, timeout: Option<Duration>) -> Ready {
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
struct Sought {
    process: usize,
    input: Option<usize>,
    room: Option<usize>,
    breach: Option<usize>,
    wake: Option<Arc<AtomicBool>>,
    exit: Option<usize>,
}

impl Sought {
    fn of(process: usize) -> Self {
        Sought { process, input: None, room: None, breach: None, wake: None, exit: None }
    }

    fn found(&self, machine: &Machine) -> Option<Ready> {
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

struct Sleeper {
    number: u64,
    sought: Sought,
    waker: TaskWaker,
}

/// A place among the sleepers.
struct Asleep(u64);

impl Asleep {
    fn new(sought: Sought, waker: TaskWaker) -> Self {
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
