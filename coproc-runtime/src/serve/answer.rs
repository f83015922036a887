//! What a worker sends back: replies, failures, errors, and its last words.

use std::error::Error;
use std::time::{Duration, Instant};

use crate::codec;
use crate::messenger::{Core, Failure, RemoteError};
use crate::proto::{MessageKind, Peer, RequestId};

/// How long the last words of a worker may wait for room in the pipe.
const PATIENCE_FOR_LAST_WORDS: Duration = Duration::from_secs(1);

/// Answers a request; with a failure, where its answer can't be sent.
pub(super) fn answer(
    peer: &mut Peer,
    request: RequestId,
    kind: MessageKind,
    payload: &mut Vec<u8>,
    tail: &mut Vec<u8>,
) {
    let Err(refused) = peer.answer_with(request, kind, payload, tail) else { return };
    let mut payload = Vec::new();
    if codec::encode(&Failure::Unsendable(refused.to_string()), &mut payload).is_err() {
        payload.clear();
    }
    // Where even that is too long, a failure that says nothing still ends the caller's wait.
    if peer.answer(request, MessageKind::Failure, &mut payload).is_err() {
        let _ = peer.answer(request, MessageKind::Failure, &mut Vec::new());
    }
}

pub(super) fn answer_failure(core: &Core, request: RequestId, failure: &Failure) {
    let mut payload = Vec::new();
    // A failure is a few strings: it always encodes.
    if codec::encode(failure, &mut payload).is_ok() {
        core.post(|peer| answer(peer, request, MessageKind::Failure, &mut payload, &mut Vec::new()));
    }
}

/// Nobody waits for the reply to a norequest: its error goes to whoever receives next on the host's messenger.
pub(super) fn send_error(core: &Core, error: &impl Error, value: Option<Vec<u8>>) {
    let mut payload = Vec::new();
    if codec::encode(&RemoteError::of(error, value), &mut payload).is_ok() {
        core.post(|peer| {
            let _ = peer.send_error(&mut payload);
        });
    }
}

/// Tells of the panic of a method: in the reply's place, or in that of a norequest's error.
pub(super) fn tell(core: &Core, request: Option<RequestId>, failure: &Failure) {
    match request {
        Some(request) => answer_failure(core, request, failure),
        None => {
            let mut value = Vec::new();
            let value = codec::encode(failure, &mut value).is_ok().then_some(value);
            send_error(core, failure, value);
        }
    }
}

/// The same, of the panic that a worker ends with.
pub(super) fn answer_last(core: &Core, request: Option<RequestId>, failure: &Failure) {
    tell(core, request, failure);
    flush_last(core);
}

/// Writes what a worker that ends has still to say.
pub(super) fn flush_last(core: &Core) {
    // The host may be gone, or not reading: the worker ends all the same.
    let _ = core.flush(Instant::now().checked_add(PATIENCE_FOR_LAST_WORDS));
}
