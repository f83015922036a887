//! The locks and the clock, in one place, so that a model checker's can stand in for them.

#[cfg(shuttle)]
pub(crate) mod model;

#[cfg(not(shuttle))]
pub(crate) use std::{
    sync::{Condvar, Mutex, MutexGuard},
    thread::yield_now,
    time::Instant,
};

#[cfg(shuttle)]
pub(crate) use model::{Condvar, Instant, Mutex, MutexGuard, yield_now};

pub(crate) use std::sync::{Arc, PoisonError};

/// Locks, also after a panic of another holder: what these locks guard is consistent between any two statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
