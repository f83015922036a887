//! The worker's half: takes over stdin and stdout, makes the worker, serves until the host asks to close.

mod answer;
mod block_on;
mod cancellation;
mod claim;
mod executor;
mod next;
mod noted;
mod panic;
mod run;
mod served;
mod stdio;
mod watch;

pub(crate) use claim::{Role, WORKER_FLAG, is_unclaimed_worker, test_mark};
pub(crate) use run::serve_in_thread;

pub use block_on::block_on;
pub use cancellation::{CancellationToken, cancellation_token, cancelled};
pub use executor::{Executor, WithExecutor};

use std::process::exit;

use serde::de::DeserializeOwned;

use crate::codec::{self, CodecError, Reply, Source};
use crate::host::Stub;
use crate::messenger::{Exit, MessengerError, with_sources};
use crate::process::{Attach, WorkerResource};
use crate::proto::{Limits, Peer};
use crate::typed::{Messenger, MessengerKind, PriorityMessenger};

/// The worker's half of a service: a message in, a method called. `#[worker]` writes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no worker",
    label = "wrap what implements the trait: `IndexWorker(value)` for a `trait Index`"
)]
pub trait Worker: 'static {
    /// The stub of the service.
    type Host: Stub;

    /// Calls the method of a request and encodes its reply; an async method runs on the executor.
    ///
    /// # Errors
    /// When the request does not decode or the reply can't be encoded.
    fn request(
        &mut self,
        payload: Source<'_>,
        reply: &mut Reply,
        executor: &mut dyn Executor,
    ) -> Result<(), CodecError>;

    /// Calls the method of a norequest; an async method runs on the executor.
    ///
    /// # Errors
    /// When it does not decode.
    fn norequest(&mut self, payload: Source<'_>, executor: &mut dyn Executor) -> Result<(), CodecError>;

    /// The same worker, whose async methods run on this executor instead of the one that is built in.
    ///
    /// For futures that need a runtime around them, such as its timers and sockets.
    ///
    /// # Examples
    /// ```no_run
    /// # use coproc_runtime as coproc;
    /// # mod tokio {
    /// #     pub mod runtime {
    /// #         pub struct Runtime;
    /// #         impl Runtime {
    /// #             pub fn new() -> std::io::Result<Self> { Ok(Runtime) }
    /// #             pub fn block_on<F: Future>(&self, future: F) -> F::Output { todo!() }
    /// #         }
    /// #     }
    /// # }
    /// use coproc::Worker;
    ///
    /// # fn run<IndexWorker: Worker, MemoryIndex: Default>(IndexWorker: fn(MemoryIndex) -> IndexWorker) {
    /// let entry = coproc::entry("index", |()| {
    ///     let runtime = tokio::runtime::Runtime::new().expect("threads for the runtime");
    ///     IndexWorker(MemoryIndex::default()).with_executor(move |future| runtime.block_on(future))
    /// });
    /// # }
    /// ```
    fn with_executor<E: Executor>(self, executor: E) -> WithExecutor<Self, E>
    where
        Self: Sized,
    {
        WithExecutor::new(self, executor)
    }
}

/// Serves a worker on this process's stdin and stdout, and exits: the whole `main` of a worker binary.
///
/// Everything that is printed to stdout from now on goes to stderr. The process exits with 0 when the host asks it to
/// close, with 101 after a panic, and is killed when the host is gone.
///
/// # Examples
/// ```no_run
/// # use coproc_runtime as coproc;
/// # use coproc::Worker;
/// # fn run<IndexWorker: Worker, MemoryIndex: Default>(IndexWorker: fn(MemoryIndex) -> IndexWorker) {
/// coproc::serve(|limit: u32| IndexWorker(MemoryIndex::default()));
/// # }
/// ```
pub fn serve<W: Worker, A: DeserializeOwned>(make: impl FnOnce(A) -> W) -> ! {
    claim::claim();
    exit(code(serve_process(make)))
}

/// A messenger of the worker that this thread serves, for messages to the host that the trait doesn't have; `None` in
/// a thread that serves none.
///
/// Its types are the caller's choice; the host's side is [`Stub::messenger`].
#[must_use]
pub fn host_messenger<S, R>() -> Option<PriorityMessenger<S, R>> {
    served::core().map(PriorityMessenger::over)
}

/// Runs a function over the messenger on this process's stdin and stdout, and exits.
pub(crate) fn run<S, R, O, A>(run: impl FnOnce(Messenger<S, R, O>, A) -> Result<(), MessengerError>) -> !
where
    O: MessengerKind,
    A: DeserializeOwned,
{
    claim::claim();
    exit(code(run_process(run)))
}

fn serve_process<W: Worker, A: DeserializeOwned>(make: impl FnOnce(A) -> W) -> Result<Exit, MessengerError> {
    let start = stdio::take_over(<W::Host as Attach>::greeting())?;
    let peer = Peer::serving(start.theirs.order, Limits::WORKER);
    let connection = start.connect(peer)?;
    run::serve(&connection, || codec::decode(&connection.argument).map(make))
}

fn run_process<S, R, O, A>(
    run: impl FnOnce(Messenger<S, R, O>, A) -> Result<(), MessengerError>,
) -> Result<Exit, MessengerError>
where
    O: MessengerKind,
    A: DeserializeOwned,
{
    let start = stdio::take_over(<WorkerResource<R, S, O> as Attach>::greeting())?;
    let connection = start.connect(Peer::new(O::ORDER, Limits::WORKER))?;
    match run(Messenger::over(connection.core), codec::decode(&connection.argument)?) {
        Ok(()) | Err(MessengerError::CloseRequested) => Ok(Exit::Returned),
        Err(error) => Err(error),
    }
}

/// The exit code of a worker's process; why it failed goes to stderr.
fn code(outcome: Result<Exit, MessengerError>) -> i32 {
    match outcome {
        Ok(Exit::Panicked) => 101,
        Ok(_) => 0,
        Err(error) => {
            use std::io::Write as _;

            let text = with_sources(&error);
            // In one piece, for other processes write here too.
            let _ = std::io::stderr()
                .write_all(format!("coproc worker {}: {text}\n", std::process::id()).as_bytes());
            1
        }
    }
}
