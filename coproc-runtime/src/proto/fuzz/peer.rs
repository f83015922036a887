//! One side against another that keeps to nothing: any bytes and any calls, and no panic, nor more kept than was sent.

use super::script::Script;
use super::side::Side;
use crate::proto::frame::HEADER;
use crate::proto::{ChannelId, Message, MessageKind, Order, Payload, Peer, Priority, RequestId, Terms};

/// A side, and the calls and bytes of a script.
pub fn peer(bytes: &[u8]) {
    let mut script = Script(bytes);
    let mut side = side(&mut script);
    let (mut stream, mut fed) = (Vec::new(), 0);
    while !script.is_over() {
        match script.index(8) {
            0 | 1 => script.frame(&mut stream),
            2 => {
                let count = script.index(HEADER + 1);
                stream.extend_from_slice(script.take(count));
            }
            3 => {
                let bytes: Vec<u8> = stream.drain(..script.portion(stream.len())).collect();
                fed += bytes.len();
                // Whoever goes on after an error must not be hurt by it.
                let _ = side.peer.handle_bytes(&bytes);
            }
            4 => {
                let _ = side.peer.output();
                side.peer.wrote(script.length());
            }
            5 => break_a_rule(&mut side, &mut script),
            _ => {
                let _ = side.call(&mut script);
            }
        }
        side.check();
        assert!(side.peer.available_anywhere() * HEADER <= fed);
    }
    side.take_all();
    side.answer_all();
    side.check();
    side.peer.discard_output();
    assert!(side.peer.wants_input() || side.peer.available_anywhere() > 0);
    side.discard_input();
    side.check();
    assert!(side.peer.wants_input() && !side.peer.has_output());
}

fn side(script: &mut Script<'_>) -> Side {
    let order = script.pick(&[Order::Fifo, Order::Priority]);
    let limits = script.limits();
    match script.index(3) {
        0 => Side::new(Peer::new(order, limits), false),
        1 => Side::new(Peer::hosting(order, limits), false),
        _ => Side::new(Peer::serving(order, limits), true),
    }
}

/// Makes a call that is made in the end only, or by mistake.
fn break_a_rule(side: &mut Side, script: &mut Script<'_>) {
    match script.index(6) {
        0 => side.discard_input(),
        1 => side.peer.discard_output(),
        2 => {
            let end = side.peer.handle_end();
            assert_eq!(side.peer.end(), Some(end));
        }
        3 => side.peer.greet(script.take(1)),
        4 => {
            let (id, kind) = (RequestId(script.byte().into()), script.pick(&KINDS));
            let _ = side.peer.send_reply_to(id, kind, None, &mut script.payload());
        }
        _ => {
            let request = Message {
                kind: script.pick(&KINDS),
                channel: ChannelId::from(script.byte()),
                priority: Priority::NONE,
                id: RequestId(script.byte().into()),
                terms: Terms::default(),
                payload: Payload::EMPTY,
            };
            let _ = side.peer.must_write_before(&request);
            let _ = side.peer.answer(request.id, MessageKind::Reply, &mut script.payload());
        }
    }
}

const KINDS: [MessageKind; 5] = [
    MessageKind::NoRequest,
    MessageKind::Request,
    MessageKind::Reply,
    MessageKind::Failure,
    MessageKind::Cancelled,
];
