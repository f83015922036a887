//! The generated items, put together.

mod conditional;
mod deserialize;
mod dispatch;
mod messages;
mod serialize;
mod stub;
mod table;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, LitStr, spanned::Spanned};

use crate::{
    attributes,
    carry::Encoding,
    model::{Argument, Kind, Method, Service},
};

/// The trait as written and all that is generated for it.
pub(crate) fn service(service: &Service) -> TokenStream {
    let item = &service.item;
    let types = [messages::enums(service), stub::types(service), dispatch::worker_type(service)];
    let impls = [
        table::statics(service),
        table::priorities(service, Kind::Request),
        table::priorities(service, Kind::NoRequest),
        serialize::calls(service, Kind::Request),
        serialize::replies(service),
        serialize::calls(service, Kind::NoRequest),
        deserialize::calls(service, Kind::Request),
        deserialize::replies(service),
        deserialize::calls(service, Kind::NoRequest),
        stub::impls(service),
        dispatch::worker_impl(service),
    ];
    let private = &service.private;
    let cfgs = Cfgs(&item.attrs);
    // What only generated code names has a scope of its own. `non_upper_case_globals`: the statics are named like variants.
    // The modules have names of one word in it, because serde's attributes take them as text, which could not hold `$crate`.
    quote! {
        #item
        #(#types)*
        #cfgs
        #[allow(non_upper_case_globals)]
        const _: () = {
            #[allow(unused_imports)]
            use #private::{bytes as __bytes, path as __path, serde as __serde};

            #(#impls)*
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
    quote!(#cfgs #[doc = #doc] #silence)
}

/// The attributes of a generated `impl`.
fn impl_attributes() -> TokenStream {
    let silence = silence();
    quote!(#[automatically_derived] #silence)
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
            unreachable_code,
            unreachable_patterns,
            unreachable_pub,
            unused_mut,
            unused_variables,
            rustdoc::broken_intra_doc_links,
            clippy::all,
            clippy::pedantic
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
        attributes.push(syn::parse_quote!(#[doc = #or_else]));
    }
    attributes
}

/// The static that describes a method to the runtime.
fn method_static(method: &Method) -> Ident {
    format_ident!("__{}", method.variant, span = Span::mixed_site())
}

/// A local name of generated code, which no name of the user's can meet.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// A local name for the value of an argument, at the argument's type: what rustc says about the type, it says there.
fn binding(argument: &Argument) -> Ident {
    let span = Span::mixed_site().located_at(argument.tokens.ty.span());
    format_ident!("__{}", argument.name, span = span)
}

/// The attribute of a field that says how it is written; reported at `span` if the field's type cannot be.
fn encoding_attribute(encoding: Encoding, span: Span) -> Option<TokenStream> {
    let module = match encoding {
        Encoding::Serde => return None,
        Encoding::Bytes => LitStr::new("__bytes", span),
        Encoding::Path => LitStr::new("__path", span),
    };
    Some(quote!(#[serde(with = #module)]))
}

/// The same tokens at another place.
fn located(tokens: &impl ToTokens, span: Span) -> TokenStream {
    let located = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.to_token_stream().into_iter().map(located).collect()
}
