//! Every rule that `#[worker]` has, one function each:
//!
//! - the attribute: [`options`]
//! - the trait: [`unsafe_trait`], [`trait_generics`], [`only_methods`]
//! - a method: [`qualifiers`], [`method_generics`], [`receiver`], [`norequest_returns_nothing`], [`conditional_arguments`]
//! - its marks: [`marks_once`], [`norequest_value`], [`priority_value`], [`channel_value`], [`marks_in_the_open`]
//! - an argument: [`argument_name`]
//! - what crosses to the other process: [`types::argument`], [`types::output`]

mod types;

use quote::ToTokens;
use syn::{Attribute, GenericParam, Pat, ReceiverKind, ReturnType, Safety, TraitItem, Type, WherePredicate};

use crate::{
    attributes,
    marks::{Mark, Value, is_mark},
    model::{Kind, Method, Service},
    options::Options,
    report::Report,
};

/// More arguments under a `#[cfg]` than this would make too many variants of the signature: two to the power of them.
const CONDITIONAL_ARGUMENTS: usize = 4;

/// The names that the user may choose in `#[worker(…)]`.
const NAME_OPTIONS: [&str; 6] = ["request", "reply", "norequest", "host", "start", "worker"];

/// Reports what breaks a rule, and gives back what can be expanded all the same.
pub(crate) fn service(mut service: Service, report: &mut Report) -> Service {
    options(&service.options, report);
    unsafe_trait(&service, report);
    trait_generics(&service, report);
    only_methods(&service, report);
    service.methods.retain(|method| is_sound(method, report));
    without_repeated_methods(&mut service);
    if !service.item.generics.params.is_empty() {
        // They may name a parameter, which generated items do not have.
        service.methods.clear();
    }
    service
}

/// Leaves out a method whose name another one has: rustc says so for the trait, and need not say it ten times more.
fn without_repeated_methods(service: &mut Service) {
    let mut names = Vec::new();
    service.methods.retain(|method| {
        let conditional = attributes::any(&method.attributes, attributes::cfg);
        let repeated = !conditional && names.contains(&method.name());
        names.push(method.name());
        !repeated
    });
}

fn is_sound(method: &Method, report: &mut Report) -> bool {
    let before = report.count();
    marks_once(method, report);
    norequest_value(method, report);
    priority_value(method, report);
    channel_value(method, report);
    marks_in_the_open(method, report);
    qualifiers(method, report);
    method_generics(method, report);
    receiver(method, report);
    for argument in &method.arguments {
        argument_name(&argument.tokens.pat, report);
        types::argument(&argument.tokens.ty, report);
    }
    conditional_arguments(method, report);
    match method.kind() {
        Kind::Request => types::output(&method.output, report),
        Kind::NoRequest => norequest_returns_nothing(method, report),
    }
    report.count() == before
}

fn options(options: &Options, report: &mut Report) {
    for (position, setting) in options.written.iter().enumerate() {
        let key = setting.key.to_string();
        let is_name = NAME_OPTIONS.contains(&key.as_str());
        if !is_name && key != "crate" {
            let help = format!("the options are {}, crate", NAME_OPTIONS.join(", "));
            report.refuse(&setting.tokens, format!("`{key}` is not an option of `#[worker]`"), help);
        } else if options.written.iter().take(position).any(|earlier| earlier.key == key) {
            report.refuse(&setting.tokens, format!("`{key}` is set twice"), "keep one of the two");
        } else if is_name && options.name(&key).is_none() {
            let reason = format!("`{key}` sets the name of a generated item");
            report.refuse(&setting.tokens, reason, format!("write `{key} = Name`"));
        } else if setting.value.is_none() {
            let reason = "`crate` says where coproc is to be found";
            report.refuse(&setting.tokens, reason, "write `crate = some::path`");
        }
    }
}

fn unsafe_trait(service: &Service, report: &mut Report) {
    if let Some(unsafety) = &service.item.unsafety {
        let reason = "what an unsafe trait promises cannot be kept for another process";
        report.refuse(unsafety, reason, "write `trait`, without `unsafe`");
    }
}

