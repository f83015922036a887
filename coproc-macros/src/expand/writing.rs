//! How the fields of a message are written and read: through the one trait that names the user's type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Type, spanned::Spanned};

use super::{generated_at, located};
use crate::{
    carry::{Carriage, Writing, is_plain},
    lifetimes::Borrow,
    model::Service,
    types::peeled,
};

/// A field of a message.
pub(super) struct Field {
    pub(super) cfgs: Vec<Attribute>,
    /// An argument's; what a reply holds has none.
    pub(super) name: Option<Ident>,
    pub(super) ty: TokenStream,
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
    pub(super) fn crossing(&self, service: &Service) -> Option<TokenStream> {
        match &self.writing {
            Writing::Value(ty) | Writing::Slice(ty) | Writing::Option(ty) => crossing(service, ty),
            Writing::Lent => self.any_lifetime.clone(),
        }
    }
}

/// The bounds of serde on a type, if that mentions a parameter of the trait. Arrays of any length are seen to by coproc.
fn crossing(service: &Service, ty: &Type) -> Option<TokenStream> {
    if let Type::Array(array) = peeled(ty) {
        return crossing(service, &array.elem);
    }
    let is_open = !service.parameters.used_in(&ty.to_token_stream()).is_empty();
    is_open.then(|| quote!(#ty: __serde::Serialize + __serde::de::DeserializeOwned))
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
    ty: &TokenStream,
    span: Span,
    function: &str,
    arguments: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let arguments = arguments(form(private, ty, false));
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
    let arguments = arguments(form(private, ty, is_plain(ty)));
    let (private, function) = (located(private, span), Ident::new(function, span));
    quote_spanned!(span=> <#ty as #private::Portable<_>>::#function(#arguments))
}

/// The form in which a value of this type is written: the type decides, by a probe.
fn form(private: &TokenStream, ty: &impl ToTokens, is_plain: bool) -> TokenStream {
    if is_plain {
        return quote!(#private::Plain);
    }
    quote!((&&&&#private::probe::Probe::<#ty>::new()).form())
}
