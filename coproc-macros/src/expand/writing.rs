//! How the fields of a message are written and read: through the one trait that names the user's type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, Type, spanned::Spanned};

use super::{generated_at, located};
use crate::{
    carry::{Carriage, Writing, is_plain},
    lifetimes::Borrow,
    model::Service,
    projection::mentions,
    types::{generic, peeled},
};

/// Tuples of more parts than this cross as serde has them.
const LONGEST_TUPLE: usize = 8;

/// A field of a message.
pub(super) struct Field {
    pub(super) cfgs: Vec<Attribute>,
    /// An argument's; what a reply holds has none.
    pub(super) name: Option<Ident>,
    pub(super) ty: Type,
    /// That it can cross, where that must be said of a message of any lifetime.
    pub(super) any_lifetime: Option<TokenStream>,
    /// Where the user wrote its type.
    pub(super) span: Span,
    pub(super) carriage: Carriage,
    pub(super) writing: Writing,
    pub(super) borrow: Borrow,
}

impl Field {
    /// Writes the field, of which `value` is a reference.
    pub(super) fn write(&self, private: &TokenStream, value: &Ident, fields: &TokenStream) -> TokenStream {
        let value = match (&self.writing, self.carriage) {
            (Writing::Option(_), Carriage::OptionalReference) => {
                quote!(#private::core::option::Option::as_deref(#value))
            }
            (Writing::Option(_), _) => quote!(#private::core::option::Option::as_ref(#value)),
            _ => value.to_token_stream(),
        };
        match write(private, &self.writing, &value, fields) {
            Some(written) => written,
            None => {
                within(private, &self.ty, self.span, "write_field", |form| quote!(#value, #form, #fields))
            }
        }
    }

    /// Reads the field.
    pub(super) fn read(&self, private: &TokenStream, fields: &TokenStream) -> TokenStream {
        let value = match &self.writing {
            Writing::Value(ty) => call(private, ty, "read_field", |form| quote!(#form, #fields)),
            Writing::Slice(ty) => call(private, ty, "read_slice", |form| quote!(#form, #fields)),
            Writing::Option(ty) => call(private, ty, "read_option", |form| quote!(#form, #fields)),
            Writing::Lent => {
                let read = within(private, &self.ty, self.span, "read_field", |form| quote!(#form, #fields));
                return quote!(#read?);
            }
        };
        match self.carriage {
            Carriage::Plain | Carriage::References => quote!(#value?),
            Carriage::Reference | Carriage::Changed => quote!(#private::Ref::Held(#value?)),
            Carriage::OptionalReference => {
                quote!(#private::core::option::Option::map(#value?, #private::Ref::Held))
            }
        }
    }

    /// That the field's type can cross, if that depends on a parameter of the trait.
    pub(super) fn crossing(&self, service: &Service) -> Vec<TokenStream> {
        match &self.writing {
            Writing::Value(ty) | Writing::Slice(ty) | Writing::Option(ty) => crossing(service, ty),
            Writing::Lent => self.any_lifetime.clone().into_iter().collect(),
        }
    }
}

/// The bounds of serde on a type, if that mentions a parameter of the trait; on its parts, where each has its own form.
fn crossing(service: &Service, ty: &Type) -> Vec<TokenStream> {
    let ty = peeled(ty);
    match ty {
        Type::Array(array) => crossing(service, &array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().flat_map(|part| crossing(service, part)).collect(),
        _ if !std::ptr::eq(in_parts(ty), ty) => {
            let held = generic(ty).map(|(_, held)| held).unwrap_or_default();
            held.into_iter().flat_map(|held| crossing(service, held)).collect()
        }
        _ if service.parameters.used_in(&ty.to_token_stream()).is_empty() => Vec::new(),
        _ => vec![quote!(#ty: __serde::Serialize + __serde::de::DeserializeOwned)],
    }
}

/// Writes what `value` refers to, by the one type that owns it; `None` if it borrows in another way.
pub(super) fn write(
    private: &TokenStream,
    writing: &Writing,
    value: &TokenStream,
    fields: &TokenStream,
) -> Option<TokenStream> {
    let (ty, function) = match writing {
        Writing::Value(ty) => (ty, "write_field"),
        Writing::Slice(ty) => (ty, "write_slice"),
        Writing::Option(ty) => (ty, "write_option"),
        Writing::Lent => return None,
    };
    Some(call(private, ty, function, |form| quote!(#value, #form, #fields)))
}

/// A function of the trait `PortableWithin`, for a field that borrows from the message.
fn within(
    private: &TokenStream,
    ty: &Type,
    span: Span,
    function: &str,
    arguments: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let arguments = arguments(form(private, ty, Reading::Lent));
    let span = generated_at(span);
    let (private, function) = (located(private, span), Ident::new(function, span));
    quote_spanned!(span=> <#ty as #private::PortableWithin<'_, _>>::#function(#arguments))
}

/// A function of the trait `Portable`, at the place of the type: what rustc says about the type, it says there, and once.
pub(super) fn call(
    private: &TokenStream,
    ty: &Type,
    function: &str,
    arguments: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let span = generated_at(ty.span());
    let arguments = arguments(form(private, ty, Reading::Owned));
    let (private, function) = (located(private, span), Ident::new(function, span));
    quote_spanned!(span=> <#ty as #private::Portable<_>>::#function(#arguments))
}

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
