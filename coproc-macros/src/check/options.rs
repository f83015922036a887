//! What may be written in `#[worker(…)]`.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::{Path, ext::IdentExt};

use crate::{
    model::Service,
    options::{Options, Value},
    report::Report,
};

/// The names that the user may choose in `#[worker(…)]`.
const NAME_OPTIONS: [&str; 6] = ["request", "reply", "norequest", "host", "start", "worker"];

/// What else may stand there.
const OTHER_OPTIONS: [&str; 5] = ["crate", "derive", "transparent", "on_failure", "panic"];

/// Refuses what is no option, and what is none in this way.
pub(super) fn options(options: &Options, report: &mut Report) {
    for (position, setting) in options.written.iter().enumerate() {
        let key = setting.key.to_string();
        let is_name = NAME_OPTIONS.contains(&key.as_str());
        if !is_name && !OTHER_OPTIONS.contains(&key.as_str()) {
            let known: Vec<_> = NAME_OPTIONS.into_iter().chain(OTHER_OPTIONS).collect();
            let help = format!("the options are {}", known.join(", "));
            report.refuse(&setting.tokens, format!("`{key}` is not an option of `#[worker]`"), help);
        } else if options.written.iter().take(position).any(|earlier| earlier.key == key) {
            report.refuse(&setting.tokens, format!("`{key}` is set twice"), "keep one of the two");
        } else if let Some((reason, help)) = wrong_option(options, &key, &setting.value) {
            report.refuse(&setting.tokens, reason, help);
        }
    }
}

/// What is wrong with the value of an option, and how to write it.
fn wrong_option(options: &Options, key: &str, value: &Value) -> Option<(String, String)> {
    let decided = |path: &Path| path.is_ident("panic") || path.is_ident("default");
    match (key, value) {
        ("crate", Value::Path(_)) | ("derive", Value::List(_)) | ("transparent", Value::Nothing) => None,
        ("on_failure", Value::Path(path)) if decided(path) => (!options.has("transparent")).then(|| {
            let reason = "`on_failure` is for a stub that implements the trait".to_owned();
            (reason, "write `#[worker(transparent, on_failure = panic)]`".to_owned())
        }),
        ("panic", Value::Text(text)) if matches!(text.as_str(), "continue" | "exit") => None,
        ("crate", _) => {
            Some(("`crate` says where coproc is to be found".into(), "write `crate = some::path`".into()))
        }
        ("derive", _) => Some((
            "`derive` lists what the messages shall derive".into(),
            "write `derive(Debug, Clone)`".into(),
        )),
        ("transparent", _) => Some(("`transparent` takes no value".into(), "write `transparent`".into())),
        ("on_failure", _) => Some((
            "`on_failure` says what a method does whose call fails".into(),
            "write `on_failure = panic` or `on_failure = default`".into(),
        )),
        ("panic", _) => Some((
            "`panic` says what becomes of a worker whose method has panicked".into(),
            "write `panic = \"exit\"`, or `panic = \"continue\"` where its state survives a panic".into(),
        )),
        _ if options.name(key).is_none() => {
            Some((format!("`{key}` sets the name of a generated item"), format!("write `{key} = Name`")))
        }
        _ => None,
    }
}

/// Two generated items, or one and the trait, cannot have the same name: the later one gets another.
pub(super) fn names(service: &mut Service, report: &mut Report) {
    let mut taken = vec![service.item.ident.unraw()];
    let names = &mut service.names;
    let names = [
        ("request", &mut names.request),
        ("reply", &mut names.reply),
        ("norequest", &mut names.norequest),
        ("host", &mut names.host),
        ("start", &mut names.start),
        ("worker", &mut names.worker),
    ];
    let is_chosen = |key: &str| service.options.name(key).is_some();
    let (chosen, given): (Vec<_>, Vec<_>) = names.into_iter().partition(|(key, _)| is_chosen(key));
    for (key, name) in given.into_iter().chain(chosen) {
        if taken.contains(&name.unraw()) {
            let reason = format!("`{name}` is the name of something else already");
            report.refuse(&*name, reason, format!("write another name: `{key} = {name}_`"));
            *name = another(name);
        }
        taken.push(name.unraw());
    }
}

/// A name that nobody has.
fn another(name: &Ident) -> Ident {
    format_ident!("__{}", name.unraw(), span = Span::mixed_site())
}