fn trait_generics(service: &Service, report: &mut Report) {
    for parameter in &service.item.generics.params {
        let reason = "a worker serves one set of types, so its trait has no parameters";
        let help = match parameter {
            GenericParam::Lifetime(_) => "take owned values, or borrow them in the arguments of a method",
            GenericParam::Type(_) => "write the type itself in the methods, or declare a trait for each type",
            GenericParam::Const(_) => "write the value itself in the methods",
        };
        report.refuse(parameter, reason, help);
    }
}

fn only_methods(service: &Service, report: &mut Report) {
    for item in &service.item.items {
        match item {
            TraitItem::Fn(_) => {}
            TraitItem::Type(item) => report.refuse(
                item,
                "the host cannot know which type a worker chooses for an associated type",
                "write the type itself in the methods",
            ),
            TraitItem::Const(item) => report.refuse(
                item,
                "the host cannot know which value a worker chooses for an associated constant",
                format!("ask for it: `fn {}(&self) -> …;`", item.ident.to_string().to_lowercase()),
            ),
            TraitItem::Macro(item) => report.refuse(
                item,
                "what a macro adds to the trait cannot be seen from here",
                "write the methods out, or let a macro make the whole trait with `#[worker]` on it",
            ),
            other => report.refuse(
                other,
                "this is not a method as `#[worker]` knows them",
                "write `fn name(&self, …) -> …;`",
            ),
        }
    }
}

fn qualifiers(method: &Method, report: &mut Report) {
    let signature = &method.signature;
    let name = &signature.ident;
    if let Some(asyncness) = &signature.asyncness {
        let reason = "a worker runs one method at a time, to its end, so its methods are not `async`";
        let help = format!(
            "write `fn {name}`, without `async`; the host goes on meanwhile with `.start().{name}(…)`"
        );
        report.refuse(asyncness, reason, help);
    }
    if let Safety::Unsafe(unsafety) = &signature.safety {
        let reason = "what the caller of an unsafe method promises cannot be kept for another process";
        report.refuse(unsafety, reason, format!("write `fn {name}`, without `unsafe`"));
    }
    if let Some(abi) = &signature.abi {
        let reason = "a calling convention says nothing about a call of another process";
        report.refuse(abi, reason, format!("write `fn {name}`, without `extern`"));
    }
}

fn method_generics(method: &Method, report: &mut Report) {
    let generics = &method.signature.generics;
    for parameter in &generics.params {
        let (reason, help) = match parameter {
            GenericParam::Lifetime(_) => (
                "what is borrowed lasts as long as the call, in every argument",
                "leave the lifetime out: `&str`, `Cow<'_, str>`",
            ),
            GenericParam::Type(_) | GenericParam::Const(_) => (
                "the worker was compiled without knowing what the host will choose here",
                "write the type or value itself, or a method for each",
            ),
        };
        report.refuse(parameter, reason, help);
    }
    for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
        if !is_self_sized(predicate) {
            let reason = "a condition on one method cannot be checked for a worker elsewhere";
            report.refuse(predicate, reason, "make it a supertrait: `trait Name: Condition`");
        }
    }
}

/// `Self: Sized`, which keeps a method out of trait objects, and which every worker is.
fn is_self_sized(predicate: &WherePredicate) -> bool {
    predicate.to_token_stream().to_string().replace(' ', "") == "Self:Sized"
}

fn receiver(method: &Method, report: &mut Report) {
    let name = &method.signature.ident;
    let help = format!("write `fn {name}(&self, …)` or `fn {name}(&mut self, …)`");
    let Some(receiver) = method.signature.receiver() else {
        let reason = "a method without `self` has no worker that could run it";
        return report.refuse(name, reason, help);
    };
    match &receiver.kind {
        ReceiverKind::Reference(_, None, _) => {}
        ReceiverKind::Reference(_, Some(lifetime), _) if lifetime.ident == "_" => {}
        ReceiverKind::Reference(_, Some(lifetime), _) => {
            report.refuse(lifetime, "the worker is borrowed for one call only", help);
        }
        ReceiverKind::Value => {
            report.refuse(receiver, "a call cannot take the worker away from its process", help)
        }
        _ => report.refuse(receiver, "a worker is called by reference only", help),
    }
}

