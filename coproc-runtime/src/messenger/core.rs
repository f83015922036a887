//! The untyped messenger: sends, waits, and shares one pipe pair between threads.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::leader::{Leadership, Reader, time_left};
use super::park::{Interest, Parked};
use super::state::{Fault, Greeted, State, Watching};
use super::{Gone, MessengerError, OtherSide, Wait};
use crate::pipe::{self, Awaited, ExitWatch, ReadEnd, Waker, WriteEnd};
use crate::proto::handshake::{Greeting, Handshake};
use crate::proto::{Peer, RequestId, SendRefused, Ticket};
use crate::sync::{Mutex, MutexGuard, lock};

/// How long both directions may stand still, with input held back by a budget, before a wait gives up.
const PATIENCE_WHEN_FULL: Duration = Duration::from_secs(1);

/// How long the exit of a worker is waited for once its pipe has ended.
const PATIENCE_FOR_EXIT: Duration = Duration::from_secs(1);

/// How long a worker may take to leave once nobody calls it any more.
const PATIENCE_TO_LEAVE: Duration = Duration::from_secs(1);

/// How often a thread that waits for room beside a leader that can't be woken looks after its own affairs.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Bytes that a worker's greeting may have: a service of thousands of methods.
const LONGEST_GREETING: usize = 1 << 20;

/// One side's end of a pipe pair: a peer, and the threads that wait on it.
///
/// A thread that waits reads the pipe itself and leads; others that wait meanwhile are parked and get theirs from it.
/// No thread stands between a lone caller and its pipe.
#[derive(Debug)]
pub(crate) struct Core {
    pub(super) state: Mutex<State>,
    pub(super) read: ReadEnd,
    pub(super) write: WriteEnd,
    pub(super) waker: Waker,
    pub(super) wait: Wait,
    other: Option<Arc<dyn OtherSide>>,
}

/// What a messenger is made with, beside its pipes and its peer.
#[derive(Debug, Default)]
pub(crate) struct Setup {
    pub(crate) wait: Wait,
    /// This side's greeting, where the other side's is awaited.
    pub(crate) expects: Option<Greeting>,
    pub(crate) preamble: Preamble,
    /// The other side, where this process has started it.
    pub(crate) other: Option<Arc<dyn OtherSide>>,
}

/// What becomes of that which a worker prints before it speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Preamble {
    /// It goes to this process's stderr.
    #[default]
    Show,
    /// Nobody wants it.
    Drop,
}

/// When what was sent is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Flush {
    /// At once.
    Now,
    /// Once it makes a good write, or by [`Core::flush`].
    WhenFull,
}

/// What becomes of messages that come while a conversation is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unread {
    /// They can still be received.
    Keep,
    /// Nobody will.
    Discard,
}

/// Why a wait ended without what it was for.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    Fault(Fault),
    TimedOut,
    Full,
}

impl Core {
    pub(crate) fn new(read: ReadEnd, write: WriteEnd, peer: Peer, setup: Setup) -> io::Result<Arc<Self>> {
        let greeting = match setup.expects {
            Some(ours) => {
                let handshake = Handshake::new(LONGEST_GREETING);
                Greeted::Awaited { handshake, ours, preamble: setup.preamble }
            }
            None => Greeted::Done,
        };
        Ok(Arc::new(Core {
            state: Mutex::new(State {
                peer,
                greeting,
                fault: None,
                reader: Some(Reader::new()),
                watching: Watching::Nothing,
                parked: Parked::default(),
                stalled: None,
                broken: false,
            }),
            read,
            write,
            waker: Waker::new()?,
            wait: setup.wait,
            other: setup.other,
        }))
    }

    /// Sends: `push` puts messages into the peer, and this returns once the pipe has all of the last one.
    ///
    /// On an error nothing of the last one has left, or the conversation is over.
    pub(crate) fn send<T>(
        &self,
        until: Option<Instant>,
        flush: Flush,
        push: impl FnOnce(&mut Peer) -> Result<(T, Ticket), SendRefused>,
    ) -> Result<T, MessengerError> {
        let mut state = self.lock();
        if state.fault.is_some() {
            drop(state);
            return Err(self.explain_end(until));
        }
        let (value, mut ticket) = push(&mut state.peer)?;
        if flush == Flush::WhenFull && !state.peer.has_batch() {
            return Ok(value);
        }
        state.flush(&self.write);
        let done = state.peer.is_written(&mut ticket) && !state.is_ending();
        self.settle(&state);
        drop(state);
        if done {
            return Ok(value);
        }
        let interest = Interest::Written(ticket);
        match self.wait_for(interest, until, |peer| peer.is_written(&mut ticket).then_some(())) {
            // What was thrown away, because nobody reads it any more, counts as written too.
            Ok(()) if self.lock().is_ending() => Err(self.explain_end(until)),
            Ok(()) => Ok(value),
            Err(stop) if !matches!(stop, Stop::Fault(_)) && !self.with(|peer| peer.take_back(ticket)) => {
                // Part of it has left already; the rest follows when there is room.
                Ok(value)
            }
            Err(stop) => Err(self.explain(stop, until)),
        }
    }

