//! Call a trait in another process: a crash, a hang or a leak over there is an `Err` over here.
//!
//! Write a trait and put [`#[worker]`](macro@worker) on it. `trait Index` then comes with `IndexHost`, the stub that
//! calls; `IndexWorker`, which makes any implementation a worker; and the enums of its messages. Start a worker with
//! [`entry`], [`spawn`], [`in_thread`] or [`test_entry`]: what you get is always the same stub.
//!
//! ```no_run
//! #[coproc::worker]
//! trait Index {
//!     /// Adds a document; returns how many terms it held.
//!     fn add(&mut self, path: &str, text: &str) -> usize;
//!     /// Forgets everything. Nothing is sent back.
//!     #[norequest]
//!     fn clear(&mut self);
//! }
//!
//! # #[derive(Default)]
//! # struct Memory;
//! # impl Index for Memory {
//! #     fn add(&mut self, _path: &str, text: &str) -> usize { text.split(' ').count() }
//! #     fn clear(&mut self) {}
//! # }
//! fn main() -> Result<(), coproc::Error> {
//!     use coproc::Stub;
//!
//!     let entry = coproc::entry("index", |()| IndexWorker(Memory::default()));
//!     let index = entry.start(())?;
//!     assert_eq!(index.add("a.txt", "to be or not")?, 4);
//!     let later = index.start().add("b.txt", "to be");
//!     index.clear()?;
//!     println!("{}", later.wait()?);
//!     Ok(())
//! }
//! ```
//!
//! # Before you are surprised
//!
//! - **`entry` belongs into the first lines of `main`.** A worker's process runs the same `main` up to it. What comes
//!   before is done twice, and an entry that a worker doesn't come to is an error of the first call.
//! - **One method at a time.** A worker calls its methods one after the other, the most urgent first. What is to run at
//!   once wants several workers.
//! - **An urgent call overtakes earlier ones, your own too.** Lower priorities go first, `#[priority(0)]` ahead of none;
//!   equal ones keep the order sent.
//! - **A stub's calls may fail**, each of them: a method's own `Result` stands inside the call's, `index.load(path)??`. Where the
//!   stub shall be an `impl Index` itself, write `#[coproc::worker(transparent)]`, and say what a failed call returns.
//! - **What is changed, is a copy.** A `&mut` argument is carried over, and what the method made of it is carried back when it
//!   has returned; of a call that fails, nothing. A `&Mutex` or `&Cell` is carried over only, and so is
//!   what an `Arc` or `Rc` holds.
//! - **`async` methods run one at a time** too, each to its end. coproc's own executor knows no timers and no sockets: a future of
//!   tokio's wants `IndexWorker(index).with_executor(move |future| runtime.block_on(future))`.
//! - **`use coproc::Stub`** for what a stub can do beside its methods: `start`, `buffered`, `priority`, `timeout`, `kill`,
//!   `restart`.
//! - **A call that is waited for costs a round trip**, however little it does. Send many by [`Stub::start`] and wait for them
//!   later; small ones by `index.buffered().start()`, which writes them together: see [`Stub::buffered`]. How both sides wait for
//!   the pipe is told by a [`Wait`]: `entry.spawn().wait(Wait::Block).start(())`.
//! - **Arguments are bincode.** It doesn't describe itself, so untagged and internally tagged enums, `flatten` and
//!   `skip_serializing_if` don't work; an error names the method and the field. See [`codec`].
//! - **Host and worker have to choose the same types** for a generic trait's parameters. One program's entries see to it; a
//!   worker that is another binary is trusted with it.
//! - **Bytes in a struct of yours are slow**, one by one, unless its field says `#[serde(with = "coproc::carry::bytes")]`;
//!   those of arguments and replies are seen to. Paths that aren't UTF-8 want `coproc::carry::path` in the same way.
//! - **A call that times out still runs.** Only what has not begun is dropped. A method that takes long asks [`cancelled`] now and
//!   then; [`Stub::kill_on_timeout`] has the worker killed that does not answer.
//! - **A panic ends the worker**, once its message has reached the caller: nobody knows what it left behind. A new one
//!   is a [`Stub::restart`] away. `#[coproc::worker(panic = "continue")]` keeps it, for those who vow that their state survives.
//! - **A panic brings its backtrace** where the worker's environment has `RUST_BACKTRACE=1`: [`Error::remote_backtrace`], and below
//!   the text where an `Error` is shown by `{:?}` or returned from `main`.
//! - **The last stub that is dropped ends the worker**, and waits up to a second for what was sent before. A `Pending` and
//!   a messenger count as stubs.
//! - **stdout is taken.** In a worker everything that is printed goes to stderr; stdin is empty. stderr is a pipe, which the host
//!   passes on line by line; [`Stderr::inherit`] leaves a worker the terminal.
//! - **What a worker has started ends with it**: its process group is killed. What is to live on wants a `setsid`, and a stderr
//!   of its own.
//! - **Host and worker have to agree.** A fingerprint of the signatures is compared at the start; it sees the trait's
//!   tokens, not the insides of your types.
//!
//! What can go wrong, what you see of it, and the test that shows it: [`what_can_go_wrong`].
//!
//! # Features
//!
//! None is on unless you say so.
//!
//! - `tracing`: `Stderr::tracing`, which makes an event of each line that a worker prints.
//! - `chaos`: faults on purpose, to see how a program takes them. `COPROC_CHAOS=seed=7,kill=0.001,delay=0.01,short=0.2` in the
//!   environment of a worker has it kill itself by SIGKILL when it has read from its pipe or is about to write, with the
//!   probability 0.001 each time; sleep there for up to 10 ms, with 0.01; and move only a part of the bytes that it could, with
//!   0.2. The same seed has the same faults at the same places of the n-th worker that a host starts, as far as that worker does
//!   the same each time. Where the host starts it: `entry.spawn().command(|command| _ = command.env("COPROC_CHAOS", faults))`.
//!
//! # Under `cargo test`
//!
//! A worker process needs no second target: a `#[test]` can be the entry.
//!
//! ```
//! # #[coproc::worker]
//! # trait Index { fn add(&mut self, path: &str, text: &str) -> usize; }
//! # #[derive(Default)]
//! # struct Memory;
//! # impl Index for Memory { fn add(&mut self, _path: &str, text: &str) -> usize { text.len() } }
//! fn index() -> coproc::Entry<IndexHost, ()> {
//!     coproc::test_entry("tests::index_worker", |()| IndexWorker(Memory::default()))
//! }
//!
//! #[test]
//! fn index_worker() {
//!     let _ = index();
//! }
//!
//! #[test]
//! fn it_counts_terms() {
//!     assert_eq!(index().start(()).unwrap().add("a.txt", "to be").unwrap(), 2);
//! }
//! # let _ = index();
//! ```
//!
//! # Without a trait
//!
//! [`PriorityMessenger`] and [`MultiMessenger`] send values of two types over one pair of pipes, by channel, with requests
//! that are counted until their replies are taken. [`messenger_entry`] runs a function over one in a process of its own.

#![forbid(unsafe_code)]
#![allow(clippy::test_attr_in_doctest, reason = "it shows how a `#[test]` is an entry")]

pub use coproc_macros::worker;
pub use coproc_runtime::proto::{ChannelId, Counters, Limits, MessageKind, Order, Priority, RequestId};
pub use coproc_runtime::{
    Attach, Available, ByPriority, CancellationToken, Ending, Entry, Error, ErrorKind, Executor, Exit,
    Failure, Fifo, Gone, Handle, Memory, Messenger, MessengerError, MessengerKind, Mismatch, MultiMessenger,
    Pending, PriorityMessenger, Received, Remaining, RemoteError, SendError, Spawn, Status, Stderr,
    StderrLine, Step, Stub, Wait, WithExecutor, Worker, WorkerResource, cancellation_token, cancelled, carry,
    codec, entry, host_messenger, in_thread, messenger_entry, proto, serve, spawn, test_entry,
};

#[doc(hidden)]
pub use coproc_runtime::__private;

#[doc = include_str!("what_can_go_wrong.md")]
pub mod what_can_go_wrong {}

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
