//! The untyped messenger: one side's end of a pipe pair, shared by any number of threads.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::leader::Reader;
use super::park::{Interest, Parked};
use super::state::{Fault, Greeted, Pipes, State, Watching};
use super::wait::time_left;
use super::{Clock, Gone, MessengerError, OtherSide, Signal, Wait};
use crate::pipe::{ExitWatch, ReadEnd, Waker, WriteEnd};
use crate::proto::handshake::{Greeting, Handshake};
use crate::proto::{End, Peer};
use crate::sync::{Instant, Mutex, MutexGuard, lock};

/// How long the exit of a worker is waited for once its pipe has ended.
const PATIENCE_FOR_EXIT: Duration = Duration::from_secs(1);

/// How long a worker may take to leave once it is asked to.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

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
    clock: Clock,
    patience: Duration,
    other: Option<Arc<dyn OtherSide>>,
}

/// What a messenger is made with, beside its pipes and its peer.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) wait: Wait,
    /// This side's greeting, where the other side's is awaited.
    pub(crate) expects: Option<Greeting>,
    pub(crate) preamble: Preamble,
    pub(crate) pipes: Pipes,
    /// How long the other side may take to leave once it is asked to.
    pub(crate) patience: Duration,
    /// The other side, where this process has started it.
    pub(crate) other: Option<Arc<dyn OtherSide>>,
}

impl Default for Setup {
    fn default() -> Self {
        let (wait, preamble, pipes) = (Wait::default(), Preamble::default(), Pipes::default());
        Setup { wait, expects: None, preamble, pipes, patience: PATIENCE, other: None }
    }
}

/// What becomes of that which a worker prints before it speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Preamble {
    /// It goes where the worker's stderr goes.
    #[default]
    Show,
    /// Nobody wants it.
    Drop,
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
                pipes: setup.pipes,
                broken: false,
                printed: Vec::new(),
            }),
            read,
            write,
            waker: Waker::new()?,
            wait: setup.wait,
            clock: Clock::new(),
            patience: setup.patience,
            other: setup.other,
        }))
    }

    /// Asks the peer, without waiting for anything.
    #[inline]
    pub(crate) fn with<T>(&self, ask: impl FnOnce(&mut Peer) -> T) -> T {
        let mut state = self.lock();
        let answer = ask(&mut state.peer);
        self.settle(&mut state);
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

    /// What the peer's moments are read off.
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// How long the other side may take to leave once it is asked to.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// The error of a wait that stopped.
    ///
    /// Asks how the other side ended, which may take it a moment after its pipe has; not beyond `until`.
    pub(crate) fn explain(&self, stop: Stop, until: Option<Instant>) -> MessengerError {
        match stop {
            Stop::TimedOut => self.gone_already().unwrap_or(MessengerError::TimedOut),
            Stop::Full => self.gone_already().unwrap_or(MessengerError::Full),
            Stop::Fault(Fault::Mismatch(mismatch)) => MessengerError::Mismatch(mismatch),
            Stop::Fault(Fault::Io(error)) => MessengerError::Io(error),
            Stop::Fault(Fault::Ended { end, at }) => MessengerError::Gone(self.gone(end, at, until)),
            Stop::Fault(Fault::Protocol { error, at }) => {
                // No call can be made any more, and who knows what it does. A thread can't be killed.
                let _ = self.other().map(|other| other.signal(Signal::Kill, "it broke the protocol"));
                MessengerError::Protocol { error, gone: self.gone(End::Dropped, at, until).into() }
            }
        }
    }

    /// What is left of the other side if it has ended, which is not seen in the pipe as long as a budget is full.
    pub(crate) fn gone_already(&self) -> Option<MessengerError> {
        let exit = self.other()?.exit(Some(Duration::ZERO))?;
        Some(MessengerError::Gone(Gone::new(End::Dropped, Some(exit), self.other()?.remains())))
    }

    /// Whether its pipe has ended a moment ago, its exit has not been seen yet, and there is no time left here to wait for it.
    pub(crate) fn is_about_to_exit(&self, stop: &Stop, until: Option<Instant>) -> bool {
        let Stop::Fault(Fault::Ended { at, .. }) = stop else { return false };
        let now = Instant::now();
        until.is_some_and(|until| until <= now)
            && now < *at + PATIENCE_FOR_EXIT
            && self.other().is_some_and(|other| other.exit(Some(Duration::ZERO)).is_none())
    }

    /// What is left of the other side, which has ended at this moment, or is about to.
    fn gone(&self, end: End, at: Instant, until: Option<Instant>) -> Gone {
        let give_up = until.map_or(at + PATIENCE_FOR_EXIT, |until| until.min(at + PATIENCE_FOR_EXIT));
        let patience = give_up.saturating_duration_since(Instant::now());
        let exit = self.other().and_then(|other| other.exit(Some(patience)));
        Gone::new(end, exit, self.other().map(|other| other.remains()).unwrap_or_default())
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

    #[inline]
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) fn exit_watch(&self) -> Option<&ExitWatch> {
        self.other.as_ref().and_then(|other| other.exit_watch())
    }
}

/// The last one that could call the other side lets it go.
impl Drop for Core {
    fn drop(&mut self) {
        let Some(other) = self.other.clone() else { return };
        let until = Instant::now().checked_add(self.patience);
        let stop = self.stop().unwrap_or_else(|| self.close(until, Unread::Discard));
        // The end of its pipe is not its own: it may have something to finish.
        let patience = match stop {
            Stop::Fault(Fault::Ended { .. }) => time_left(until).unwrap_or(self.patience),
            _ => Duration::ZERO,
        };
        other.put_away(patience);
    }
}
