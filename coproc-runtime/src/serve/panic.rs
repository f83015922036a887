//! A panic of the user's code becomes a value that reaches its caller, also where the process aborts.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Arc, Once};

use super::noted::{Noted, excerpt};
use super::run;
use crate::messenger::{Core, Failure};
use crate::proto::Message;

/// Panics of one call that are remembered: more than are ever under way at once, and few enough for a method that
/// catches them in a loop.
const MOST_NOTED: usize = 8;

/// What this thread serves at the moment.
struct Served {
    core: Arc<Core>,
    code: Code,
    /// Its panics, in order; some may have been caught by the code itself.
    panics: Vec<Noted>,
}

/// A piece of the user's code.
pub(super) enum Code {
    Constructor,
    /// What is called by this message, which is without its payload.
    Method(Message),
    Destructor,
}

thread_local! {
    static SERVED: RefCell<Option<Served>> = const { RefCell::new(None) };
}

/// Runs a piece of the user's code; its panic comes back as a failure.
pub(super) fn catch<T>(core: &Arc<Core>, code: Code, run: impl FnOnce() -> T) -> Result<T, Failure> {
    install_hook();
    SERVED.set(Some(Served { core: Arc::clone(core), code, panics: Vec::new() }));
    // What a panic leaves behind is never called again, or its author vows that it is sound.
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| __rust_begin_short_backtrace(run)));
    let outcome = outcome.map_err(take_message);
    let served = SERVED.take();
    outcome.map_err(|message| failure(message, served.map(|served| served.panics).unwrap_or_default()))
}

/// The messenger's core of the worker that this thread serves.
pub(super) fn served_core() -> Option<Arc<Core>> {
    SERVED.with_borrow(|served| served.as_ref().map(|served| Arc::clone(&served.core)))
}

/// Puts a hook ahead of the one that is there, once.
fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            note(info);
            previous(info);
        }));
    });
}

/// Remembers a panic; where the process is about to abort, tells of it at once.
fn note(info: &PanicHookInfo<'_>) {
    let Ok(Some(mut served)) = SERVED.try_with(|served| served.try_borrow_mut().ok()?.take()) else { return };
    if served.panics.len() == MOST_NOTED {
        served.panics.remove(0);
    }
    served.panics.push(Noted::new(message(info.payload()), info.location()));
    if aborts(info) {
        served.tell();
    }
    SERVED.set(Some(served));
}

/// Whether the process aborts once the hook has returned: panics do so in this program, or this one must not unwind, as
/// where one comes out of a destructor on the way of another, or out of an `extern "C"` function.
///
/// `PanicHookInfo::can_unwind` says so, and is not stable yet; `Debug` shows it. Should that change, the caller hears of
/// the abort alone.
fn aborts(info: &PanicHookInfo<'_>) -> bool {
    cfg!(panic = "abort") || format!("{info:?}").contains("can_unwind: false")
}

impl Served {
    /// Tells whoever waits of all panics in one failure, for nobody catches one any more.
    fn tell(&self) {
        let Some(failure) = Noted::all(&self.panics) else { return };
        match &self.code {
            Code::Constructor => run::refuse_calls(&self.core, &failure),
            Code::Method(message) => run::answer_last(&self.core, message, &failure),
            Code::Destructor => {}
        }
    }
}

/// The panic with this message, which unwound out of the user's code.
fn failure(message: String, panics: Vec<Noted>) -> Failure {
    // The last one is no better guess: it may be one that a destructor has caught on the way.
    match panics.into_iter().rev().find(|panic| panic.message() == message) {
        Some(panic) => panic.into(),
        // No hook has seen it: it was resumed, or the hook is another one by now.
        None => Noted::new(message, None).into(),
    }
}

/// A payload's message. The payload is dropped, which may be one panic more.
fn take_message(payload: Box<dyn Any + Send>) -> String {
    let message = message(&*payload);
    if let Err(another) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        // Nobody would hear of what dropping this one does, and it could go on like that.
        std::mem::forget(another);
    }
    message
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text.as_str(),
        (None, None) => "a payload that is no text",
    };
    excerpt(text)
}

/// Runs the code, in a frame by whose name the standard library ends its short backtraces.
#[inline(never)]
fn __rust_begin_short_backtrace<T>(run: impl FnOnce() -> T) -> T {
    let value = run();
    // So that it is no tail call, which would leave no frame.
    std::hint::black_box(());
    value
}
