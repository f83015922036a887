//! The first bytes of a stream: at any split the same greeting, and no byte lost or doubled.

use super::script::{Script, pieces};
use crate::proto::ProtocolError;
use crate::proto::handshake::{Greeting, Handshake, MAGIC, VERSION};

/// Bytes as they are, or such that begin like a greeting, cut by some of them.
pub fn handshake(bytes: &[u8]) {
    let mut script = Script(bytes);
    let count = script.index(16);
    let cuts = script.take(count);
    let mut stream = Vec::new();
    if script.flag() {
        let count = script.index(20);
        stream.extend_from_slice(script.take(count));
        stream.extend_from_slice(&MAGIC);
        stream.extend_from_slice(&VERSION.to_le_bytes());
    }
    stream.extend_from_slice(script.0);
    let whole = Outcome::of(&stream, &[]);
    assert_eq!(Outcome::of(&stream, cuts), whole);
    assert_eq!(Outcome::of(&stream, &[1]), whole);
    if let Ok(Some((greeting, behind))) = whole.greeting {
        assert_eq!([whole.preamble, greeting.to_bytes(), behind].concat(), stream);
    }
}

#[derive(PartialEq, Debug)]
struct Outcome {
    preamble: Vec<u8>,
    greeting: Result<Option<(Greeting, Vec<u8>)>, ProtocolError>,
}

impl Outcome {
    /// What comes of a stream in pieces of these sizes.
    fn of(stream: &[u8], sizes: &[u8]) -> Self {
        let (mut handshake, mut preamble) = (Handshake::new(300), Vec::new());
        for (piece, rest) in pieces(stream, sizes) {
            let progress = handshake.handle_bytes(piece);
            preamble.extend(progress.preamble);
            match progress.greeting {
                Ok(None) => {}
                Ok(Some((greeting, behind))) => {
                    let behind = [&behind, rest].concat();
                    return Outcome { preamble, greeting: Ok(Some((greeting, behind))) };
                }
                Err(error) => return Outcome { preamble, greeting: Err(error) },
            }
        }
        Outcome { preamble, greeting: Ok(None) }
    }
}
