//! Calls of the one trait that names the user's types: what rustc says about a type that cannot cross, it says there.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Type, spanned::Spanned};

use super::{
    form::{Reading, form},
    generated_at, located,
};
use crate::carry::Writing;

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
        Writing::References(_) | Writing::Lent => return None,
    };
    Some(call(private, ty, function, |form| quote!(#value, #form, #fields)))
}

/// A function of the trait `PortableWithin`, for a field that borrows from the message.
pub(super) fn within(
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
    call_reading(private, ty, Reading::Owned, function, arguments)
}

/// The same, for a function that reads a list of values of the type.
pub(super) fn call_for_list(
    private: &TokenStream,
    ty: &Type,
    function: &str,
    arguments: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    call_reading(private, ty, Reading::List, function, arguments)
}

fn call_reading(
    private: &TokenStream,
    ty: &Type,
    reading: Reading,
    function: &str,
    arguments: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let span = generated_at(ty.span());
    let arguments = arguments(form(private, ty, reading));
    let (private, function) = (located(private, span), Ident::new(function, span));
    quote_spanned!(span=> <#ty as #private::Portable<_>>::#function(#arguments))
}
