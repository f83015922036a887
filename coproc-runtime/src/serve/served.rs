//! What a thread serves at the moment: which worker, and which call of it.

use std::cell::RefCell;
use std::sync::Arc;

use super::cancellation::CancellationToken;
use super::noted::Noted;
use crate::messenger::Core;
use crate::proto::RequestId;

/// What a thread serves at the moment.
pub(super) struct Served {
    pub(super) core: Arc<Core>,
    pub(super) code: Code,
    /// Panics of that code, in order; some may have been caught by the code itself.
    pub(super) panics: Vec<Noted>,
    /// Made once the code asks for it: most methods never do.
    pub(super) token: Option<CancellationToken>,
}

/// A piece of the user's code.
#[derive(Clone, Copy)]
pub(super) enum Code {
    None,
    Constructor,
    /// What is called by a message: by this request, or by a norequest.
    Method(Option<RequestId>),
    Destructor,
}

thread_local! {
    static SERVED: RefCell<Option<Served>> = const { RefCell::new(None) };
}

/// Runs a worker's life in this thread.
pub(super) fn serving<T>(core: &Arc<Core>, life: impl FnOnce() -> T) -> T {
    let (core, code, panics) = (Arc::clone(core), Code::None, Vec::new());
    let outer = SERVED.replace(Some(Served { core, code, panics, token: None }));
    let value = life();
    SERVED.set(outer);
    value
}

/// Asks what this thread serves, if it serves anything.
#[inline]
pub(super) fn with<T>(ask: impl FnOnce(&mut Served) -> T) -> Option<T> {
    SERVED.try_with(|served| Some(ask(served.try_borrow_mut().ok()?.as_mut()?))).ok().flatten()
}

/// The messenger's core of the worker that this thread serves.
pub(super) fn core() -> Option<Arc<Core>> {
    with(|served| Arc::clone(&served.core))
}