fn norequest_returns_nothing(method: &Method, report: &mut Report) {
    let ReturnType::Type(_, ty) = &method.signature.output else {
        return;
    };
    if !matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty()) {
        let reason = "a `#[norequest]` method sends nothing back, so it returns nothing";
        report.refuse(ty, reason, "remove the return type, or remove `#[norequest]`");
    }
}

fn conditional_arguments(method: &Method, report: &mut Report) {
    let conditional = |attributes: &[Attribute]| attributes::any(attributes, attributes::cfg);
    let conditional = method.arguments.iter().filter(|argument| conditional(&argument.tokens.attrs));
    for argument in conditional.skip(CONDITIONAL_ARGUMENTS) {
        let reason = format!("a method has at most {CONDITIONAL_ARGUMENTS} arguments under a `#[cfg]`");
        let help = "put the `#[cfg]` on the method, and write a method for each case";
        report.refuse(&argument.tokens, reason, help);
    }
}

fn marks_once(method: &Method, report: &mut Report) {
    let marks = &method.marks;
    for marks in [&marks.norequest, &marks.priority, &marks.channel] {
        for again in marks.iter().skip(1) {
            let name = again.attribute.path().to_token_stream();
            let reason = format!("`{name}` is given twice");
            report.refuse(&again.attribute, reason, "keep one of the two");
        }
    }
}

fn norequest_value(method: &Method, report: &mut Report) {
    for Mark { attribute, .. } in &method.marks.norequest {
        if attribute.meta.require_path_only().is_err() {
            report.refuse(attribute, "`norequest` takes no value", "write `#[norequest]`");
        }
    }
}

fn priority_value(method: &Method, report: &mut Report) {
    let reason = "a priority is one whole number from -2147483648 to 2147483647";
    let help = "write `#[priority(0)]`; the lower, the sooner";
    for Mark { attribute, value } in &method.marks.priority {
        match value {
            Value::Integer(_, number) if i32::try_from(*number).is_ok() => {}
            Value::Constant(_) => {}
            Value::Missing => report.refuse(attribute, reason, help),
            Value::Text(wrong) | Value::Integer(wrong, _) | Value::Literal(wrong) => {
                report.refuse(wrong, reason, help);
            }
        }
    }
}

fn channel_value(method: &Method, report: &mut Report) {
    let reason = "a channel is one text, or one whole number of 64 bits";
    let help = "write `#[channel(\"name\")]` or `#[channel(7)]`";
    for Mark { attribute, value } in &method.marks.channel {
        match value {
            Value::Integer(_, number) if i64::try_from(*number).is_ok() => {}
            Value::Text(_) | Value::Constant(_) => {}
            Value::Missing => report.refuse(attribute, reason, help),
            Value::Integer(wrong, _) | Value::Literal(wrong) => report.refuse(wrong, reason, help),
        }
    }
}

fn marks_in_the_open(method: &Method, report: &mut Report) {
    for attribute in &method.attributes {
        if attributes::any(std::slice::from_ref(attribute), is_mark) {
            let reason = "coproc cannot see whether this `cfg_attr` applies";
            let help = "write the method twice, each under a `#[cfg]`, one of them with the mark";
            report.refuse(attribute, reason, help);
        }
    }
}

fn argument_name(pattern: &Pat, report: &mut Report) {
    let is_name = match pattern {
        Pat::Ident(pattern) => pattern.by_ref.is_none() && pattern.subpat.is_none(),
        Pat::Wild(_) => true,
        _ => false,
    };
    if !is_name {
        let reason = "an argument becomes a named field of a message, so it needs a name";
        let help = "write `name: Type`, and take it apart in the method's body";
        report.refuse(pattern, reason, help);
    }
}
