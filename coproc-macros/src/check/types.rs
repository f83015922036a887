//! Which types can cross to another process, told from their tokens.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    GenericArgument, Signature, Token, Type, TypeParamBound, TypeReference, parse_quote,
    punctuated::Punctuated,
};

use crate::{
    attributes,
    carry::{Carriage, collected, lies_in_message},
    lifetimes::borrows,
    model::{Argument, Kind, Method, Service},
    owned,
    report::Report,
    signature::text,
    types::{arguments, generic, is_path, is_str, option_argument, peeled},
};

type Bounds = Punctuated<TypeParamBound, Token![+]>;

/// Refuses what an argument cannot be.
pub(crate) fn argument(service: &Service, method: &Method, argument: &Argument, report: &mut Report) {
    let rules = &mut Rules { signature: &method.signature, place: Place::Argument, report };
    let ty = &*argument.tokens.ty;
    rules.no_self(service.parameters.in_items(ty), "take");
    rules.sized(ty);
    let outermost = option_argument(ty).map_or(peeled(ty), peeled);
    match outermost {
        Type::Reference(reference)
            if matches!(argument.carriage, Carriage::Changed | Carriage::OptionalChanged) =>
        {
            rules.changed(method, argument, reference);
        }
        Type::Reference(reference) => {
            if rules.exclusive_reference(reference) {
                return;
            }
            rules.lasting_reference(reference);
            match collected(&reference.elem).filter(|_| argument.carriage == Carriage::References) {
                Some(pointee) => rules.crossing(pointee),
                None => rules.crossing(&reference.elem),
            }
        }
        _ => rules.crossing(ty),
    }
}

/// Refuses what cannot come back.
pub(crate) fn output(service: &Service, method: &Method, report: &mut Report) {
    let rules = &mut Rules { signature: &method.signature, place: Place::Output, report };
    let ty = &method.output.written;
    let before = rules.report.count();
    rules.sized(ty);
    rules.crossing(ty);
    if rules.report.count() == before {
        rules.no_self(service.parameters.in_items(ty), "return");
    }
}

/// Where a type stands.
#[derive(Clone, Copy)]
enum Place {
    /// In an argument, behind its outermost reference if it has one.
    Argument,
    Output,
}

/// The rules for one type of a method.
struct Rules<'r> {
    signature: &'r Signature,
    place: Place,
    report: &'r mut Report,
}

