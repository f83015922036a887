//! The `#[worker]` attribute of coproc: one trait in, its messages, its stub and its dispatch out.
//!
//! Use it as `coproc::worker`; this crate is an implementation detail of that one.

#![forbid(unsafe_code)]

mod attributes;
mod carry;
mod check;
mod expand;
#[cfg(test)]
mod expanded;
mod future;
mod lifetimes;
mod marks;
mod model;
mod names;
mod options;
mod owned;
mod parameters;
mod parse;
mod projection;
mod report;
mod signature;
mod types;

use proc_macro2::TokenStream;

use crate::{model::Service, report::Report};

/// Makes a service of a trait: its methods can then be called in another process.
///
/// The trait stays as it is written. For a `trait Index` there are beside it, with the trait's visibility and the
/// documentation of its methods:
///
/// | generated | what it is |
/// |---|---|
/// | `IndexHost` | the stub: each method calls the worker and waits, and returns a `Result` around what it returns |
/// | `IndexStart` | the methods that are answered, which send now and give a `Pending` to wait for later; `index.start()` gives it |
/// | `IndexWorker<T>` | serves a `T: Index`: each message that comes in becomes a call |
/// | `IndexRequest<'_>`, `IndexReply`, `IndexNoRequest<'_>` | the messages, a variant for each method; with a lifetime where an argument borrows; their `priority()` is what the trait gives each, for messengers |
///
/// `examples/expanded.rs` shows all of it for a small trait.
///
/// # What a trait may have
///
/// | in the trait | what becomes of it |
/// |---|---|
/// | `&self` and `&mut self`, or no `self` at all | a call like any other; a worker runs one at a time |
/// | borrowed arguments: `&T`, `&[T]`, `&[&T]`, `Option<&T>`; `&str`, `&[u8]` and `&Path` also inside others, as in `&HashMap<&str, &str>` | lent to the message, and by the message to the method |
/// | out-arguments: `&mut T`, `&mut [T]`, an `Option` of them | carried over, changed there, and carried back into the caller's place; `index.start().read(&buffer)` gives them behind what is returned |
/// | borrowed returns: `&str`, `&[T]`, `&T`, `Cow<'_, T>`, also inside `Option`, `Result` and others | come back owned: `String`, `Vec<T>`, `T`, `Cow<'static, T>`. A type of yours with a lifetime comes back as `Token<'static>`, so that what it borrows has to be a `Cow` without `#[serde(borrow)]` |
/// | a `Result`, under any name | stands inside the call's: `index.load(path)??`; an `std::io::Error` crosses by its kind, system code and text (but not inside another type) |
/// | `async fn`, `-> impl Future`, `-> Pin<Box<dyn Future>>` | run to their end in the worker, by coproc's own executor or, with `Worker::with_executor`, by yours; the stub's method waits like any other |
/// | default bodies | run in the worker, which may override them; but see `transparent` |
/// | supertraits, associated constants, where clauses, lifetimes | as in any trait. A lifetime of the trait that arguments have is the message's: the worker implements the trait for every one |
/// | types and constants as parameters: `trait Store<K, const N: usize>` | are parameters of what is generated, in the same order: `StoreHost<K, N>`. `StoreWorker(value)` infers them where the value implements the trait for one choice alone |
/// | associated types | are parameters behind those, as far as a message holds them: `StoreHost<K, N, Error>` |
/// | `#[cfg]` on the trait, methods and arguments | reaches all that is generated for them |
///
/// A parameter has to be `Serialize` and `Deserialize` where a message holds it, and nothing else that the trait does not ask for.
///
/// What cannot cross is an error at its place, which says what to write instead: generic and `unsafe` methods, trait objects,
/// closures, iterators, function pointers, file descriptors, `Self` by value, a returned `&mut`, references to
/// types of yours inside others. `#[local]` keeps such a method out of the messages.
///
/// Types are told by their shape, so a lifetime has to be seen: write `Record<'_>`, not `Record`. An alias may hide anything but a
/// future or a reference.
///
/// # On a method
///
/// | attribute | what it does |
/// |---|---|
/// | `#[norequest]` | a call is only sent: nothing comes back, not even that it has run |
/// | `#[priority(n)]` | its messages have this priority, an `i32`: lower ones go first, and those without one last |
/// | `#[channel("name")]`, `#[channel(7)]` | its messages are queued and counted on this channel; a constant of type `ChannelId` is taken as well |
/// | `#[local]` | no message stands for it: it is for the worker's own process, and for a transparent stub if it has a default body |
/// | `#[remote]`, `#[on_failure(…)]` | see below |
///
/// A method of the name of one of `Stub`'s own functions, such as `start`, goes first on the stub; `Stub::start(&index)`
/// reaches the other.
///
/// # A stub in the place of a value
///
/// With `#[worker(transparent)]` the stub implements the trait itself: what takes an `impl Index` or a `&mut dyn Index` takes a
/// remote one. `index.add(…)` on the stub still returns a `Result`; through the trait, a failed call has to become what the method returns:
///
/// | the method | a failed call |
/// |---|---|
/// | returns a `Result` whose error type is `From<coproc::Error>`, as `std::io::Error` is | is such an error |
/// | has `#[on_failure(panic)]` | panics with the error |
/// | has `#[on_failure(default)]` | is the type's default |
/// | has `#[on_failure(value)]` with any other expression | is this value |
/// | has nothing of this | is what `#[worker(transparent, on_failure = panic)]` or `= default` says for all of them, or else a compile error |
///
/// A method with a default body runs it on the host, over the calls of the others: what a worker has overridden is asked only where
/// the method is marked `#[remote]`. Supertraits of
/// your own are yours to implement for the stub. Associated types are all parameters of it. Methods without `self` and borrowed returns
/// can't be offered so, unless they have a default body.
///
/// # In the attribute
///
/// | option | what it does |
/// |---|---|
/// | `host = Remote` | names a generated item: `request`, `reply`, `norequest`, `host`, `start` or `worker` |
/// | `derive(Debug, Clone)` | derives on the three message enums, which ask nothing of your types by themselves |
/// | `transparent`, `on_failure = panic` | the stub implements the trait |
/// | `panic = "continue"` | a worker serves on after a panic of a method; see below |
/// | `crate = some::path` | says where coproc is to be found, if not at `::coproc` |
///
/// # After a panic
///
/// A panic of a method becomes the error of its call: its message, its place, and its backtrace where `RUST_BACKTRACE=1` is in the
/// worker's environment. The worker then exits, for nobody knows what the panic has left half done: that is `panic = "exit"`, and need
/// not be said.
///
/// With `panic = "continue"` it keeps its value and serves on. By it you vow that every implementation of the trait survives being
/// left at any place that may panic; see [`UnwindSafe`](std::panic::UnwindSafe).
///
/// Nobody waits for a `#[norequest]` method: its panic is the error of whoever receives next on the stub's messenger. A host that
/// never receives there holds such errors until they fill its budget.
///
/// What aborts ends the worker in either case: every panic of a program that is built with `panic = "abort"`, and a destructor's panic on
/// the way of another one. The caller is told of these panics too.
#[proc_macro_attribute]
pub fn worker(options: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    generate(options.into(), item.into()).into()
}

/// The whole macro: parse, model, check, expand.
fn generate(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let options = parse::options(options, &mut report);
    let Some(item) = parse::service(&item, &mut report) else {
        return report.followed_by(item);
    };
    let service = check::service(Service::new(item, options), &mut report);
    report.followed_by(expand::service(&service))
}
