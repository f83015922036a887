//! Which types can cross to another process, told from their tokens.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, Type, TypeParamBound, TypeReference};

use crate::{
    report::Report,
    signature::text,
    types::{arguments, is_byte_slice, is_path, is_str, option_argument, peeled},
};

/// Where a type stands.
#[derive(Clone, Copy)]
enum Place {
    /// In an argument, behind its outermost reference if it has one.
    Argument,
    Output,
}

/// Refuses what an argument cannot be.
pub(crate) fn argument(ty: &Type, report: &mut Report) {
    no_self(ty.to_token_stream(), "take", report);
    let outermost = option_argument(ty).map_or(peeled(ty), peeled);
    match outermost {
        Type::Reference(reference) => {
            lasting_reference(reference, report);
            if !exclusive_reference(reference, report) {
                crossing(&reference.elem, Place::Argument, report);
            }
        }
        _ => crossing(ty, Place::Argument, report),
    }
}

/// Refuses what cannot come back.
pub(crate) fn output(ty: &Type, report: &mut Report) {
    no_self(ty.to_token_stream(), "return", report);
    crossing(ty, Place::Output, report);
}

/// Goes through the type and refuses each part that cannot cross.
fn crossing(ty: &Type, place: Place, report: &mut Report) {
    match ty {
        Type::Array(array) => crossing(&array.elem, place, report),
        Type::Group(group) => crossing(&group.elem, place, report),
        Type::Paren(paren) => crossing(&paren.elem, place, report),
        Type::Slice(slice) => crossing(&slice.elem, place, report),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|elem| crossing(elem, place, report)),
        Type::Path(path) => arguments(&path.path).for_each(|argument| match argument {
            GenericArgument::Type(ty) => crossing(ty, place, report),
            GenericArgument::Lifetime(lifetime) if lifetime.ident == "_" => {
                borrowed_output(lifetime, place, report);
            }
            _ => {}
        }),
        Type::Reference(reference) => inner_reference(reference, place, report),
        Type::TraitObject(object) => behaviour(object, &object.bounds, place, report),
        Type::ImplTrait(opaque) => behaviour(opaque, &opaque.bounds, place, report),
        Type::FnPtr(_) => report.refuse(
            ty,
            "a function's address means nothing in another process",
            "let an enum say which function is meant",
        ),
        Type::Ptr(_) => report.refuse(
            ty,
            "an address means nothing in another process",
            "pass the value that it points to",
        ),
        Type::Never(_) => report.refuse(
            ty,
            "a method that never returns never answers its caller",
            "return `()`, or end the worker from the host",
        ),
        _ => {}
    }
}

/// A reference behind the outermost one, or in what comes back.
fn inner_reference(reference: &TypeReference, place: Place, report: &mut Report) {
    if exclusive_reference(reference, report) {
        return;
    }
    let owned = owned(&reference.elem);
    match place {
        Place::Output => {
            let reason = "what is returned outlives the worker's memory it would point to";
            report.refuse(reference, reason, format!("return `{owned}`"));
        }
        Place::Argument if lies_in_message(&reference.elem) => {
            lasting_reference(reference, report);
        }
        Place::Argument => {
            let reason = "behind the outermost reference, only `&str`, `&[u8]` and `&Path` can be lent";
            report.refuse(reference, reason, format!("write `{owned}` here"));
        }
    }
}

/// What can be lent to the method as it lies in the message.
fn lies_in_message(pointee: &Type) -> bool {
    is_str(pointee) || is_byte_slice(pointee) || is_path(pointee)
}

fn exclusive_reference(reference: &TypeReference, report: &mut Report) -> bool {
    let Some(mutability) = &reference.mutability else {
        return false;
    };
    let mut at = reference.and_token.to_token_stream();
    mutability.to_tokens(&mut at);
    let reason = "the worker has memory of its own, so it cannot change the caller's";
    let owned = owned(&reference.elem);
    report.refuse(at, reason, format!("take `{owned}` or a reference, and return the changed value"));
    true
}

/// `'static` cannot be given to what came in a message.
fn lasting_reference(reference: &TypeReference, report: &mut Report) {
    if let Some(lifetime) = reference.lifetime.as_ref().filter(|lifetime| lifetime.ident == "static") {
        let reason = "what came in a message is borrowed for one call only";
        let help = format!("write `&{}` or `{}`", text(&reference.elem), owned(&reference.elem));
        report.refuse(lifetime, reason, help);
    }
}

fn borrowed_output(at: impl ToTokens, place: Place, report: &mut Report) {
    if let Place::Output = place {
        let reason = "what is returned cannot borrow from the worker's memory";
        report.refuse(at, reason, "write `'static`, and return an owned value");
    }
}

/// `dyn Trait` and `impl Trait`: behaviour, where only data can cross.
fn behaviour<'b>(
    at: impl ToTokens,
    bounds: impl IntoIterator<Item = &'b TypeParamBound>,
    place: Place,
    report: &mut Report,
) {
    let names: Vec<_> = bounds.into_iter().filter_map(trait_name).collect();
    let any = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    let (reason, help) = if any(&["Fn", "FnMut", "FnOnce"]) {
        ("a closure cannot cross to another process", "pass the data that it works on")
    } else if any(&["Future", "IntoFuture"]) {
        (
            "a worker runs one method at a time, to its end, so it returns no future",
            "return the future's output; the host goes on meanwhile with `.start()`",
        )
    } else if any(&["Iterator", "IntoIterator"]) {
        ("an iterator cannot cross to another process", "collect it: `Vec<T>`")
    } else {
        match place {
            Place::Argument => (
                "which type this is cannot be known on the other side",
                "take one type that is `Serialize` and `Deserialize`",
            ),
            Place::Output => (
                "which type this is cannot be known on the other side",
                "return one type that is `Serialize` and `Deserialize`",
            ),
        }
    };
    report.refuse(at, reason, help);
}

fn trait_name(bound: &TypeParamBound) -> Option<String> {
    match bound {
        TypeParamBound::Trait(bound) => Some(bound.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// `Self` anywhere in a type: the host's stub is another type than the worker.
fn no_self(tokens: TokenStream, verb: &str, report: &mut Report) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) if ident == "Self" => {
                let reason = "`Self` is the worker, which stays in its process";
                report.refuse(ident, reason, format!("{verb} a type that holds what is needed of it"));
            }
            TokenTree::Group(group) => no_self(group.stream(), verb, report),
            _ => {}
        }
    }
}

/// What to write for a referenced type, so that it is owned.
fn owned(pointee: &Type) -> String {
    match peeled(pointee) {
        ty if is_str(ty) => "String".to_owned(),
        ty if is_byte_slice(ty) => "Vec<u8>".to_owned(),
        Type::Slice(slice) => format!("Vec<{}>", owned(&slice.elem)),
        Type::Reference(reference) => owned(&reference.elem),
        Type::Path(path) if path.path.is_ident("Path") => "PathBuf".to_owned(),
        Type::Path(path) if path.path.is_ident("OsStr") => "OsString".to_owned(),
        other => text(other),
    }
}
