//! Pipes in memory, for the model checker: the calls of the system with its errors, and faults where a test wants them.
//!
//! Two processes, [`HOST`] and [`WORKER`], with a pipe in each direction. Each call of a process is a step of it; a
//! test can let any step go wrong as the system may let it, or be the process's last.

mod machine;
mod sleep;

use std::io::{self, IoSliceMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::io::Errno;

use super::{Awaited, ReadEnd, Ready, WriteEnd};
use crate::sync::model::turn;
use machine::{MACHINE, Machine, change, step};
use sleep::{Sought, sleep};

pub(crate) use machine::{Call, Fault, HOST, InFlight, Plan, WORKER};

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

/// Has a process close the end that it reads; it lives on.
pub(crate) fn stop_reading(process: usize) {
    turn();
    change(|machine| machine.pipes[1 - process].has_no_reader = true);
}

/// Has every write of a process fail from now on.
pub(crate) fn fail_writes(process: usize) {
    turn();
    change(|machine| machine.pipes[process].is_defective = true);
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

pub(super) fn read(end: &End, buffers: &mut [IoSliceMut<'_>]) -> Result<usize, Errno> {
    let most = step(end.process, Call::Read)?;
    loop {
        match change(|machine| machine.take(end, buffers, most)) {
            Err(Errno::AGAIN) => {}
            outcome => return outcome,
        }
        sleep(&Sought { input: Some(end.pipe), ..Sought::of(end.process) }, None);
    }
}

pub(super) fn look(end: &End, buffers: &mut [IoSliceMut<'_>]) -> Result<usize, Errno> {
    let most = step(end.process, Call::Look)?;
    change(|machine| machine.take(end, buffers, most))
}

pub(super) fn write(end: &End, pieces: [&[u8]; 2]) -> Result<usize, Errno> {
    let most = step(end.process, Call::Write)?;
    change(|machine| machine.put(end, &pieces.concat(), most))
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

pub(super) fn pipe_size(_end: &End) -> Option<usize> {
    None
}

pub(super) fn set_pipe_size(_end: &End, _bytes: usize) -> Result<usize, Errno> {
    Err(Errno::INVAL)
}

pub(super) fn poll(awaited: Awaited<'_>, timeout: Option<Duration>) -> Result<Ready, Errno> {
    let ends = [
        awaited.input.map(|ReadEnd(end, _)| end),
        awaited.room.map(|WriteEnd(end, _)| end),
        awaited.breach.filter(|_| awaited.room.is_none()).map(|WriteEnd(end, _)| end),
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
