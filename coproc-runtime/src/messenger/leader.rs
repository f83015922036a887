//! The one thread that reads for all that wait.

use std::io::{self, IoSliceMut};

use super::core::Core;
use super::park::Interest;
use super::state::{Fault, Greeted, Pipes, State, Watching};
use super::wait::{Looking, Wait, time_left};
use crate::buffers;
use crate::pipe::{self, Awaited, Read};
use crate::proto::Opening;
use crate::proto::frame::HEADER;
use crate::sync::{Instant, MutexGuard, lock, yield_now};

/// Bytes that are taken in at once, so that a side that never stops sending holds nobody up: the largest pipe (`pipe(7)`).
const MOST_AT_ONCE: usize = 1 << 20;

/// What a thread needs to read; whoever holds it leads.
#[derive(Debug)]
pub(super) struct Reader {
    buffer: Vec<u8>,
    /// Where the next bytes go ahead of the buffer, if they are of a large payload.
    opening: Option<Opening>,
    looking: Looking,
}

impl Reader {
    pub(super) fn new() -> Box<Self> {
        Box::new(Reader { buffer: pipe::small_buffer(), opening: None, looking: Looking::default() })
    }
}

/// Leadership, handed on when it is dropped, also by a panic.
pub(super) struct Leadership<'a> {
    core: &'a Core,
    reader: Option<Box<Reader>>,
}

/// What is to be waited for.
#[derive(Clone, Copy, Debug)]
struct Task {
    input: bool,
    room: bool,
    /// Nobody reads what this side writes: what lies in the pipe is all that will come.
    broken: bool,
    /// The other side has not said yet who it is: a process takes longer to start than a look lasts.
    starts: bool,
    until: Option<Instant>,
}

impl<'a> Leadership<'a> {
    /// Takes the lead, if nobody has it.
    pub(super) fn take(core: &'a Core, state: &mut State) -> Option<Self> {
        state.reader.take().map(|reader| Leadership { core, reader: Some(reader) })
    }

    /// Reads once, or waits until there is something to do, and takes in what came.
    pub(super) fn step(
        mut self,
        mut state: MutexGuard<'a, State>,
        interest: &Interest,
        until: Option<Instant>,
    ) -> MutexGuard<'a, State> {
        let until = self.core.look_after_buffers(until);
        let task = Task {
            input: state.peer.wants_input(),
            room: state.peer.has_output(),
            broken: state.broken,
            starts: !matches!(state.greeting, Greeted::Done),
            until,
        };
        state.watching = if self.core.reads_blocking(task.input, task.room, task.until) {
            Watching::Read
        } else {
            Watching::Poll { input: task.input, room: task.room, interest: interest.clone() }
        };
        if let Some(reader) = &mut self.reader {
            reader.open(self.core, &mut state);
        }
        drop(state);
        let outcome = self.reader.as_mut().map_or(Ok(Read::Nothing), |reader| reader.step(self.core, task));
        let mut state = self.core.lock();
        self.hand_back(&mut state, outcome);
        state.flush(&self.core.write);
        state
    }

    /// Takes in all that is in the pipe now, without waiting.
    pub(super) fn take_in(mut self, state: &mut State) {
        let mut outcome = Ok(Read::Nothing);
        let mut left = MOST_AT_ONCE;
        while let Some(reader) = self.reader.as_mut().filter(|_| left > 0) {
            if !state.peer.wants_input() || state.fault.is_some() {
                break;
            }
            reader.open(self.core, state);
            match reader.read(|buffers| self.core.read.look_into(buffers)) {
                Ok(Read::Bytes(count)) => {
                    reader.deliver(state, count);
                    left = left.saturating_sub(count);
                }
                Ok(Read::Nothing) if state.broken => {
                    outcome = Ok(Read::End);
                    break;
                }
                found => {
                    outcome = found;
                    break;
                }
            }
        }
        self.hand_back(state, outcome);
    }

    fn hand_back(&mut self, state: &mut State, outcome: io::Result<Read>) {
        state.watching = Watching::Nothing;
        let Some(mut reader) = self.reader.take() else { return };
        reader.deliver(state, if let Ok(Read::Bytes(count)) = outcome { count } else { 0 });
        match outcome {
            Ok(Read::End) => state.handle_end(),
            Ok(Read::Nothing | Read::Bytes(_)) => {}
            Err(error) => state.fail(Fault::Io(error.into())),
        }
        state.reader = Some(reader);
        if let Some(other) = self.core.other().filter(|_| !state.printed.is_empty()) {
            other.note_printed(&std::mem::take(&mut state.printed));
        }
    }
}

impl Drop for Leadership<'_> {
    fn drop(&mut self) {
        if let Some(mut reader) = self.reader.take() {
            let mut state = lock(&self.core.state);
            reader.deliver(&mut state, 0);
            state.reader = Some(reader);
            state.watching = Watching::Nothing;
            state.parked.wake_to_lead();
        }
    }
}

