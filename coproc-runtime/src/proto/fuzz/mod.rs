//! What holds whatever bytes come and whatever calls are made: the bodies of the fuzz targets, for a fuzzer and for tests.
//!
//! Each takes bytes of any kind, makes a script of them, and panics where something does not hold.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an assertion is how a fuzz target speaks"
)]

mod frame;
mod handshake;
mod inbox;
mod item;
mod pair;
mod peer;
mod script;
mod side;
#[cfg(test)]
mod tests;

pub use frame::frame;
pub use handshake::handshake;
pub use inbox::inbox;
pub use pair::pair;
pub use peer::peer;
