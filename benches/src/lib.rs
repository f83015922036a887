//! What the benches share: how a figure is taken, where the processes run, and how what was measured is shown.

#![forbid(unsafe_code)]

pub mod cargo;
pub mod figure;
pub mod laps;
pub mod machine;
pub mod pin;
pub mod plot;
pub mod stats;
pub mod table;
