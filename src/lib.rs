//! Facade.

pub use coproc_macros::worker;
pub use coproc_runtime::*;

#[doc(hidden)]
pub use coproc_runtime::__private;
