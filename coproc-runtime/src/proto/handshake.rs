//! The first bytes of each direction: who speaks, which version, and for which service.
//!
//! Each side sends its greeting ahead of its first frame and waits for none, so it costs no round trip. Integers are
//! little-endian; a string is its length in bytes (`u32`) and its UTF-8.
//!
//! | bytes | field |
//! |---|---|
//! | 16 | [`MAGIC`]; whatever stands ahead of it was printed by the process before it began to speak |
//! | 2 | [`VERSION`] |
//! | 4 | length of all that follows |
//! | 1 | who speaks: 0 the host, 1 the worker; so that an echo is not taken for a worker |
//! | string | the service's name |
//! | 8 | fingerprint of the service's signatures; 0: none, anything fits |
//! | 4, then strings | count of signatures, and each |
//! | 1 | the order of the worker's queues: 0 FIFO, 1 by priority; a worker repeats it |
//! | 8 | how the worker is to wait: 0 adaptive, 1 blocking, else that it looks for so many nanoseconds less 2; a worker repeats it |
//! | 8, 8 | the longest reply, and the longest other message, that this side takes, in bytes |
//! | 1 | whether a process group was made for the worker, to end with it: 0 no, 1 yes; a worker says 0 |
//! | the rest | the start argument, as the codec wrote it; a worker has none |

use super::limits::limit;
use super::{Order, ProtocolError};

/// What a stream of coproc begins with: no text, so that no program prints it by chance.
pub const MAGIC: [u8; 16] = *b"\x00\xffcoproc-wire\r\n\x1a";

/// The version of the wire format.
pub const VERSION: u16 = 1;

/// Bytes that may stand ahead of the magic: a banner is ordinary, more is another protocol.
pub const MAX_PREAMBLE: usize = limit(64 << 10, 64);

/// Which side of a conversation a process is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Side {
    /// The one that calls.
    #[default]
    Host,
    /// The one that serves.
    Worker,
}

/// Whose a worker's process group is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Group {
    /// Others', who stay when the worker goes.
    #[default]
    Shared,
    /// Its own: it was made for the worker, and whatever command that was started by.
    Own,
}

/// What a side says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Greeting {
    /// Which side it is.
    pub side: Side,
    /// The service that it calls or serves.
    pub service: String,
    /// The fingerprint of the service's signatures; 0 for a bare messenger, which has none.
    pub fingerprint: u64,
    /// The service's signatures, so that a difference can be named.
    pub signatures: Vec<String>,
    /// How the worker's messenger is to order what it receives.
    pub order: Order,
    /// How the worker is to wait, as the messenger's layer writes it.
    pub wait: u64,
    /// The longest reply that this side takes, in bytes.
    pub longest_reply: u64,
    /// The longest request, norequest or error that this side takes, in bytes.
    pub longest_other: u64,
    /// Whose process group the worker is in.
    pub group: Group,
    /// What the worker is made with.
    pub argument: Vec<u8>,
}

impl Greeting {
    /// The greeting's bytes on the wire, magic and all.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = vec![match self.side {
            Side::Host => 0,
            Side::Worker => 1,
        }];
        write_string(&mut body, &self.service);
        body.extend_from_slice(&self.fingerprint.to_le_bytes());
        body.extend_from_slice(&(self.signatures.len() as u32).to_le_bytes());
        for signature in &self.signatures {
            write_string(&mut body, signature);
        }
        body.push(match self.order {
            Order::Fifo => 0,
            Order::Priority => 1,
        });
        body.extend_from_slice(&self.wait.to_le_bytes());
        body.extend_from_slice(&self.longest_reply.to_le_bytes());
        body.extend_from_slice(&self.longest_other.to_le_bytes());
        body.push(match self.group {
            Group::Shared => 0,
            Group::Own => 1,
        });
        body.extend_from_slice(&self.argument);
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
        bytes.append(&mut body);
        bytes
    }

    fn read(mut body: &[u8]) -> Option<Self> {
        let body = &mut body;
        let side = match take(body)? {
            [0] => Side::Host,
            [1] => Side::Worker,
            _ => return None,
        };
        let service = read_string(body)?;
        let fingerprint = u64::from_le_bytes(take(body)?);
        let count = u32::from_le_bytes(take(body)?);
        let mut signatures = Vec::new();
        for _ in 0..count {
            signatures.push(read_string(body)?);
        }
        let order = match take(body)? {
            [0] => Order::Fifo,
            [1] => Order::Priority,
            _ => return None,
        };
        let wait = u64::from_le_bytes(take(body)?);
        let longest_reply = u64::from_le_bytes(take(body)?);
        let longest_other = u64::from_le_bytes(take(body)?);
        let group = match take(body)? {
            [0] => Group::Shared,
            [1] => Group::Own,
            _ => return None,
        };
        let argument = body.to_vec();
        Some(Greeting {
            side,
            service,
            fingerprint,
            signatures,
            order,
            wait,
            longest_reply,
            longest_other,
            group,
            argument,
        })
    }
}

/// Reads the other side's greeting out of its first bytes.
#[derive(Debug)]
pub struct Handshake {
    /// Bytes that the greeting's body may have.
    limit: usize,
    held: Vec<u8>,
    preamble: usize,
}