impl Reader {
    fn step(&mut self, core: &Core, task: Task) -> io::Result<Read> {
        if task.input {
            match self.look(core, task)? {
                Read::Nothing if task.broken => return Ok(Read::End),
                Read::Nothing => {}
                found => return Ok(found),
            }
            if core.reads_blocking(task.input, task.room, task.until) {
                return self.read(|buffers| core.read.read_into(buffers));
            }
        }
        let asleep_since = (core.wait == Wait::Adaptive && task.input).then(Instant::now);
        let ready = pipe::wait(
            Awaited {
                input: task.input.then_some(&core.read),
                room: task.room.then_some(&core.write),
                wake: Some(&core.waker),
                // With no room for input, an end could not be told from what came before it.
                breach: task.input.then_some(&core.write),
                exit: core.exit_watch().filter(|_| task.input),
            },
            time_left(task.until),
        )?;
        if let Some(since) = asleep_since.filter(|_| ready.input) {
            self.looking.slept(Instant::now().saturating_duration_since(since));
        }
        if ready.woken {
            core.waker.reset();
        }
        let is_over = ready.exited || ready.broken;
        match (ready.input || is_over)
            .then(|| self.read(|buffers| core.read.look_into(buffers)))
            .transpose()?
        {
            // A grandchild may hold the pipe open, or the other side has closed the end that takes calls; nobody who could
            // answer is left.
            Some(Read::Nothing) if is_over => Ok(Read::End),
            Some(found) => Ok(found),
            None => Ok(Read::Nothing),
        }
    }

    /// Has the next bytes read to where they belong, if they are of a large payload.
    fn open(&mut self, core: &Core, state: &mut State) {
        self.opening = state.peer.opening(buffers::take);
        if let Some(opening) = self.opening.as_ref().filter(|_| state.pipes == Pipes::Ours) {
            core.read.widen(opening.whole().saturating_add(HEADER));
        }
    }

    /// Reads to where the next bytes belong.
    fn read(&mut self, read: impl FnOnce(&mut [IoSliceMut<'_>]) -> io::Result<Read>) -> io::Result<Read> {
        match &mut self.opening {
            Some(opening) => {
                let behind = self.buffer.len().min(opening.behind());
                let buffer = self.buffer.get_mut(..behind).unwrap_or_default();
                read(&mut [IoSliceMut::new(opening.buffer()), IoSliceMut::new(buffer)])
            }
            None => read(&mut [IoSliceMut::new(&mut self.buffer)]),
        }
    }

    /// Hands on so many bytes that were read, and what was lent for them.
    fn deliver(&mut self, state: &mut State, mut count: usize) {
        if let Some(mut opening) = self.opening.take() {
            let filled = if count > 0 { count.min(opening.buffer().len()) } else { 0 };
            count -= filled;
            state.handle_filled(opening, filled);
        }
        if count > 0 {
            state.handle_bytes(self.buffer.get(..count).unwrap_or_default());
            pipe::grow(&mut self.buffer, count);
        }
    }

    /// Looks for as long as this wait's kind says; at least once where the write end is broken.
    fn look(&mut self, core: &Core, task: Task) -> io::Result<Read> {
        // A wait for room is not for looking: nobody else could write meanwhile.
        if task.broken || task.room {
            return self.read(|buffers| core.read.look_into(buffers));
        }
        if task.starts && core.wait == Wait::Adaptive {
            return Ok(Read::Nothing);
        }
        let Some(budget) = self.looking.begin(core.wait) else { return Ok(Read::Nothing) };
        let begin = self.looking.is_timed().then(Instant::now);
        let mut end = None;
        loop {
            // First of all: what was sent just now can't have its answer yet, and the other side may need this core for it.
            yield_now();
            match self.read(|buffers| core.read.look_into(buffers))? {
                Read::Nothing => {}
                found => {
                    self.looking.hit(begin.map(|begin| Instant::now().saturating_duration_since(begin)));
                    return Ok(found);
                }
            }
            let now = Instant::now();
            let end = *end.get_or_insert_with(|| {
                now + task.until.map_or(budget, |until| budget.min(until.saturating_duration_since(now)))
            });
            if now >= end {
                self.looking.missed(begin.map(|begin| now.saturating_duration_since(begin)));
                return Ok(Read::Nothing);
            }
        }
    }
}

impl Core {
    /// Lets go large buffers that nobody uses; until when to wait, so as to look after the rest.
    fn look_after_buffers(&self, until: Option<Instant>) -> Option<Instant> {
        match self.wait {
            // A blocking read has no end.
            Wait::Block => until,
            Wait::Adaptive | Wait::Spin(_) => [until, buffers::release_idle()].into_iter().flatten().min(),
        }
    }

    /// Whether a wait is a bare blocking read.
    fn reads_blocking(&self, input: bool, room: bool, until: Option<Instant>) -> bool {
        self.wait == Wait::Block && input && !room && until.is_none()
    }
}
