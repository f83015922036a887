//! The generated items, put together.

mod calls;
mod conditional;
mod deserialize;
mod dispatch;
mod field;
mod form;
mod messages;
mod portable;
mod serialize;
mod stub;
mod table;
mod tail;
mod transparent;
mod worker;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, spanned::Spanned};

use self::{
    field::Field,
    messages::{Enum, Messages},
};
use crate::{
    attributes,
    model::{Argument, Method, Service},
};

/// The trait as written and all that is generated for it.
pub(crate) fn service(service: &Service) -> TokenStream {
    let item = &service.item;
    let messages = Messages::of(service);
    let definitions = messages.each().map(Enum::definition);
    let types = [stub::types(service), worker::worker_type(service)];
    let serialize = messages.each().map(|message| serialize::implementation(service, message));
    let deserialize = messages.each().map(|message| deserialize::implementation(service, message));
    let impls = [
        table::statics(service),
        table::priorities(service, &messages.requests),
        table::priorities(service, &messages.norequests),
        stub::impls(service, &messages),
        dispatch::worker_impl(service, &messages),
    ];
    let worker_traits = worker::worker_traits(service);
    let transparent = transparent::implementation(service, &messages);
    let (path, private) = (&service.path, &service.private);
    let (cfgs, silence) = (Cfgs(&item.attrs), silence());
    // What only generated code names has a scope of its own. `non_upper_case_globals`: the statics are named like variants.
    quote! {
        #item
        #(#definitions)*
        #(#types)*
        #cfgs
        #silence
        #[allow(non_upper_case_globals)]
        const _: () = {
            #[allow(unused_imports)]
            use #path::{self as #private, probe::levels::*, serde as __serde};

            #(#impls)*
            #worker_traits
            #transparent
            #(#serialize)*
            #(#deserialize)*
        };
    }
}

/// Those of the user's attributes that are a `#[cfg]`.
struct Cfgs<'a>(&'a [Attribute]);

impl ToTokens for Cfgs<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(attributes::filtered(self.0, attributes::cfg).iter().map(ToTokens::to_token_stream));
    }
}

/// The attributes of a generated item: the trait's `#[cfg]`s, the documentation, and silence.
fn item_attributes(service: &Service, doc: &str) -> TokenStream {
    let cfgs = Cfgs(&service.item.attrs);
    let silence = silence();
    let doc = documentation(doc);
    quote!(#cfgs #doc #silence)
}

/// Documentation as if it had been written.
fn documentation(text: &str) -> TokenStream {
    let text = format!(" {text}");
    quote!(#[doc = #text])
}

/// Nobody can edit generated code, so no lint speaks about it: what can be said was said about the trait.
fn silence() -> TokenStream {
    quote! {
        #[allow(
            dead_code,
            deprecated,
            missing_copy_implementations,
            missing_debug_implementations,
            non_camel_case_types,
            non_snake_case,
            unreachable_code,
            unreachable_patterns,
            unreachable_pub,
            unused_mut,
            unused_variables,
            rustdoc::broken_intra_doc_links,
            clippy::all,
            clippy::nursery,
            clippy::pedantic,
            clippy::restriction
        )]
    }
}

/// Where a generated item is: at the trait's name, so that a clash of names is reported there.
fn item_span(service: &Service) -> Span {
    generated_at(service.item.ident.span())
}

/// For generated tokens about something of the user's: what rustc says about them, it says there.
fn generated_at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// The user's documentation of a method and its `#[cfg]`s, or a line of ours where there is no documentation.
fn method_attributes(method: &Method, wanted: fn(&syn::Path) -> bool, or_else: &str) -> Vec<Attribute> {
    let mut attributes = attributes::filtered(&method.attributes, wanted);
    if !attributes::any(&method.attributes, |path| path.is_ident("doc")) {
        let doc = documentation(or_else);
        attributes.push(syn::parse_quote!(#doc));
    }
    attributes
}

/// The static that describes a method to the runtime.
fn method_static(method: &Method) -> Ident {
    format_ident!("__{}", method.variant, span = Span::mixed_site())
}

/// A local name of generated code, which no name of the user's can meet: no local by its span, and hardly an item, which a
/// pattern would find all the same, by its underscore.
fn local(name: &str) -> Ident {
    let name = if name == "self" { name.to_owned() } else { format!("_{name}") };
    Ident::new(&name, Span::mixed_site())
}

/// The name of the type that implements the trait, in generated code.
fn implementor() -> Ident {
    Ident::new("__T", Span::call_site())
}

/// A local name for the value of an argument, at the argument's type: what rustc says about the type, it says there.
fn binding(argument: &Argument) -> Ident {
    let span = Span::mixed_site().located_at(argument.tokens.ty.span());
    format_ident!("__{}", argument.name, span = span)
}

/// The same for a field of a message.
fn field_binding(field: &Field, position: usize) -> Ident {
    let span = Span::mixed_site().located_at(field.span);
    match &field.name {
        Some(name) => format_ident!("__{}", name, span = span),
        None => format_ident!("__{}", position, span = span),
    }
}

/// The same tokens at another place.
pub(crate) fn located(tokens: &impl ToTokens, span: Span) -> TokenStream {
    let located = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.to_token_stream().into_iter().map(located).collect()
}
