//! A method's panic becomes a value that reaches its caller, also where panics abort.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Arc, Once};

use super::run;
use crate::messenger::{Core, Failure};
use crate::proto::Message;

/// What this thread serves at the moment.
struct Served {
    core: Arc<Core>,
    /// The request that is being answered, without its payload.
    request: Option<Message>,
    panic: Option<Failure>,
}

thread_local! {
    static SERVED: RefCell<Option<Served>> = const { RefCell::new(None) };
}

/// Runs a piece of the user's code; its panic comes back as a failure.
pub(super) fn catch<T>(
    core: &Arc<Core>,
    request: Option<&Message>,
    code: impl FnOnce() -> T,
) -> Result<T, Failure> {
    install_hook();
    let request = request.map(Message::without_payload);
    SERVED.set(Some(Served { core: Arc::clone(core), request, panic: None }));
    // What a panic leaves behind is never called again, or its author vows that it is sound.
    let outcome = panic::catch_unwind(AssertUnwindSafe(code));
    let served = SERVED.take();
    outcome.map_err(|payload| {
        let noted = served.and_then(|served| served.panic);
        noted.unwrap_or_else(|| failure(&*payload, "an unknown place".into()))
    })
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

/// Keeps a panic's message and place; where panics abort, tells the caller at once.
fn note(info: &PanicHookInfo<'_>) {
    let Ok(Some(mut served)) = SERVED.try_with(|served| served.try_borrow_mut().ok()?.take()) else { return };
    let place = info.location().map_or_else(|| "an unknown place".into(), ToString::to_string);
    let failure = failure(info.payload(), place);
    if cfg!(panic = "abort") {
        match &served.request {
            Some(request) => run::answer_last(&served.core, request, &failure),
            None => run::refuse_calls(&served.core, &failure),
        }
    }
    served.panic = Some(failure);
    SERVED.set(Some(served));
}

fn failure(payload: &(dyn Any + Send), location: String) -> Failure {
    let message = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (None, Some(text)) => text.clone(),
        (None, None) => "a payload that is no text".to_owned(),
    };
    Failure::Panicked { message, location }
}
