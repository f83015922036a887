//! Waiting: a thread leads where nobody does, and follows where another one leads.

use std::time::Duration;

use super::core::{Core, Stop};
use super::leader::Leadership;
use super::state::{Fault, State, Watching};
use super::wait::time_left;
use super::{Flush, Interest};
use crate::pipe::{self, Awaited};
use crate::proto::Peer;
use crate::sync::{Instant, MutexGuard, PoisonError};

/// How long both directions may stand still, with input held back by a budget, before a wait gives up.
const PATIENCE_WHEN_FULL: Duration = Duration::from_secs(1);

/// How often a thread that waits for room beside a leader that can't be woken looks after its own affairs.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

impl Core {
    /// Waits until `attempt` gives something, reading and writing in the meantime.
    pub(crate) fn wait_for<T>(
        &self,
        interest: Interest,
        until: Option<Instant>,
        attempt: impl FnMut(&mut Peer) -> Option<T>,
    ) -> Result<T, Stop> {
        self.wait_after(|_| (), interest, until, attempt)
    }

    /// The same, once `put` has put messages into the peer and said when they are written.
    pub(crate) fn put_and_wait<T>(
        &self,
        put: impl FnOnce(&mut Peer) -> Flush,
        interest: Interest,
        attempt: impl FnMut(&mut Peer) -> Option<T>,
    ) -> Result<T, Stop> {
        let before = |state: &mut State| {
            let flush = put(&mut state.peer);
            state.write(flush, &self.write);
        };
        self.wait_after(before, interest, None, attempt)
    }

    fn wait_after<T>(
        &self,
        before: impl FnOnce(&mut State),
        interest: Interest,
        until: Option<Instant>,
        mut attempt: impl FnMut(&mut Peer) -> Option<T>,
    ) -> Result<T, Stop> {
        let others = Others { core: self, interest: &interest };
        let mut state = self.lock();
        before(&mut state);
        let mut looked = false;
        let outcome = loop {
            if let Some(value) = attempt(&mut state.peer) {
                break Ok(value);
            }
            if let Some(fault) = &state.fault {
                break Err(Stop::Fault(fault.clone()));
            }
            let has_looked = std::mem::replace(&mut looked, true);
            if until.is_some_and(|until| until <= Instant::now()) {
                if has_looked {
                    break Err(Stop::TimedOut);
                }
                // Whoever asks again and again without any time would never hear of what has come, nor send what is buffered.
                self.take_in_locked(&mut state, Flush::Now);
                continue;
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
            if state.peer.has_new_output() {
                state.flush(&self.write);
                if !state.peer.has_output() {
                    // That may have been what this thread waits for, or what held it back.
                    continue;
                }
            }
            let until = [until, give_up].into_iter().flatten().min();
            state = match Leadership::take(self, &mut state) {
                Some(leadership) => leadership.step(state, &interest, until),
                None => self.follow(state, interest.clone(), until),
            };
        };
        state.pass_on(&interest);
        self.settle(&mut state);
        std::mem::forget(others);
        outcome
    }

    /// Takes in what is in the pipe now, without waiting.
    ///
    /// While another thread waits for messages, it is that one who takes them in. Writes what there is to write, too.
    pub(crate) fn take_in(&self, flush: Flush) {
        let mut state = self.lock();
        self.take_in_locked(&mut state, flush);
        self.settle(&mut state);
    }

    fn take_in_locked(&self, state: &mut State, flush: Flush) {
        if let Some(leadership) = Leadership::take(self, state) {
            leadership.take_in(state);
        }
        state.write(flush, &self.write);
    }

    /// Waits while another thread reads.
    fn follow<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        interest: Interest,
        until: Option<Instant>,
    ) -> MutexGuard<'a, State> {
        if matches!(state.watching, Watching::Read) && state.peer.has_output() {
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
        self.settle(&mut state);
        let place = state.parked.enter(interest);
        let mut state = match time_left(until) {
            Some(left) => {
                let waited = place.signal.wait_timeout(state, left);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => place.signal.wait(state).unwrap_or_else(PoisonError::into_inner),
        };
        state.parked.leave(place);
        state
    }

    /// Before the lock is let go: makes sure that somebody sees to what there is to do.
    #[inline]
    pub(super) fn settle(&self, state: &mut State) {
        let is_ending = state.is_ending();
        match &mut state.watching {
            Watching::Poll { input, room, interest } => {
                let is_over = is_ending || interest.is_met(&state.peer);
                if is_over || state.peer.has_output() && !*room || state.peer.wants_input() && !*input {
                    self.waker.wake();
                }
            }
            Watching::Nothing if state.reader.is_some() => state.parked.wake_to_lead(),
            // The leader can't be woken to write, but another one that waits can.
            Watching::Read if state.peer.has_output() => state.parked.wake_to_lead(),
            Watching::Nothing | Watching::Read => {}
        }
    }
}

/// The threads that sleep while one leads: a panic in that one's `attempt` must not leave them asleep.
struct Others<'a> {
    core: &'a Core,
    interest: &'a Interest,
}

impl Drop for Others<'_> {
    fn drop(&mut self) {
        let mut state = self.core.lock();
        state.pass_on(self.interest);
        self.core.settle(&mut state);
    }
}
