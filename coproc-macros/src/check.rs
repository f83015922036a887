//! Every rule that `#[worker]` has, one function each:
//!
//! - the attribute: [`options::options`], [`options::names`], [`worker_once`]
//! - the trait: [`unsafe_trait`], [`no_macros`], [`lifetimes_and_associated_types`]
//! - a method: [`qualifiers`], [`method_generics`], [`receiver`], [`norequest_gives_nothing_back`], [`conditional_arguments`]
//! - its marks: [`marks::of_remote_method`] (each once, with its value or without one, and not in a `cfg_attr`),
//!   [`marks::of_local_method`] (no mark of a message)
//! - what crosses to the other process, each part of a type a rule: [`types::argument`], [`types::output`]
//! - a stub that implements the trait: [`transparent::service`], [`transparent::method`]

mod marks;
mod options;
mod transparent;
mod types;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, GenericParam, Lifetime, Receiver, ReceiverKind, ReturnType, Safety, TraitItem, Type};

use crate::{
    attributes,
    model::{Kind, Method, Service},
    projection::mentions,
    report::Report,
    signature::text,
    types::{peeled, shared},
};

/// More arguments under a `#[cfg]` than this would make too many variants of the signature: two to the power of them.
const CONDITIONAL_ARGUMENTS: usize = 4;

