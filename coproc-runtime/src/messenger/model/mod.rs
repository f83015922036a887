//! What threads share, under a model checker: two messengers over pipes in memory, in every order that threads can take.
//!
//! These are built with `--cfg shuttle` only, and with them the checker, the pipes and the clock of
//! [`sync::model`](crate::sync::model) and [`pipe::model`](crate::pipe::model).

mod calls;
mod endings;
mod faults;
mod full;
mod gathered;
mod pair;
mod schedule;
mod script;
mod woken;
