//! What the threads of one messenger share, under its lock.

use std::io;
use std::sync::Arc;

use super::core::Preamble;
use super::leader::Reader;
use super::park::{Interest, Parked};
use super::{Flush, Mismatch};
use crate::buffers;
use crate::pipe::{WriteEnd, Written};
use crate::proto::handshake::{Greeting, Handshake};
use crate::proto::{End, Opening, Peer, ProtocolError, Spent};
use crate::sync::Instant;

/// Bytes that are written at once, so that what is more urgent is seen meanwhile: the other side may take them as fast as
/// they come.
const MOST_AT_ONCE: usize = if cfg!(shuttle) { 8 } else { 256 << 10 };

#[derive(Debug)]
pub(super) struct State {
    pub(super) peer: Peer,
    pub(super) greeting: Greeted,
    /// Why nothing more will come.
    pub(super) fault: Option<Fault>,
    /// What a reading thread needs; away while one leads.
    pub(super) reader: Option<Box<Reader>>,
    /// What the leader sleeps on.
    pub(super) watching: Watching,
    pub(super) parked: Parked,
    /// Since when input has been held back with nothing taken and nothing written.
    pub(super) stalled: Option<Instant>,
    /// Whose it is to say how much the pipes hold.
    pub(super) pipes: Pipes,
    /// Nobody reads what this side writes.
    pub(super) broken: bool,
    /// What a worker printed before it began to speak, until the other side is told.
    pub(super) printed: Vec<u8>,
}

/// Whether the other side has said who it is.
#[derive(Debug)]
pub(super) enum Greeted {
    /// Not yet; it has to fit this side's greeting.
    Awaited { handshake: Handshake, ours: Greeting, preamble: Preamble },
    /// It has, or doesn't need to.
    Done,
}

/// Whose it is to say how much the pipes hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Pipes {
    /// This side's.
    #[default]
    Ours,
    /// The host's, which has those of all its workers in mind.
    TheHosts,
}

/// Why nothing more comes from the other side.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    Ended { end: End, at: Instant },
    Protocol { error: ProtocolError, at: Instant },
    Mismatch(Arc<Mismatch>),
    Io(Arc<io::Error>),
}

/// What a leader sleeps on, and so what it has to be woken for.
#[derive(Debug)]
pub(super) enum Watching {
    /// Nobody sleeps.
    Nothing,
    /// It polls, and can be woken; by other threads' doings too, if they meet its own interest.
    Poll { input: bool, room: bool, interest: Interest },
    /// It reads blocking, and can't be woken.
    Read,
}

impl State {
    /// Writes what was put into the peer, if it is time to.
    #[inline]
    pub(super) fn write(&mut self, flush: Flush, end: &WriteEnd) {
        if self.is_ending() {
            self.peer.discard_output();
        } else if flush != Flush::WhenFull || self.peer.has_batch() {
            self.flush(end);
        }
    }

    /// Writes what there is room for, or enough for now: the rest is written by whoever waits, which looks at what has come first.
    pub(super) fn flush(&mut self, end: &WriteEnd) {
        let (mut progress, mut left) = (false, MOST_AT_ONCE);
        while left > 0 && self.peer.has_output() {
            let pieces = self.peer.output();
            let size = match pieces {
                [_, []] => None,
                [ahead, large] if self.pipes == Pipes::Ours => end.widen(ahead.len() + large.len()),
                _ => end.size(),
            };
            match end.write(pieces) {
                Ok(Written::Bytes(count)) => {
                    self.peer.wrote(count);
                    left = left.saturating_sub(count);
                    if let Some(size) = size {
                        self.peer.note_pipe_size(size);
                        end.adapt(self.peer.most_left());
                    }
                    match self.peer.take_done() {
                        Some(Spent::Payload(buffer)) => buffers::keep(buffer),
                        Some(Spent::Tail(buffer)) => buffers::keep_first(buffer),
                        None => {}
                    }
                    progress = true;
                }
                Ok(Written::Full) => break,
                Ok(Written::Broken) => {
                    self.broken = true;
                    self.peer.discard_output();
                    progress = true;
                }
                Err(error) => {
                    self.fail(Fault::Io(Arc::new(error)));
                    return;
                }
            }
        }
        if progress {
            self.stalled = None;
            self.parked.wake_for_room(&self.peer);
        }
    }

