//! What the worker's loop comes to next: the most urgent message, once the last one has its answer.

use super::answer::answer;
use super::stdio::Connection;
use crate::buffers::{self, LARGE};
use crate::codec::Reply;
use crate::messenger::{Core, Flush, Interest, Stop};
use crate::proto::{Delivery, Message, MessageKind, Payload, Peer, Special};

/// How many messages whose answers are gathered are served between two looks at the pipe, if they do not take long: each look costs
/// about as much as ten of them.
const MOST_UNSEEN: u32 = 64;

/// What the loop comes to next.
pub(super) enum Next {
    /// One that is the turn's now.
    Message,
    Error(Payload),
    /// The host has asked to close, and everything is served and written.
    Leave,
}

/// The message that the loop has come to, until the next one is taken.
#[derive(Default)]
pub(super) struct Turn {
    pub(super) message: Option<Message>,
    /// How what it is owed is sent: the reply, if that is made and not sent already.
    pub(super) owed: Option<Delivery>,
    /// The reply of the last request, whose buffer serves the next one.
    pub(super) reply: Reply,
    /// How many messages were served since the pipe was last read.
    unseen: u32,
}

/// Sends what the last message is owed, and takes the most urgent one, once nothing as urgent is still to be written.
pub(super) fn next(connection: &Connection, turn: &mut Turn) -> Result<Next, Stop> {
    let Connection { core, watch, .. } = connection;
    let Turn { message, owed, reply, unseen } = turn;
    *unseen += 1;
    // In a thread of the host nobody writes what is gathered for too long.
    let gathers = *owed == Some(Delivery::Gathered) && watch.is_some();
    let served = message.as_mut().map(|message| (message.id, std::mem::take(&mut message.payload)));
    let put = |peer: &mut Peer| {
        let Some((id, payload)) = served else { return Flush::WhenFull };
        let owed = owed.take();
        if owed.is_some() {
            answer(peer, id, MessageKind::Reply, &mut reply.bytes, &mut reply.tail);
        }
        let mut buffer = payload.into_long();
        if buffer.capacity() < LARGE {
            peer.recycle(&mut buffer);
        } else {
            buffers::keep(buffer);
        }
        let waits = owed.is_none() || gathers && peer.queued_together() > 0;
        if waits { Flush::WhenFull } else { Flush::Now }
    };
    let mut is_first = true;
    let mut attempt = |peer: &mut Peer| {
        // Only the first time: from then on, what is there has just been read.
        if !std::mem::take(&mut is_first) {
            *unseen = 0;
        } else {
            if let Some(watch) = watch
                && (gathers && peer.has_output() || is_gathered(peer))
            {
                watch.arm();
            }
            // In a thread of the host nobody says so.
            let took_long = watch.as_ref().is_none_or(|watch| watch.took_long());
            if let Some(flush) = look(peer, took_long || *unseen > MOST_UNSEEN) {
                return Some(Err(flush));
            }
        }
        queued(peer, core, message).map(Ok)
    };
    let mut found = core.put_and_wait(put, Interest::Anything, &mut attempt)?;
    loop {
        match found {
            Ok(next) => return Ok(next),
            Err(flush) => core.take_in(flush),
        }
        found = core.wait_for(Interest::Anything, None, &mut attempt)?;
    }
}

/// The next message, if it may begin: it becomes the last one.
pub(super) fn queued(peer: &mut Peer, core: &Core, into: &mut Option<Message>) -> Option<Next> {
    if peer.peek_next().is_some_and(|message| message.terms.deadline.is_some()) {
        peer.handle_time(core.clock().now());
    }
    match peer.take_special() {
        Some(Special::Error(payload)) => return Some(Next::Error(payload)),
        // Of a close request it hears even where a method has received it.
        Some(Special::CloseRequest) | None => {}
    }
    match peer.peek_next() {
        Some(message) if peer.must_write_before(message) => None,
        Some(_) => {
            *into = peer.take_next();
            Some(Next::Message)
        }
        None => (peer.is_asked_to_close() && !peer.has_output()).then_some(Next::Leave),
    }
}

/// Whether the next message is one of many.
fn is_gathered(peer: &Peer) -> bool {
    peer.peek_next().is_some_and(|message| message.terms.delivery == Delivery::Gathered)
}

/// Whether the pipe is to be read before the next message is served, for it may have a more urgent one; and what is to be written
/// then. Ahead of one of many it is only where that `is_due`.
fn look(peer: &Peer, is_due: bool) -> Option<Flush> {
    match peer.peek_next()?.terms.delivery {
        Delivery::Gathered => is_due.then_some(Flush::WhenFull),
        // With one message queued there is nothing that a newer one could overtake.
        Delivery::Prompt => (peer.queued_together() > 1 || peer.has_output()).then_some(Flush::Now),
    }
}
