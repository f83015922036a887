//! What can be wrong with the bytes of the other side.

use super::handshake::Side;

/// Bytes that are no conversation: a fault of the other side, after which nothing of it can be trusted.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// A frame of a kind that this version doesn't know.
    #[error("a frame of the unknown kind {0}")]
    UnknownKind(u8),
    /// A frame whose kind is reserved and not in use yet.
    #[error("a frame of the reserved kind {0}")]
    ReservedKind(u8),
    /// Header bits that must be zero.
    #[error("a frame with reserved header bits set")]
    ReservedBits,
    /// A channel that isn't one.
    #[error("a frame whose channel field is invalid")]
    InvalidChannel,
    /// A frame above the limit.
    #[error("a frame of {length} bytes, above the limit of {limit}")]
    FrameTooLong {
        /// Bytes announced.
        length: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// A message above the limit.
    #[error("a message of {length} bytes, above the limit of {limit}")]
    MessageTooLong {
        /// Bytes announced.
        length: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// A chunk that continues nothing, or opens what is open, or doesn't fit its message's length.
    #[error("a chunk out of place in message {0}")]
    ChunkOutOfPlace(u64),
    /// A reply to a request that was not made, or was answered already.
    #[error("a reply to request {0}, which is not outstanding")]
    UnexpectedReply(u64),
    /// Unfinished messages that hold more than the limits allow.
    #[error("{count} unfinished messages hold {length} bytes, more than the limits allow")]
    TooMuchOpen {
        /// Bytes held.
        length: u64,
        /// Count of messages.
        count: u64,
    },
    /// More channels than one side keeps.
    #[error("more than {0} channels")]
    TooManyChannels(usize),
    /// The other side doesn't speak this protocol.
    #[error(
        "no handshake: the stream holds {0} bytes without coproc's magic, so its sender is no coproc process"
    )]
    NoHandshake(usize),
    /// The other side's handshake is broken.
    #[error("a broken handshake: {0}")]
    BrokenHandshake(&'static str),
    /// The other side is on the same side of the conversation: an echo, or two hosts.
    #[error(
        "the other side is a {0:?} too: it only repeats what it is sent, or both were started the same way"
    )]
    SameSide(Side),
    /// The other side speaks another version of the protocol.
    #[error(
        "the other side speaks version {theirs} of the protocol, this one version {ours}: build both with the same coproc"
    )]
    Version {
        /// This side's version.
        ours: u16,
        /// The other side's version.
        theirs: u16,
    },
}