    /// Wakes the next thread of an interest, if that is met, for one whose own wait is over.
    pub(super) fn pass_on(&mut self, interest: &Interest) {
        self.parked.pass_on(interest, &self.peer);
    }

    /// Whether nobody is left to read what this side writes.
    #[inline]
    pub(super) fn is_ending(&self) -> bool {
        self.broken || self.fault.is_some()
    }

    /// Takes in what the pipe brought.
    pub(super) fn handle_bytes(&mut self, bytes: &[u8]) {
        let outcome = match &mut self.greeting {
            Greeted::Done => self.hand_on(bytes),
            Greeted::Awaited { handshake, preamble, .. } => {
                let progress = handshake.handle_bytes(bytes);
                if *preamble == Preamble::Show {
                    self.printed.extend(progress.preamble);
                }
                match progress.greeting {
                    Ok(Some((theirs, behind))) => self.greet(&theirs, &behind),
                    Ok(None) => Ok(()),
                    Err(error) => Err(error),
                }
            }
        };
        self.check(outcome);
    }

    /// Takes in what the pipe brought of a large payload, in the opening that was lent for it.
    pub(super) fn handle_filled(&mut self, opening: Opening, count: usize) {
        let outcome =
            self.peer.handle_filled_telling(opening, count, |arrived| self.parked.wake_for(arrived));
        self.check(outcome);
    }

    fn check(&mut self, outcome: Result<(), ProtocolError>) {
        if let Err(error) = outcome {
            self.fail(Fault::Protocol { error, at: Instant::now() });
        }
    }

    /// Takes note that the pipe has ended.
    pub(super) fn handle_end(&mut self) {
        let end = match self.greeting {
            Greeted::Done => self.peer.handle_end(),
            Greeted::Awaited { .. } => {
                self.peer.handle_end();
                End::Unmet
            }
        };
        self.fail(Fault::Ended { end, at: Instant::now() });
    }

    /// Ends the conversation; the first reason counts.
    pub(super) fn fail(&mut self, fault: Fault) {
        self.peer.discard_output();
        self.fault.get_or_insert(fault);
        self.parked.wake_all();
    }

    fn greet(&mut self, theirs: &Greeting, behind: &[u8]) -> Result<(), ProtocolError> {
        if let Greeted::Awaited { ours, .. } = std::mem::replace(&mut self.greeting, Greeted::Done) {
            if ours.side == theirs.side {
                return Err(ProtocolError::SameSide(ours.side));
            }
            if let Some(mismatch) = Mismatch::between(&ours, theirs) {
                self.fail(Fault::Mismatch(Arc::new(mismatch)));
                return Ok(());
            }
        }
        self.hand_on(behind)
    }

    /// Gives the peer its bytes, and wakes those whom the messages in them are for.
    fn hand_on(&mut self, bytes: &[u8]) -> Result<(), ProtocolError> {
        self.peer.handle_bytes_telling(bytes, |arrived| self.parked.wake_for(arrived))
    }
}

impl Mismatch {
    /// In what two greetings differ; nothing, if they fit.
    pub(crate) fn between(ours: &Greeting, theirs: &Greeting) -> Option<Self> {
        if ours.service == theirs.service && ours.fingerprint == theirs.fingerprint {
            return None;
        }
        let only = |here: &Greeting, there: &Greeting| {
            here.signatures.iter().filter(|one| !there.signatures.contains(one)).cloned().collect()
        };
        Some(Mismatch {
            service: ours.service.clone(),
            other_service: theirs.service.clone(),
            missing: only(ours, theirs),
            surplus: only(theirs, ours),
        })
    }
}
