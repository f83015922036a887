//! What can be wrong with the bytes of the other side.

use std::error::Error;
use std::fmt;

use super::handshake::Side;

/// Bytes that are no conversation: a fault of the other side, after which nothing of it can be trusted.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ProtocolError {
    /// A frame of a kind that this version doesn't know.
    UnknownKind(u8),
    /// A frame whose kind is reserved and not in use yet.
    ReservedKind(u8),
    /// Header bits that must be zero.
    ReservedBits,
    /// A channel that isn't one.
    InvalidChannel,
    /// A frame above the limit.
    FrameTooLong {
        /// Bytes announced.
        length: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// A message above the limit.
    MessageTooLong {
        /// Bytes announced.
        length: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// A chunk that continues nothing, or opens what is open, or doesn't fit its message's length.
    ChunkOutOfPlace(u64),
    /// A reply to a request that was not made, or was answered already.
    UnexpectedReply(u64),
    /// Unfinished messages that hold more than the limits allow.
    TooMuchOpen {
        /// Bytes held.
        length: u64,
        /// Count of messages.
        count: u64,
    },
    /// More channels than one side keeps.
    TooManyChannels(usize),
    /// The other side doesn't speak this protocol.
    NoHandshake(usize),
    /// The other side's handshake is broken.
    BrokenHandshake(&'static str),
    /// The other side is on the same side of the conversation: an echo, or two hosts.
    SameSide(Side),
    /// The other side speaks another version of the protocol.
    Version {
        /// This side's version.
        ours: u16,
        /// The other side's version.
        theirs: u16,
    },
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKind(kind) => write!(f, "a frame of the unknown kind {kind}"),
            Self::ReservedKind(kind) => write!(f, "a frame of the reserved kind {kind}"),
            Self::ReservedBits => f.write_str("a frame with reserved header bits set"),
            Self::InvalidChannel => f.write_str("a frame whose channel field is invalid"),
            Self::FrameTooLong { length, limit } => {
                write!(f, "a frame of {length} bytes, above the limit of {limit}")
            }
            Self::MessageTooLong { length, limit } => {
                write!(f, "a message of {length} bytes, above the limit of {limit}")
            }
            Self::ChunkOutOfPlace(message) => write!(f, "a chunk out of place in message {message}"),
            Self::UnexpectedReply(id) => write!(f, "a reply to request {id}, which is not outstanding"),
            Self::TooMuchOpen { length, count } => {
                write!(f, "{count} unfinished messages hold {length} bytes, more than the limits allow")
            }
            Self::TooManyChannels(most) => write!(f, "more than {most} channels"),
            Self::NoHandshake(bytes) => write!(
                f,
                "no handshake: the stream holds {bytes} bytes without coproc's magic, so its sender is no coproc process"
            ),
            Self::BrokenHandshake(why) => write!(f, "a broken handshake: {why}"),
            Self::SameSide(side) => write!(
                f,
                "the other side is a {side:?} too: it only repeats what it is sent, or both were started the same way"
            ),
            Self::Version { ours, theirs } => write!(
                f,
                "the other side speaks version {theirs} of the protocol, this one version {ours}: build both with the \
                 same coproc"
            ),
        }
    }
}

impl Error for ProtocolError {}
