//! Traits as people have them, each run in place and through a worker, with every result compared.

mod adapters;
mod aliases;
mod arguments;
mod arrays;
mod associated;
mod attributes;
mod borrowed;
mod bounds;
mod changed;
mod changed_types;
mod defaults;
mod executors;
mod futures;
mod generics;
mod items;
mod lifetimes;
mod local;
mod macros;
mod messages;
mod methods;
mod nested;
mod numbers;
mod parameters;
mod places;
mod plain;
mod processes;
mod receiverless;
mod results;
mod returned;
mod returned_types;
mod services;
mod shadowed;
mod supertraits;
mod transparent;
mod transparent_async;
mod transparent_failures;
mod transparent_generic;

use coproc::Worker;

/// The stub of a worker that serves the value, over the same pipes as a process.
fn remote<W: Worker + Send>(worker: W) -> W::Host {
    coproc::in_thread(|| worker).unwrap()
}

/// Calls methods in place and through a worker, and compares what they return.
macro_rules! same {
    ($here:expr, $there:expr => $($method:ident($($argument:expr),* $(,)?)),* $(,)?) => {$(
        assert_eq!($there.$method($($argument),*).unwrap(), $here.$method($($argument),*), stringify!($method));
    )*};
}
use same;

/// Calls methods whose returns borrow in place, and come back owned; compares how they show themselves.
macro_rules! alike {
    ($here:expr, $there:expr => $($method:ident($($argument:expr),* $(,)?)),* $(,)?) => {$(
        let (there, here) = ($there.$method($($argument),*).unwrap(), $here.$method($($argument),*));
        assert_eq!(format!("{there:?}"), format!("{here:?}"), stringify!($method));
    )*};
}
use alike;
