//! The runtime of coproc: protocol, messengers and worker processes.

pub mod carry;
pub mod codec;
pub mod proto;