/// What some more bytes brought.
#[derive(Debug)]
#[must_use]
pub struct Progress {
    /// What was printed ahead of the greeting, also where none follows.
    pub preamble: Vec<u8>,
    /// The greeting, once it is whole, and the bytes behind it.
    ///
    /// # Errors
    /// When the bytes are no greeting, or one of another version: nothing comes of any that follow.
    pub greeting: Result<Option<(Greeting, Vec<u8>)>, ProtocolError>,
}

impl Handshake {
    /// A handshake whose greeting has at most `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Handshake { limit, held: Vec::new(), preamble: 0 }
    }

    /// Takes the next bytes of the stream, split anywhere.
    pub fn handle_bytes(&mut self, bytes: &[u8]) -> Progress {
        self.held.extend_from_slice(bytes);
        let start = find_magic(&self.held);
        let room = MAX_PREAMBLE - self.preamble;
        let preamble: Vec<u8> = self.held.drain(..start.min(room)).collect();
        self.preamble += preamble.len();
        let greeting = if start > room {
            Err(ProtocolError::NoHandshake(MAX_PREAMBLE + 1))
        } else {
            self.take_greeting()
        };
        Progress { preamble, greeting }
    }

    fn take_greeting(&mut self) -> Result<Option<(Greeting, Vec<u8>)>, ProtocolError> {
        let mut rest = self.held.as_slice();
        let Some(MAGIC) = take(&mut rest) else { return Ok(None) };
        let Some(version) = take(&mut rest).map(u16::from_le_bytes) else { return Ok(None) };
        if version != VERSION {
            return Err(ProtocolError::Version { ours: VERSION, theirs: version });
        }
        let Some(length) = take(&mut rest).map(|raw| u32::from_le_bytes(raw) as usize) else {
            return Ok(None);
        };
        if length > self.limit {
            return Err(ProtocolError::BrokenHandshake("it is longer than the limit"));
        }
        let Some((body, rest)) = rest.split_at_checked(length) else { return Ok(None) };
        let greeting =
            Greeting::read(body).ok_or(ProtocolError::BrokenHandshake("its fields don't add up"))?;
        Ok(Some((greeting, rest.to_vec())))
    }
}

/// Where the magic begins, or may begin with the bytes to come.
fn find_magic(held: &[u8]) -> usize {
    (0..held.len())
        .find(|start| {
            let tail = held.get(*start..).unwrap_or_default();
            tail.starts_with(&MAGIC) || MAGIC.starts_with(tail)
        })
        .unwrap_or(held.len())
}

fn write_string(into: &mut Vec<u8>, text: &str) {
    into.extend_from_slice(&(text.len() as u32).to_le_bytes());
    into.extend_from_slice(text.as_bytes());
}

fn read_string(bytes: &mut &[u8]) -> Option<String> {
    let length = u32::from_le_bytes(take(bytes)?) as usize;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).ok()
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (here, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn greeting() -> Greeting {
        Greeting {
            side: Side::Worker,
            service: "Index".into(),
            fingerprint: 7,
            signatures: vec!["add(path: &str) -> usize".into(), "clear()".into()],
            order: Order::Priority,
            wait: 5,
            longest_reply: 1 << 40,
            longest_other: 7,
            group: Group::Own,
            argument: vec![1, 2, 3],
        }
    }

    proptest! {
        #[test]
        fn a_greeting_reads_back_at_any_split(preamble in "[a-z\\x00\n]{0,40}", cuts in prop::collection::vec(1usize..40, 0..20)) {
            let mut stream = preamble.clone().into_bytes();
            stream.extend(greeting().to_bytes());
            stream.extend(b"frames");
            let mut handshake = Handshake::new(1 << 20);
            let (mut printed, mut found) = (Vec::new(), None);
            let mut rest = stream.as_slice();
            for cut in cuts.into_iter().chain([usize::MAX]) {
                let (here, later) = rest.split_at(cut.min(rest.len()));
                rest = later;
                let progress = handshake.handle_bytes(here);
                printed.extend(progress.preamble);
                if let Some((greeting, behind)) = progress.greeting.unwrap() {
                    found = Some((greeting, [&behind, rest].concat()));
                    break;
                }
            }
            prop_assert_eq!(printed, preamble.into_bytes());
            prop_assert_eq!(found, Some((greeting(), b"frames".to_vec())));
        }

        #[test]
        fn any_garbage_behind_the_magic_is_an_answer(garbage: Vec<u8>) {
            let mut handshake = Handshake::new(1 << 16);
            let _ = handshake.handle_bytes(&[&MAGIC[..], &VERSION.to_le_bytes(), &garbage].concat());
        }
    }

    #[test]
    fn another_version_is_named() {
        let mut bytes = greeting().to_bytes();
        bytes[16] = 9;
        bytes.splice(..0, *b"a banner");
        let progress = Handshake::new(1 << 20).handle_bytes(&bytes);
        assert_eq!(progress.preamble, b"a banner");
        assert_eq!(progress.greeting, Err(ProtocolError::Version { ours: VERSION, theirs: 9 }));
    }

    #[test]
    fn text_without_end_is_no_handshake() {
        let mut handshake = Handshake::new(1 << 20);
        let progress = handshake.handle_bytes(&[b'y'; MAX_PREAMBLE + 9]);
        assert_eq!(progress.preamble, [b'y'; MAX_PREAMBLE]);
        assert_eq!(progress.greeting, Err(ProtocolError::NoHandshake(MAX_PREAMBLE + 1)));
    }
}
