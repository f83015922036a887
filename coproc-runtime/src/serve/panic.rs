//! A panic of the user's code becomes a value that reaches its caller, also where the process aborts.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Arc, Once};

use super::answer::answer_last;
use super::noted::{Noted, excerpt};
use super::run;
use super::served::{self, Code, Served};
use crate::messenger::{Core, Failure};

/// Panics of one call that are remembered: more than are ever under way at once, and few enough for a method that
/// catches them in a loop.
const MOST_NOTED: usize = 8;

/// Runs a piece of the user's code; its panic comes back as a failure.
pub(super) fn catch<T>(code: Code, run: impl FnOnce() -> T) -> Result<T, Box<Failure>> {
    install_hook();
    served::with(|served| served.code = code);
    // What a panic leaves behind is never called again, or its author vows that it is sound.
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| __rust_begin_short_backtrace(run)));
    let outcome = outcome.map_err(take_message);
    let panics = served::with(|served| {
        served.code = Code::None;
        if let Some(token) = served.token.take() {
            token.end();
        }
        if served.panics.is_empty() { None } else { Some(std::mem::take(&mut served.panics)) }
    });
    outcome.map_err(|message| Box::new(failure(message, panics.flatten().unwrap_or_default())))
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
    let last_words = served::with(|served| {
        if served.panics.len() == MOST_NOTED {
            served.panics.remove(0);
        }
        served.panics.push(Noted::new(message(info.payload()), info.location()));
        aborts(info).then(|| served.last_words()).flatten()
    });
    if let Some((core, code, failure)) = last_words.flatten() {
        tell(&core, code, &failure);
    }
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
    /// All panics in one failure, for nobody catches one any more; the code does not go on.
    fn last_words(&mut self) -> Option<(Arc<Core>, Code, Failure)> {
        let code = std::mem::replace(&mut self.code, Code::None);
        Some((Arc::clone(&self.core), code, Noted::all(&self.panics)?))
    }
}

fn tell(core: &Arc<Core>, code: Code, failure: &Failure) {
    match code {
        Code::Constructor => run::refuse_calls(core, failure),
        Code::Method(request) => answer_last(core, request, failure),
        Code::Destructor | Code::None => {}
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
