//! A field of a message: which type it has, and how it is written and read.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Lifetime, Type, parse_quote, spanned::Spanned};

use super::{
    form, generated_at, located,
    portable::{call, call_for_list, within, write},
};
use crate::{
    attributes,
    carry::{Carriage, Writing, collected},
    lifetimes::{Borrow, borrows, renamed},
    model::{Argument, Method, Service},
    owned::owned,
    types::{option_argument, peeled},
};

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
    /// Whether it borrows from the message.
    pub(super) borrow: Borrow,
    /// Whether the worker writes it with references to what it holds.
    written: Borrow,
}

impl Field {
    /// An argument's.
    pub(super) fn of_argument(service: &Service, argument: &Argument) -> Field {
        Field {
            cfgs: attributes::filtered(&argument.tokens.attrs, attributes::cfg),
            name: Some(argument.name.clone()),
            ty: field_type(&service.path, argument, &argument.in_message),
            any_lifetime: any_lifetime(service, argument),
            span: argument.tokens.ty.span(),
            carriage: argument.carriage,
            writing: argument.writing.clone(),
            borrow: argument.borrow,
            written: Borrow::Nothing,
        }
    }

    /// Those of a method's reply: what it returned, and the arguments that it changed.
    pub(super) fn of_reply(service: &Service, method: &Method) -> Vec<Field> {
        let field = |ty: &Type, writing: Writing, written: Borrow| Field {
            cfgs: Vec::new(),
            name: None,
            ty: ty.clone(),
            any_lifetime: None,
            span: ty.span(),
            carriage: Carriage::Plain,
            writing,
            borrow: Borrow::Nothing,
            written,
        };
        let output = &method.output;
        let written = if borrows(&output.written) { Borrow::Something } else { Borrow::Nothing };
        let returned = field(&output.owned, output.writing.clone(), written);
        let changed = method.changed().map(|argument| {
            let writing = Writing::of_owned(&argument.ty, &service.path);
            field(&owned(&argument.ty, &service.path), writing, Borrow::Nothing)
        });
        [returned].into_iter().chain(changed).collect()
    }

    /// Writes the field, of which `value` is a reference.
    pub(super) fn write(&self, private: &TokenStream, value: &Ident, fields: &TokenStream) -> TokenStream {
        let value = match (&self.writing, self.carriage) {
            (Writing::Option(_), Carriage::OptionalReference | Carriage::OptionalChanged) => {
                quote!(#private::core::option::Option::as_deref(#value))
            }
            (Writing::Option(_), _) => quote!(#private::core::option::Option::as_ref(#value)),
            _ => value.to_token_stream(),
        };
        if let Writing::References(ty) = &self.writing {
            return call(private, ty, "write_references", |form| quote!(#value, #form, #fields));
        }
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
            Writing::Slice(ty) | Writing::References(ty) => {
                call_for_list(private, ty, "read_slice", |form| quote!(#form, #fields))
            }
            Writing::Option(ty) => call(private, ty, "read_option", |form| quote!(#form, #fields)),
            Writing::Lent => {
                let read = within(private, &self.ty, self.span, "read_field", |form| quote!(#form, #fields));
                return quote!(#read?);
            }
        };
        match self.carriage {
            Carriage::Plain => quote!(#value?),
            Carriage::References => quote!(#private::Refs::Held(#value?)),
            Carriage::Reference | Carriage::Changed => quote!(#private::Ref::Held(#value?)),
            Carriage::OptionalReference | Carriage::OptionalChanged => {
                quote!(#private::core::option::Option::map(#value?, #private::Ref::Held))
            }
        }
    }

    /// That the field's type can cross, if that depends on a parameter of the trait.
    pub(super) fn crossing(&self, service: &Service) -> Vec<TokenStream> {
        match &self.writing {
            Writing::Value(ty) | Writing::Slice(ty) | Writing::Option(ty) | Writing::References(ty) => {
                form::crossing(service, ty, self.written)
            }
            Writing::Lent => self.any_lifetime.clone().into_iter().collect(),
        }
    }
}

/// The field's type for a message of any lifetime, where rustc must be told that it can cross.
fn any_lifetime(service: &Service, argument: &Argument) -> Option<TokenStream> {
    let lifetime = Lifetime::new("'__message", Span::mixed_site());
    let (ty, _) = renamed(&argument.ty, &lifetime);
    let is_open = !service.parameters.used_in(&argument.ty.to_token_stream()).is_empty();
    (is_open && matches!(argument.writing, Writing::Lent)).then(|| {
        let private = &service.private;
        let ty = field_type(private, argument, &ty);
        quote!(for<#lifetime> #ty: __serde::Serialize + __serde::Deserialize<#lifetime>)
    })
}

/// The type of the field that an argument of type `ty` travels in.
fn field_type(private: &TokenStream, argument: &Argument, ty: &Type) -> Type {
    match (argument.carriage, option_argument(ty)) {
        (Carriage::Reference | Carriage::Changed, _) => referred(private, ty),
        (Carriage::OptionalReference | Carriage::OptionalChanged, Some(inner)) => {
            let referred = referred(private, inner);
            let private = located(private, ty.span());
            let ty = quote_spanned!(generated_at(ty.span())=> #private::core::option::Option<#referred>);
            parse_quote!(#ty)
        }
        (Carriage::References, _) => {
            let Type::Reference(reference) = peeled(ty) else { return ty.clone() };
            let (lifetime, pointee) = (&reference.lifetime, collected(&reference.elem));
            let private = located(private, ty.span());
            let ty = quote_spanned!(generated_at(ty.span())=> #private::Refs<#lifetime, #pointee>);
            parse_quote!(#ty)
        }
        _ => ty.clone(),
    }
}

/// `Ref<'a, T>` for a `&'a T`, at the place of `T`.
fn referred(private: &TokenStream, ty: &Type) -> Type {
    let Type::Reference(reference) = peeled(ty) else {
        return ty.clone();
    };
    let (lifetime, pointee) = (&reference.lifetime, &reference.elem);
    let private = located(private, pointee.span());
    let ty = quote_spanned!(generated_at(pointee.span())=> #private::Ref<#lifetime, #pointee>);
    parse_quote!(#ty)
}