impl Rules<'_> {
    fn refuse(&mut self, at: impl ToTokens, reason: &str, help: impl std::fmt::Display) {
        self.report.refuse_remote(self.signature, at, reason, help);
    }

    /// Only a reference to text or a slice can be handed over.
    fn sized(&mut self, ty: &Type) {
        if is_str(ty) || matches!(peeled(ty), Type::Slice(_)) {
            let reason = "a value of this type has no size of its own";
            self.refuse(ty, reason, format!("write `&{}` or `{}`", text(ty), owned(ty)));
        }
    }

    /// Goes through the type and refuses each part that cannot cross.
    fn crossing(&mut self, ty: &Type) {
        match ty {
            Type::Array(array) => self.crossing(&array.elem),
            Type::Group(group) => self.crossing(&group.elem),
            Type::Paren(paren) => self.crossing(&paren.elem),
            Type::Slice(slice) => self.crossing(&slice.elem),
            Type::Tuple(tuple) => tuple.elems.iter().for_each(|element| self.crossing(element)),
            Type::Path(path) if is_descriptor(ty) => self.refuse(
                path,
                "a file descriptor is a number that only its own process knows",
                "pass the file's path, or its contents",
            ),
            Type::Path(path) => arguments(&path.path).for_each(|argument| {
                if let GenericArgument::Type(ty) = argument {
                    self.crossing(ty);
                }
            }),
            Type::Reference(reference) => self.inner_reference(reference),
            Type::TraitObject(object) => self.behaviour(object, &object.bounds),
            Type::ImplTrait(opaque) => self.behaviour(opaque, &opaque.bounds),
            Type::FnPtr(_) => self.refuse(
                ty,
                "a function's address means nothing in another process",
                "let an enum say which function is meant",
            ),
            Type::Ptr(_) => self.refuse(
                ty,
                "an address means nothing in another process",
                "pass the value that it points to",
            ),
            Type::Never(_) => self.refuse(
                ty,
                "a method that never returns never answers its caller",
                "return `()`, or end the worker from the host",
            ),
            _ => {}
        }
    }

    /// A reference behind the outermost one, or in what comes back.
    fn inner_reference(&mut self, reference: &TypeReference) {
        if self.exclusive_reference(reference) {
            return;
        }
        match self.place {
            Place::Output => self.crossing(&reference.elem),
            Place::Argument if lies_in_message(&reference.elem) => self.lasting_reference(reference),
            Place::Argument => {
                let reason = "behind the outermost reference, only `&str`, `&[u8]` and `&Path` can be lent";
                self.refuse(reference, reason, format!("write `{}` here", owned(&reference.elem)));
            }
        }
    }

    /// `&mut T`: carried over, changed there, and carried back.
    fn changed(&mut self, method: &Method, argument: &Argument, reference: &TypeReference) {
        if method.kind() == Kind::NoRequest {
            // It is told so already.
            return;
        }
        self.lasting_reference(reference);
        let pointee = &*reference.elem;
        if is_str(pointee) || is_path(pointee) {
            let reason = "what came in a message has no room of its own to be changed in";
            return self.refuse(reference, reason, format!("take `&mut {}`", owned(pointee)));
        }
        if borrows(pointee) {
            let reason = "what comes back is owned, and cannot be put into a place that borrows";
            return self.refuse(pointee, reason, format!("take `&mut {}`", owned(pointee)));
        }
        if attributes::any(&argument.tokens.attrs, attributes::cfg) {
            let reason = "an argument that comes back cannot be under a `#[cfg]`";
            return self.refuse(
                reference,
                reason,
                "put the `#[cfg]` on the method, and write one for each case",
            );
        }
        self.crossing(pointee);
    }

    /// A `&mut` where nothing can be carried back.
    fn exclusive_reference(&mut self, reference: &TypeReference) -> bool {
        let Some(mutability) = &reference.mutability else {
            return false;
        };
        let mut at = reference.and_token.to_token_stream();
        mutability.to_tokens(&mut at);
        let owned = owned(&reference.elem);
        match self.place {
            Place::Output => {
                let reason = "the worker has memory of its own, which the host cannot change";
                self.refuse(
                    at,
                    reason,
                    format!("return `{owned}`, and take the changed value in another method"),
                );
            }
            Place::Argument => {
                let reason = "only an argument that is itself a `&mut` is carried back";
                self.refuse(
                    at,
                    reason,
                    format!("take `&mut {owned}`, or a value, and return the changed one"),
                );
            }
        }
        true
    }

    /// `'static` cannot be given to what came in a message.
    fn lasting_reference(&mut self, reference: &TypeReference) {
        let lifetime = reference.lifetime.as_ref().filter(|lifetime| lifetime.ident == "static");
        // Of what cannot be lent at all, it is not said that it cannot be lent for so long.
        if let Some(lifetime) = lifetime.filter(|_| !matches!(peeled(&reference.elem), Type::TraitObject(_)))
        {
            let reason = "what came in a message is borrowed for one call only";
            let (pointee, owned) = (text(&reference.elem), owned(&reference.elem));
            let help = match reference.mutability {
                Some(_) => format!("write `&mut {pointee}`"),
                None => format!("write `&{pointee}` or `{owned}`"),
            };
            self.refuse(lifetime, reason, help);
        }
    }

    /// `dyn Trait` and `impl Trait`: behaviour, where only data can cross.
    fn behaviour(&mut self, at: impl ToTokens, bounds: &Bounds) {
        let any = |wanted: &[&str]| {
            bounds.iter().filter_map(trait_name).any(|name| wanted.contains(&name.to_string().as_str()))
        };
        let (reason, help) = if any(&["Fn", "FnMut", "FnOnce"]) {
            let help = "pass the data that it works on";
            ("a closure cannot cross to another process", help.to_owned())
        } else if any(&["Future", "IntoFuture"]) {
            let help = match self.place {
                Place::Argument => "await it first, and take what it gives",
                Place::Output => "write `async fn`, or `-> impl Future` in no other type",
            };
            ("a future cannot cross to another process", help.to_owned())
        } else if any(&["Iterator", "IntoIterator", "DoubleEndedIterator", "ExactSizeIterator"]) {
            let item = associated(bounds, "Item").map_or_else(|| "T".to_owned(), owned);
            ("an iterator cannot cross to another process", format!("collect it: `Vec<{item}>`"))
        } else {
            let verb = match self.place {
                Place::Argument => "take",
                Place::Output => "return",
            };
            let help = format!("{verb} one type that is `Serialize` and `Deserialize`");
            ("which type this is cannot be known on the other side", help)
        };
        self.refuse(at, reason, help);
    }

    /// `Self` by itself in a type: the host's stub is another type than the worker. What else begins with it has a parameter
    /// by now, unless it has arguments of its own.
    fn no_self(&mut self, tokens: TokenStream, verb: &str) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match (token, tokens.peek()) {
                (TokenTree::Ident(ident), Some(TokenTree::Punct(next)))
                    if ident == "Self" && next.as_char() == ':' =>
                {
                    self.generic_associated_type(ident, verb);
                }
                (TokenTree::Ident(ident), Some(TokenTree::Ident(next)))
                    if ident == "Self" && next == "as" =>
                {
                    self.generic_associated_type(ident, verb);
                }
                (TokenTree::Ident(ident), _) if ident == "Self" => {
                    let reason = "`Self` is the worker, which stays in its process";
                    self.refuse(ident, reason, format!("{verb} a type that holds what is needed of it"));
                }
                (TokenTree::Group(group), _) => self.no_self(group.stream(), verb),
                _ => {}
            }
        }
    }

    fn generic_associated_type(&mut self, at: Ident, verb: &str) {
        let reason = "which types the worker chooses here cannot be known on the other side";
        self.refuse(at, reason, format!("{verb} a type without parameters, as `type Item;` in the trait"));
    }
}

/// Whether the type is one of those whose names say that they are a file descriptor; any other is no `Serialize`.
fn is_descriptor(ty: &Type) -> bool {
    matches!(generic(ty), Some((name, _)) if ["RawFd", "OwnedFd", "BorrowedFd"].contains(&name.as_str()))
}

fn trait_name(bound: &TypeParamBound) -> Option<&Ident> {
    match bound {
        TypeParamBound::Trait(bound) => Some(&bound.path.segments.last()?.ident),
        _ => None,
    }
}

/// What the bounds say that an associated type is.
fn associated<'b>(bounds: &'b Bounds, name: &str) -> Option<&'b Type> {
    bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        arguments(&bound.path).find_map(|argument| match argument {
            GenericArgument::AssocType(associated) if associated.ident == name => Some(&associated.ty),
            _ => None,
        })
    })
}

/// What to write for a referenced type, so that it is owned.
fn owned(pointee: &Type) -> String {
    let reference: Type = parse_quote!(&#pointee);
    let owned = text(&owned::owned(&reference, &TokenStream::new()));
    ["vec", "string", "path", "ffi"]
        .iter()
        .fold(owned, |owned, module| owned.replace(&format!("::std::{module}::"), ""))
}
