//! The wire: frames, their header, and how a message becomes frames.
//!
//! After the handshake (see [`handshake`](super::handshake)) each direction is a sequence of frames. All integers are
//! little-endian.
//!
//! | offset | bytes | field | meaning |
//! |---|---|---|---|
//! | 0 | 4 | length | bytes that follow the header in this frame, at most [`MAX_FRAME`] |
//! | 4 | 1 | kind | see [`Kind`] |
//! | 5 | 1 | flags | 1: has a priority; 2: more chunks of this message follow; 4: continues a message; 8: one of many, whose answer may be gathered; others 0 |
//! | 6 | 1 | channel form | 0 default, 1 natural number, 2 negative number, 3 string, 4 value |
//! | 7 | 1 | padding | bytes of no meaning right ahead of the payload, fewer than 16 |
//! | 8 | 8 | channel | the number (two's complement), or the length of the name that follows the header |
//! | 16 | 8 | id | of the request that this is, answers or cancels; any other message has a number of its own |
//! | 24 | 4 | priority | signed level, lower first; 0 where flag 1 is not set |
//! | 28 | 4 | deadline | when the sender gives the request up: the low 32 bits of the milliseconds since it made its greeting; 0: never |
//!
//! Behind the header stand the channel's name (forms 3 and 4), then, in the first of several chunks (flag 2 without
//! flag 4), the whole payload's length as a `u64`, then the padding, then the payload.
//!
//! A message whose payload is longer than its sender likes a frame to be travels as several; frames of more urgent messages
//! may stand between them, as long as what is unfinished (of answers, and of all else) is no more than the longest message that the
//! other side takes. A chunk that continues a message repeats its kind and id and leaves channel, priority and deadline
//! zero. A reply leaves its channel zero too: the request's is meant. A first chunk may be as short as it likes: where it is what
//! stands ahead of a large last value, the receiver has that value in a buffer of its own.

mod channel_field;
mod header;

use super::ProtocolError;
use super::limits::limit;

pub(super) use channel_field::ChannelField;
pub(super) use header::Header;

/// Bytes of a header.
pub const HEADER: usize = 32;

/// Payload bytes of one frame, where the pipe is as small as pipes are by default (`pipe(7)`): a more urgent message waits for
/// what the pipe holds and one chunk.
pub const CHUNK: usize = limit(64 << 10, 64);

/// The most payload bytes of one frame, where the pipe holds several of them.
pub const LONGEST_CHUNK: usize = limit(256 << 10, 160);

/// What a large payload is aligned to in the pipe, as allocators align it in memory. Where the one and the other address differ by
/// less, modulo a page, the kernel copies at a quarter of the speed (`rep movsb` of Zen 4).
pub(super) const ALIGNED: u8 = 16;

/// The most bytes of a first chunk that the receiver keeps apart: so a value behind it is in a buffer of its own there.
pub(super) const LONGEST_HEAD: usize = limit(1 << 10, 8);

/// The longest frame that is accepted, behind its header, in bytes: room for larger chunks of later versions.
pub const MAX_FRAME: usize = limit(1 << 20, 512);

/// What a frame is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Kind {
    /// A message that nothing is owed for.
    NoRequest = 1,
    /// A message that a reply is owed for.
    Request = 2,
    /// The reply to a request.
    Reply = 3,
    /// A request's failure; its payload says how.
    Failure = 4,
    /// The answer to [`Kind::Cancel`], where the request had not begun.
    Cancelled = 5,
    /// An error that passes by channels and priorities.
    Error = 6,
    /// The wish that the other side close.
    CloseRequest = 7,
    /// The wish that a request be dropped.
    Cancel = 8,
    /// Reserved: room for stream items.
    Credit = 9,
    /// Reserved: one item of a stream.
    StreamItem = 10,
    /// Reserved: a call of the caller's closure.
    Callback = 11,
}

impl Kind {
    #[inline]
    fn from_wire(number: u8) -> Result<Self, ProtocolError> {
        Ok(match number {
            1 => Kind::NoRequest,
            2 => Kind::Request,
            3 => Kind::Reply,
            4 => Kind::Failure,
            5 => Kind::Cancelled,
            6 => Kind::Error,
            7 => Kind::CloseRequest,
            8 => Kind::Cancel,
            9..=11 => return Err(ProtocolError::ReservedKind(number)),
            _ => return Err(ProtocolError::UnknownKind(number)),
        })
    }

    /// Whether its id is one of the receiver's own requests.
    #[inline]
    pub(super) fn answers(self) -> bool {
        matches!(self, Kind::Reply | Kind::Failure | Kind::Cancelled)
    }
}

/// Where a frame stands in its message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Whole,
    First,
    Middle,
    Last,
}

impl Part {
    #[inline]
    pub(super) fn continues(self) -> bool {
        matches!(self, Part::Middle | Part::Last)
    }

    pub(super) fn goes_on(self) -> bool {
        matches!(self, Part::First | Part::Middle)
    }
}
