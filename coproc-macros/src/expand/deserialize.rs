//! `Deserialize` for the message enums, by way of twins whose variants are tuples.
//!
//! Derived on the enums themselves it would be twice as much code, since named fields may also come as a map, and would
//! complain three times about a type that it cannot read.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, spanned::Spanned};

use super::{
    Cfgs, binding,
    conditional::{Combination, combinations},
    encoding_attribute, impl_attributes, local,
    messages::{field_type, lifetime_of, lifetime_variant},
    silence,
};
use crate::{
    carry::{Borrow, Encoding, message_lifetime},
    model::{Argument, Kind, Method, Service},
};

/// For the enum that holds the calls of one kind.
pub(super) fn calls(service: &Service, kind: Kind) -> TokenStream {
    let name = service.call_enum(kind);
    let twin = twin_name(name);
    let lifetime = lifetime_of(service, kind, message_lifetime());
    let variants = service.methods_of(kind).map(|method| {
        let (cfgs, variant) = (Cfgs(&method.attributes), &method.variant);
        let fields = method.arguments.iter().map(|argument| twin_field(service, argument));
        quote!(#cfgs #variant(#(#fields),*))
    });
    let lifetime_variant = lifetime_variant(service, kind).map(|variant| quote!(#[serde(skip)] #variant));
    let arms = service.methods_of(kind).flat_map(|method| call_arms(&twin, method));
    by_twin(service, name, &lifetime, variants.chain(lifetime_variant), arms)
}

/// For the enum that holds the replies.
pub(super) fn replies(service: &Service) -> TokenStream {
    let name = &service.names.reply;
    let twin = twin_name(name);
    let value = local("value");
    let variants = service.methods_of(Kind::Request).map(|method| {
        let (cfgs, variant, output) = (Cfgs(&method.attributes), &method.variant, &method.output);
        let encoding = encoding_attribute(Encoding::of(output), output.span());
        quote!(#cfgs #variant(#encoding #output))
    });
    let arms = service.methods_of(Kind::Request).map(|method| {
        let (cfgs, variant) = (Cfgs(&method.attributes), &method.variant);
        quote!(#cfgs #twin::#variant(#value) => Self::#variant(#value),)
    });
    by_twin(service, name, &TokenStream::new(), variants, arms)
}

/// The twin with these variants, and the implementation with these arms, which turn it into the enum.
fn by_twin(
    service: &Service,
    name: &Ident,
    lifetime: &TokenStream,
    variants: impl Iterator<Item = TokenStream>,
    arms: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    let private = &service.private;
    let (attributes, silence) = (impl_attributes(), silence());
    let twin = twin_name(name);
    let public_name = name.to_string();
    let message = message_lifetime();
    let generics = if lifetime.is_empty() { quote!(<'de>) } else { quote!(<'de: #message, #message>) };
    let (deserializer, decoded) = (local("deserializer"), local("decoded"));
    quote! {
        #silence
        #[derive(__serde::Deserialize)]
        #[serde(crate = "__serde", rename = #public_name)]
        enum #twin #lifetime {
            #(#variants),*
        }

        #attributes
        impl #generics __serde::Deserialize<'de> for #name #lifetime {
            fn deserialize<__D: __serde::Deserializer<'de>>(
                #deserializer: __D,
            ) -> #private::core::result::Result<Self, __D::Error> {
                let #decoded = <#twin #lifetime as __serde::Deserialize>::deserialize(#deserializer)?;
                #private::core::result::Result::Ok(match #decoded { #(#arms)* })
            }
        }
    }
}

fn twin_field(service: &Service, argument: &Argument) -> TokenStream {
    let cfgs = Cfgs(&argument.tokens.attrs);
    let borrow = (argument.borrow == Borrow::Message).then(|| quote!(#[serde(borrow)]));
    let encoding = encoding_attribute(argument.encoding, argument.tokens.ty.span());
    let ty = field_type(service, argument);
    quote!(#cfgs #borrow #encoding #ty)
}

/// The arms that turn a variant of the twin into one of the enum.
fn call_arms(twin: &Ident, method: &Method) -> impl Iterator<Item = TokenStream> {
    combinations(method).into_iter().map(move |Combination { condition, arguments }| {
        let (cfgs, variant) = (Cfgs(&method.attributes), &method.variant);
        let names = arguments.iter().map(|argument| &argument.name);
        let bindings: Vec<_> = arguments.iter().map(|argument| binding(argument)).collect();
        quote! {
            #cfgs
            #condition
            #twin::#variant(#(#bindings),*) => Self::#variant { #(#names: #bindings),* },
        }
    })
}

/// The twin of an enum, in the scope that only generated code sees.
fn twin_name(name: &Ident) -> Ident {
    format_ident!("__{}", name)
}
