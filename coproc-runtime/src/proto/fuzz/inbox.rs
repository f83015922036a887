//! A stream of frames: the same messages, or the same error, at any split.

use super::script::{Script, pieces};
use crate::proto::inbox::{Arrival, Held, Inbox};
use crate::proto::{Budget, Limits, ProtocolError};

/// Bytes as they are, or the frames that they describe, cut by some of them.
pub fn inbox(bytes: &[u8]) {
    let mut script = Script(bytes);
    let count = script.index(16);
    let cuts = script.take(count);
    let stream = if script.flag() {
        script.0.to_vec()
    } else {
        let mut frames = Vec::new();
        while !script.is_over() {
            script.frame(&mut frames);
        }
        frames
    };
    let whole = arrivals(&stream, &[]);
    assert_eq!(arrivals(&stream, cuts), whole);
    assert_eq!(arrivals(&stream, &[1]), whole);
}

/// What comes of a stream in pieces of these sizes.
fn arrivals(stream: &[u8], sizes: &[u8]) -> (Vec<Arrival>, Result<(), ProtocolError>) {
    let limits = Limits { message: 1 << 16, unsolicited_message: 200, ..Limits::PAIR };
    let (mut inbox, mut arrivals) = (Inbox::default(), Vec::new());
    let (mut fed, mut whole) = (0, 0);
    for (mut piece, _) in pieces(stream, sizes) {
        fed += piece.len() as u64;
        loop {
            match inbox.next(&mut piece, &limits, |id| id % 2 == 0) {
                Ok(Some(arrival)) => {
                    whole += (arrival.head.len() + arrival.payload.len()) as u64;
                    arrivals.push(arrival);
                }
                Ok(None) => break,
                Err(error) => return (arrivals, Err(error)),
            }
        }
        assert!(piece.is_empty());
        let Held { replies, unsolicited } = inbox.held();
        let overhead = Budget::OVERHEAD * (replies.messages + unsolicited.messages);
        assert!(replies.bytes + unsolicited.bytes - overhead + whole <= fed);
    }
    (arrivals, Ok(()))
}
