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
/// | `IndexRequest<'a>`, `IndexReply`, `IndexNoRequest<'a>` | the messages, a variant for each method; `'a` where an argument borrows; their `priority()` is what the trait gives each, for messengers |
///
/// # On a method
///
/// | attribute | what it does |
/// |---|---|
/// | `#[norequest]` | a call is only sent: nothing comes back, not even that it has run |
/// | `#[priority(n)]` | its messages have this priority, an `i32`: lower ones go first, and those without one last |
/// | `#[channel("name")]`, `#[channel(7)]` | its messages are queued and counted on this channel; a constant of type `ChannelId` is taken as well |
///
/// A method of the name of one of `Stub`'s own functions, such as `start`, goes first on the stub; `Stub::start(&index)`
/// reaches the other.
///
/// `#[cfg]` on methods and arguments reaches all that is generated for them.
///
/// # In the attribute
///
/// `#[worker(host = Remote)]` names a generated item: `request`, `reply`, `norequest`, `host`, `start` or `worker`.
/// `#[worker(crate = some::path)]` says where coproc is to be found, if not at `::coproc`.
///
/// # What can cross
///
/// Arguments are owned values that are `Serialize` and `Deserialize`, or references to them: `&T`, `&[T]`, `Option<&T>`. `&str`,
/// `&[u8]` and `&Path` may also stand inside others, as in `&[&str]` or `HashMap<&str, u8>`. What a method returns is owned;
/// its own `Result` stands inside the call's. Anything else is an error that says what to write instead.
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
