//! The form in which a value is written: as serde has it, as bytes, as a file's name and so on.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::Type;

use crate::{
    carry::is_plain,
    model::Service,
    projection::mentions,
    types::{generic, peeled},
};

/// Tuples of more parts than this cross as serde has them.
const LONGEST_TUPLE: usize = 8;

/// What a value is read as.
#[derive(Clone, Copy)]
pub(super) enum Reading {
    /// It outlives the message.
    Owned,
    /// It may borrow from the message.
    Lent,
}

/// The form in which a value of this type is written. The type decides, by a probe; what its syntax and its names tell of the
/// parts of tuples and arrays is believed where it fits.
pub(super) fn form(private: &TokenStream, ty: &Type, reading: Reading) -> TokenStream {
    let ty = peeled(ty);
    match ty {
        _ if is_plain(ty) => quote!(#private::Plain),
        Type::Tuple(tuple) if (1..=LONGEST_TUPLE).contains(&tuple.elems.len()) => {
            let forms = tuple.elems.iter().map(|part| form(private, part, reading));
            quote!(#private::Tuple((#(#forms,)*)))
        }
        Type::Array(array) => {
            let form = form(private, &array.elem, reading);
            quote!(#private::Array(#form))
        }
        _ => {
            let probed = probed(private, ty, reading);
            let parts = in_parts(ty);
            if std::ptr::eq(parts, ty) {
                return probed;
            }
            let guess = form(private, parts, reading);
            quote!((&&#private::probe::Guess::<#ty, _>::new(#guess)).__or(#probed))
        }
    }
}

/// What a probe finds.
fn probed(private: &TokenStream, ty: &Type, reading: Reading) -> TokenStream {
    let probe = quote!((&&&&#private::probe::Probe::<#ty>::new()).__form());
    match reading {
        Reading::Owned if mentions(&ty.to_token_stream(), &format_ident!("Cow")) => quote!(#probe.__owned()),
        _ => probe,
    }
}

/// The bounds of serde on a type, if that mentions a parameter of the trait; on its parts, where each has its own form.
pub(super) fn crossing(service: &Service, ty: &Type) -> Vec<TokenStream> {
    let ty = peeled(ty);
    match ty {
        Type::Array(array) => crossing(service, &array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().flat_map(|part| crossing(service, part)).collect(),
        _ if !std::ptr::eq(in_parts(ty), ty) => {
            let held = generic(ty).map(|(_, held)| held).unwrap_or_default();
            held.into_iter().flat_map(|held| crossing(service, held)).collect()
        }
        _ if service.parameters.used_in(&ty.to_token_stream()).is_empty() => Vec::new(),
        _ => vec![quote!(#ty: __private::Crossing)],
    }
}

/// The tuple or array that a list, an option or a reference holds, which has the form of what it holds; else the type itself.
fn in_parts(ty: &Type) -> &Type {
    let held = match peeled(ty) {
        Type::Reference(reference) => Some(&*reference.elem),
        Type::Slice(slice) => Some(&*slice.elem),
        ty => match generic(ty) {
            Some((name, arguments)) => match (name.as_str(), arguments.as_slice()) {
                ("Vec" | "Option" | "Box" | "Ref", [inner]) | ("Result", [inner, _]) => Some(*inner),
                _ => None,
            },
            None => None,
        },
    };
    match held.map(in_parts) {
        Some(parts @ (Type::Tuple(_) | Type::Array(_))) => parts,
        _ => peeled(ty),
    }
}