    /// The same for a request, which is forgotten on an error.
    pub(crate) fn send_request(
        &self,
        until: Option<Instant>,
        flush: Flush,
        push: impl FnOnce(&mut Peer) -> Result<(RequestId, Ticket), SendRefused>,
    ) -> Result<RequestId, MessengerError> {
        let mut pushed = None;
        let outcome = self.send(until, flush, |peer| push(peer).inspect(|(id, _)| pushed = Some(*id)));
        if let (Err(_), Some(id)) = (&outcome, pushed) {
            self.post(|peer| peer.cancel(id));
        }
        outcome
    }

    /// Writes all that was put into the peer.
    pub(crate) fn flush(&self, until: Option<Instant>) -> Result<(), MessengerError> {
        self.post(|_| ());
        match self.wait_for(Interest::Room, until, |peer| (!peer.has_output()).then_some(())) {
            Ok(()) if self.lock().is_ending() => Err(self.explain_end(until)),
            // All of it was taken over for sending, and follows when there is room.
            Ok(()) | Err(Stop::Full) => Ok(()),
            Err(stop) => Err(self.explain(stop, until)),
        }
    }

    /// Puts messages into the peer and writes what there is room for, without waiting for more.
    pub(crate) fn post(&self, push: impl FnOnce(&mut Peer)) {
        let mut state = self.lock();
        push(&mut state.peer);
        if state.is_ending() {
            state.peer.discard_output();
        }
        state.flush(&self.write);
        self.settle(&state);
    }

    /// Waits until `attempt` gives something, reading and writing in the meantime.
    pub(crate) fn wait_for<T>(
        &self,
        interest: Interest,
        until: Option<Instant>,
        mut attempt: impl FnMut(&mut Peer) -> Option<T>,
    ) -> Result<T, Stop> {
        let mut state = self.lock();
        let outcome = loop {
            if let Some(value) = attempt(&mut state.peer) {
                break Ok(value);
            }
            if let Some(fault) = &state.fault {
                break Err(Stop::Fault(fault.clone()));
            }
            if until.is_some_and(|until| until <= Instant::now()) {
                break Err(Stop::TimedOut);
            }
            let give_up = if state.peer.wants_input() {
                state.stalled = None;
                None
            } else {
                let since = *state.stalled.get_or_insert_with(Instant::now);
                Some(since + PATIENCE_WHEN_FULL)
            };
            if give_up.is_some_and(|moment| moment <= Instant::now()) {
                // The next wait has a patience of its own.
                state.stalled = None;
                break Err(Stop::Full);
            }
            let until = [until, give_up].into_iter().flatten().min();
            state = match Leadership::take(self, &mut state) {
                Some(leadership) => leadership.step(state, until),
                None => self.follow(state, interest.clone(), until),
            };
        };
        self.settle(&state);
        outcome
    }

    /// Takes in what is in the pipe now, without waiting.
    ///
    /// While another thread waits for messages, it is that one who takes them in.
    pub(crate) fn take_in(&self) {
        let mut state = self.lock();
        if let Some(leadership) = Leadership::take(self, &mut state) {
            leadership.take_in(&mut state);
        }
        self.settle(&state);
    }

    /// Asks the peer, without waiting for anything.
    pub(crate) fn with<T>(&self, ask: impl FnOnce(&mut Peer) -> T) -> T {
        let mut state = self.lock();
        let answer = ask(&mut state.peer);
        self.settle(&state);
        answer
    }

    /// Why the conversation can't go on, if it can't.
    pub(crate) fn stop(&self) -> Option<Stop> {
        self.lock().fault.clone().map(Stop::Fault)
    }

    /// Whether the other side has said who it is.
    pub(crate) fn is_greeted(&self) -> bool {
        matches!(self.lock().greeting, Greeted::Done)
    }

