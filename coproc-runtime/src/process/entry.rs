//! Workers out of the same binary: an entry that the child comes to and serves at.

use std::env;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::launch::{Spawn, spawn};
use super::{Attach, WorkerResource};
use crate::error::Error;
use crate::messenger::MessengerError;
use crate::serve::{self, Role, WORKER_FLAG, Worker};
use crate::sync::{Mutex, lock};
use crate::typed::{Messenger, MessengerKind};

/// A place in this program where a worker process begins; see [`entry`].
///
/// `H` is what a start gives, as the stub of a service; `A` is the start argument.
#[must_use = "workers are started by `start`"]
pub struct Entry<H, A> {
    role: Role,
    place: &'static Location<'static>,
    types: PhantomData<fn(A) -> H>,
}

/// Registers a worker that runs out of this same binary.
///
/// To be called in the first lines of `main`. In the host it does nothing but remember the name. A worker's process runs
/// the same `main`, with `--coproc-worker NAME` as its first arguments; there the call makes the worker out of the start
/// argument, serves, and never returns.
///
/// The constructor takes the argument by value, `|()|` where there is nothing to pass. An entry needs a name of its own.
///
/// # Examples
/// ```no_run
/// # use coproc_runtime as coproc;
/// # use coproc::{Error, Stub, Worker};
/// # fn run<IndexWorker: Worker, MemoryIndex>(IndexWorker: fn(MemoryIndex) -> IndexWorker, MemoryIndex: fn(u32) -> MemoryIndex) -> Result<(), Error> {
/// let entry = coproc::entry("index", |limit: u32| IndexWorker(MemoryIndex(limit)));
/// let index = entry.start(1_000_000)?;
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn entry<W, A, F>(name: &str, make: F) -> Entry<W::Host, A>
where
    W: Worker,
    A: Serialize + DeserializeOwned,
    F: FnOnce(A) -> W,
{
    at(Role::Named(name.to_owned()), || serve::serve(make))
}

/// Registers a worker that is a function over a messenger, as [`entry`] registers a service.
///
/// The worker receives `R` and sends `S`; what a start gives is a [`WorkerResource`], whose messenger sends `R` and
/// receives `S`. The worker ends when the function returns: well, or with its error on stderr and exit code 1. A close
/// request is no error.
///
/// # Examples
/// ```no_run
/// # use coproc_runtime as coproc;
/// use coproc::{Error, MessengerError, PriorityMessenger, messenger_entry};
///
/// let echo = messenger_entry("echo", |messenger: PriorityMessenger<String, String>, (): ()| {
///     loop {
///         let request = messenger.receive_blocking(())?;
///         messenger.send_reply(request.into_inner(), ())?;
///     }
/// });
/// let worker = echo.start(())?;
/// worker.messenger().send_request("hello".into(), ())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[track_caller]
pub fn messenger_entry<S, R, O, A, F>(name: &str, run: F) -> Entry<WorkerResource<R, S, O>, A>
where
    O: MessengerKind,
    A: Serialize + DeserializeOwned,
    F: FnOnce(Messenger<S, R, O>, A) -> Result<(), MessengerError>,
{
    at(Role::Named(name.to_owned()), || serve::run(run))
}

/// Registers a worker under `cargo test`, without a second target: a `#[test]` that is an entry.
///
/// `path` is the path of the test that calls it, as `cargo test -- --list` prints it. A worker's process is the test
/// program with `--exact PATH --nocapture`; in every other run the call does nothing, so the test passes. The crate's
/// documentation has an example.
#[track_caller]
pub fn test_entry<W, A, F>(path: &str, make: F) -> Entry<W::Host, A>
where
    W: Worker,
    A: Serialize + DeserializeOwned,
    F: FnOnce(A) -> W,
{
    at(Role::Test(path.to_owned()), || serve::serve(make))
}

impl<H: Attach, A: Serialize> Entry<H, A> {
    /// Starts a worker; its constructor gets the argument.
    ///
    /// # Errors
    /// When it can't be started or the argument can't be encoded.
    pub fn start(&self, argument: A) -> Result<H, Error> {
        if let Some(first) = first_of_name(&self.role, self.place) {
            let why = format!(
                "two entries have its name, at {first} and {}: a worker would always come to the first",
                self.place
            );
            return Err(Error::of_entry(H::service(), why));
        }
        self.spawn().start(argument)
    }

    /// A worker to be started with settings of its own; end with [`Spawn::start`].
    pub fn spawn(&self) -> Spawn<H, A> {
        let (program, name) = current_program();
        let mut command = Command::new(program);
        if let Some(name) = name {
            use std::os::unix::process::CommandExt;

            command.arg0(name);
        }
        match &self.role {
            Role::Named(name) => command.args([WORKER_FLAG, name]),
            Role::Test(path) => {
                command.args(["--exact", path, "--nocapture", "--skip"]).arg(serve::test_mark(path))
            }
        };
        match self.role {
            Role::Named(_) => spawn(command),
            // The test harness announces the one test that it runs.
            Role::Test(_) => spawn(command).without_preamble(),
        }
    }
}

impl<H, A> Clone for Entry<H, A> {
    fn clone(&self) -> Self {
        Entry { role: self.role.clone(), place: self.place, types: PhantomData }
    }
}

impl<H, A> fmt::Debug for Entry<H, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.role).finish()
    }
}

/// Serves if this process is the worker of this entry, and remembers it otherwise.
#[track_caller]
fn at<H, A>(role: Role, serve: impl FnOnce()) -> Entry<H, A> {
    if role.is_this_process() {
        serve();
    }
    let place = Location::caller();
    first_of_name(&role, place);
    Entry { role, place, types: PhantomData }
}

/// Where an entry of this name was registered before, if at another place.
fn first_of_name(role: &Role, place: &'static Location<'static>) -> Option<&'static Location<'static>> {
    static ENTRIES: Mutex<Vec<(Role, &Location<'static>)>> = Mutex::new(Vec::new());

    let mut entries = lock(&ENTRIES);
    match entries.iter().find(|(known, _)| known == role) {
        Some((_, first)) => Some(*first).filter(|first| *first != place),
        None => {
            entries.push((role.clone(), place));
            None
        }
    }
}

/// The running program, and what to call it.
///
/// On Linux it is the file that runs, even if another one has taken its place on disk (`proc(5)`, `/proc/pid/exe`).
fn current_program() -> (PathBuf, Option<std::ffi::OsString>) {
    static HAS_LINK: OnceLock<bool> = OnceLock::new();

    let link = PathBuf::from("/proc/self/exe");
    if *HAS_LINK.get_or_init(|| cfg!(target_os = "linux") && link.exists()) {
        return (link, env::args_os().next());
    }
    (env::current_exe().unwrap_or_else(|_| env::args_os().next().unwrap_or_default().into()), None)
}
