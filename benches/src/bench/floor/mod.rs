//! What nobody can be much faster than: the raw pipe, and what a good programmer writes by hand over it.

pub(crate) mod hand;
pub(crate) mod pipe;
mod waiting;