    /// The other side, where this process has started it.
    pub(crate) fn other(&self) -> Option<&dyn OtherSide> {
        self.other.as_deref()
    }

    /// The error of a wait that stopped.
    ///
    /// Asks how the other side ended, which may take it a moment after its pipe has; not beyond `until`.
    pub(crate) fn explain(&self, stop: Stop, until: Option<Instant>) -> MessengerError {
        match stop {
            Stop::TimedOut => MessengerError::TimedOut,
            Stop::Full => MessengerError::Full,
            Stop::Fault(Fault::Protocol(error)) => MessengerError::Protocol(error),
            Stop::Fault(Fault::Mismatch(mismatch)) => MessengerError::Mismatch(mismatch),
            Stop::Fault(Fault::Io(error)) => MessengerError::Io(error),
            Stop::Fault(Fault::Ended { end, at }) => {
                let give_up = until.map_or(at + PATIENCE_FOR_EXIT, |until| until.min(at + PATIENCE_FOR_EXIT));
                let patience = give_up.saturating_duration_since(Instant::now());
                let exit = self.other.as_ref().and_then(|other| other.exit(Some(patience)));
                MessengerError::Gone(Gone { end, exit })
            }
        }
    }

    /// Asks the other side to close and waits for its end.
    pub(crate) fn close(&self, until: Option<Instant>, unread: Unread) -> Stop {
        self.post(|peer| {
            let _ = peer.send_close_request();
        });
        let Err(stop) = self.wait_for(Interest::End, until, |peer| {
            if unread == Unread::Discard {
                peer.discard_input();
            }
            None::<Infallible>
        });
        stop
    }

    /// How the conversation ends, once its last bytes have come.
    fn explain_end(&self, until: Option<Instant>) -> MessengerError {
        let Err(stop) = self.wait_for(Interest::End, until, |_| None::<Infallible>);
        self.explain(stop, until)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) fn exit_watch(&self) -> Option<&ExitWatch> {
        self.other.as_ref().and_then(|other| other.exit_watch())
    }

    /// Waits while another thread reads.
    fn follow<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        interest: Interest,
        until: Option<Instant>,
    ) -> MutexGuard<'a, State> {
        self.settle(&state);
        if state.watching == Watching::Read && state.peer.has_output() {
            // The leader can't be woken to write, so this thread waits for room itself; the leader takes in what comes.
            drop(state);
            let awaited = Awaited { room: Some(&self.write), ..Awaited::default() };
            // The leader may leave meanwhile, or bring what this thread waits for; it can't be told, so it looks.
            let limit = Some(time_left(until).map_or(LOOK_AGAIN, |left| left.min(LOOK_AGAIN)));
            let waited = pipe::wait(awaited, limit);
            let mut state = self.lock();
            match waited {
                Ok(_) => state.flush(&self.write),
                Err(error) => state.fail(Fault::Io(error.into())),
            }
            return state;
        }
        let (place, signal) = state.parked.enter(interest);
        let mut state = match time_left(until) {
            Some(left) => {
                let waited = signal.wait_timeout(state, left);
                waited.unwrap_or_else(crate::sync::PoisonError::into_inner).0
            }
            None => signal.wait(state).unwrap_or_else(crate::sync::PoisonError::into_inner),
        };
        state.parked.leave(place);
        state
    }

    /// Before the lock is let go: makes sure that somebody sees to what there is to do.
    fn settle(&self, state: &MutexGuard<'_, State>) {
        match state.watching {
            Watching::Poll { input, room } => {
                if state.is_ending() || state.peer.has_output() && !room || state.peer.wants_input() && !input
                {
                    self.waker.wake();
                }
            }
            Watching::Nothing if state.reader.is_some() && !state.parked.is_empty() => {
                state.parked.wake_first()
            }
            Watching::Nothing | Watching::Read => {}
        }
    }
}

/// The last one that could call the other side lets it go.
impl Drop for Core {
    fn drop(&mut self) {
        let Some(other) = self.other.clone() else { return };
        let until = Instant::now() + PATIENCE_TO_LEAVE;
        let stop = self.stop().unwrap_or_else(|| self.close(Some(until), Unread::Discard));
        // The end of its pipe is not its own: it may have something to finish.
        let patience = match stop {
            Stop::Fault(Fault::Ended { .. }) => until.saturating_duration_since(Instant::now()),
            _ => Duration::ZERO,
        };
        other.put_away(patience);
    }
}
