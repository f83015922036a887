//! What the model consists of: two processes, a pipe in each direction, and what is to go wrong.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::IoSliceMut;

use rustix::io::Errno;

use super::End;
use super::sleep::Sleeper;
use crate::sync::model::turn;

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
    /// They arrive, and a child of the process keeps its ends of the pipes open.
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
pub(super) struct Machine {
    pub(super) capacity: usize,
    pub(super) plans: Vec<Plan>,
    pub(super) processes: [Process; 2],
    /// Of each process, the one that it writes.
    pub(super) pipes: [Pipe; 2],
    pub(super) sleepers: Vec<Sleeper>,
    pub(super) slept: u64,
}

#[derive(Default)]
pub(super) struct Process {
    /// How many calls the other one had made when this one ended by a fault.
    pub(super) death: Option<usize>,
    pub(super) calls: Vec<Call>,
    /// All that it has read.
    pub(super) read: Vec<u8>,
}

#[derive(Default)]
pub(super) struct Pipe {
    pub(super) bytes: VecDeque<u8>,
    pub(super) written: usize,
    pub(super) has_no_reader: bool,
    pub(super) has_no_writer: bool,
    /// A write fails for no reason that anybody foresaw.
    pub(super) is_defective: bool,
}

thread_local! {
    /// All threads of a checked test are one thread of the system.
    pub(super) static MACHINE: RefCell<Machine> = RefCell::default();
}

impl Machine {
    pub(super) fn take(
        &mut self,
        end: &End,
        buffers: &mut [IoSliceMut<'_>],
        most: usize,
    ) -> Result<usize, Errno> {
        let process = &mut self.processes[end.process];
        let pipe = &mut self.pipes[end.pipe];
        if process.death.is_some() {
            return Ok(0);
        }
        if pipe.bytes.is_empty() {
            return if pipe.has_no_writer { Ok(0) } else { Err(Errno::AGAIN) };
        }
        let mut count = 0;
        for place in buffers.iter_mut().flat_map(|buffer| buffer.iter_mut()).take(most) {
            let Some(byte) = pipe.bytes.pop_front() else { break };
            *place = byte;
            process.read.push(byte);
            count += 1;
        }
        Ok(count)
    }

    pub(super) fn put(&mut self, end: &End, bytes: &[u8], most: usize) -> Result<usize, Errno> {
        let pipe = &mut self.pipes[end.pipe];
        if pipe.has_no_reader || self.processes[end.process].death.is_some() {
            return Err(Errno::PIPE);
        }
        if pipe.is_defective {
            return Err(Errno::IO);
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

    pub(super) fn kill(&mut self, process: usize, in_flight: InFlight) {
        let calls = self.processes[1 - process].calls.len();
        self.processes[process].death.get_or_insert(calls);
        let is_held = in_flight == InFlight::HeldOpen;
        self.pipes[1 - process].has_no_reader |= !is_held;
        let writes = &mut self.pipes[process];
        writes.has_no_writer |= !is_held;
        if in_flight == InFlight::Lost {
            writes.bytes.clear();
        }
    }
}

/// Counts a call, lets other threads go ahead of it, and lets it go wrong; how many bytes it may move.
pub(super) fn step(process: usize, call: Call) -> Result<usize, Errno> {
    turn();
    let fault = MACHINE.with_borrow_mut(|machine| {
        let calls = &mut machine.processes[process].calls;
        let number = calls.len();
        calls.push(call);
        // What was written before an end that can be seen is there to be found.
        let has_ended = machine.pipes.iter().any(|pipe| pipe.has_no_reader || pipe.has_no_writer)
            || machine.processes.iter().any(|process| process.death.is_some());
        let is_found = call == Call::Look && has_ended;
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
pub(super) fn change<T>(how: impl FnOnce(&mut Machine) -> T) -> T {
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