/// Reports what breaks a rule, and gives back what can be expanded all the same.
pub(crate) fn service(mut service: Service, report: &mut Report) -> Service {
    let before = report.certain();
    options::options(&service.options, report);
    options::names(&mut service, report);
    worker_once(&mut service, report);
    unsafe_trait(&service, report);
    no_macros(&service, report);
    lifetimes_and_associated_types(&mut service, report);
    transparent::service(&service, report);
    for method in &service.local_methods {
        report.under(condition(method), |report| marks::of_local_method(method, report));
    }
    let methods = std::mem::take(&mut service.methods);
    let is_sound =
        |method: &Method| report.under(condition(method), |report| is_sound(&service, method, report));
    service.methods = methods.into_iter().filter(is_sound).collect();
    without_repeated_methods(&mut service);
    if report.certain() > before {
        // Of an implementation that lacks what was refused, rustc would only say that it lacks it.
        service.options.remove("transparent");
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

fn is_sound(service: &Service, method: &Method, report: &mut Report) -> bool {
    let before = report.count();
    marks::of_remote_method(method, report);
    qualifiers(method, report);
    method_generics(method, report);
    receiver(method, report);
    for argument in &method.arguments {
        types::argument(service, method, argument, report);
    }
    conditional_arguments(method, report);
    match method.kind() {
        Kind::Request => types::output(service, method, report),
        Kind::NoRequest => norequest_gives_nothing_back(method, report),
    }
    if report.count() == before {
        transparent::method(service, method, report);
    }
    report.count() == before
}

/// Under which a method is there at all.
fn condition(method: &Method) -> Option<TokenStream> {
    attributes::condition(&method.attributes)
}

fn worker_once(service: &mut Service, report: &mut Report) {
    let is_this = |attribute: &Attribute| {
        let path = &attribute.path().segments;
        let last = path.last().is_some_and(|last| last.ident == "worker");
        last && path.first().is_some_and(|first| first.ident == "worker" || first.ident == "coproc")
    };
    for again in service.item.attrs.extract_if(.., |attribute| is_this(attribute)) {
        report.refuse(again, "`#[worker]` is given twice", "keep one of the two");
    }
}

fn unsafe_trait(service: &Service, report: &mut Report) {
    if let Some(unsafety) = &service.item.unsafety {
        let reason = "what an unsafe trait promises cannot be kept for another process";
        report.refuse(unsafety, reason, "write `trait`, without `unsafe`");
    }
}

fn no_macros(service: &Service, report: &mut Report) {
    // What is neither this nor an item of a trait, rustc refuses itself.
    for item in service.item.items.iter().filter(|item| matches!(item, TraitItem::Macro(_))) {
        report.refuse(
            item,
            "what a macro adds to the trait cannot be seen from here",
            "write the methods out, or let a macro make the whole trait with `#[worker]` on it",
        );
    }
}

/// A lifetime of the trait that an argument has is another one for every message.
fn lifetimes_and_associated_types(service: &mut Service, report: &mut Report) {
    let lifetimes = &service.parameters.lifetimes;
    let Some(lifetime) = lifetimes.first().filter(|_| service.lends_arguments()) else {
        return;
    };
    let associated = service.parameters.associated_types().find(|(_, parameter)| service.uses(parameter));
    let Some((name, _)) = associated else {
        return;
    };
    let reason =
        format!("`{lifetime}` is another one for every message, and `Self::{name}` may depend on it");
    let help = format!("borrow in the methods alone: `&str` instead of `&{lifetime} str`");
    report.refuse(lifetime, reason, help);
    service.methods.retain(|method| {
        let inputs = method.signature.inputs.to_token_stream();
        !lifetimes.iter().any(|lifetime| mentions(&inputs, &lifetime.ident))
    });
}

fn qualifiers(method: &Method, report: &mut Report) {
    let signature = &method.signature;
    let name = &signature.ident;
    if let Safety::Unsafe(unsafety) = &signature.safety {
        let reason = "what the caller of an unsafe method promises cannot be kept for another process";
        report.refuse_remote(signature, unsafety, reason, format!("write `fn {name}`, without `unsafe`"));
    }
    if let Some(abi) = &signature.abi {
        let reason = "a calling convention says nothing about a call of another process";
        report.refuse_remote(signature, abi, reason, format!("write `fn {name}`, without `extern`"));
    }
}

fn method_generics(method: &Method, report: &mut Report) {
    for parameter in &method.signature.generics.params {
        if !matches!(parameter, GenericParam::Lifetime(_)) {
            let reason = "the worker was compiled without knowing what the host will choose here";
            let help = "write the type or value itself, or a method for each";
            report.refuse_remote(&method.signature, parameter, reason, help);
        }
    }
}

fn receiver(method: &Method, report: &mut Report) {
    let name = &method.signature.ident;
    let Some(receiver) = method.signature.receiver() else {
        return;
    };
    let (reason, at) = match (reference(receiver), &receiver.kind) {
        (Some(Some(lifetime)), _) if lifetime.ident == "static" => {
            ("a worker is lent to its method for one call only", lifetime.to_token_stream())
        }
        (Some(_), _) => return,
        (None, ReceiverKind::Typed(_, ty)) if text(ty) != "Self" => {
            ("a worker is called by reference only", receiver.to_token_stream())
        }
        _ => ("a call cannot take the worker away from its process", receiver.to_token_stream()),
    };
    let help = format!("write `fn {name}(&self, …)` or `fn {name}(&mut self, …)`");
    report.refuse_remote(&method.signature, at, reason, help);
}

/// The lifetime of a `&self`, however that is written, if it has one; `None` for any other `self`.
fn reference(receiver: &Receiver) -> Option<Option<&Lifetime>> {
    match &receiver.kind {
        ReceiverKind::Reference(_, lifetime, _) => Some(lifetime.as_ref()),
        ReceiverKind::Typed(_, ty) => match peeled(ty) {
            Type::Reference(reference) if text(&reference.elem) == "Self" => {
                Some(reference.lifetime.as_ref())
            }
            _ => None,
        },
        _ => None,
    }
}

fn norequest_gives_nothing_back(method: &Method, report: &mut Report) {
    if let ReturnType::Type(_, written) = &method.signature.output
        && !matches!(peeled(&method.output.written), Type::Tuple(tuple) if tuple.elems.is_empty())
    {
        let reason = "a `#[norequest]` method sends nothing back, so it returns nothing";
        report.refuse(written, reason, "remove the return type, or remove `#[norequest]`");
    }
    for argument in method.changed() {
        let reason = "a `#[norequest]` method sends nothing back, so it changes nothing of its caller's";
        let shared = text(&shared(&argument.tokens.ty));
        let help = format!("take `{shared}`, or remove `#[norequest]`");
        report.refuse(&argument.tokens.ty, reason, help);
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
