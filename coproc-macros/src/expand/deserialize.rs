//! `Deserialize` for the message enums: the runtime reads which variant it is, and this reads that variant's fields.
//!
//! Derived it would be several times as much code, and would complain more than once about a type that it cannot read.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Cfgs, local,
    messages::{Enum, Variant},
    table::{Index, indexed},
};
use crate::{lifetimes::message_lifetime, model::Service};

/// The implementation.
pub(super) fn implementation(service: &Service, message: &Enum<'_>) -> TokenStream {
    let private = &service.private;
    let lifetime = message_lifetime();
    let (generics, named) = (message.generics_beside(&lifetime), message.named(&lifetime));
    let clause = message.clause();
    let name = message.name.to_string();
    let variants = message.variants.iter().map(|variant| {
        let (cfgs, name) = (Cfgs(&variant.method.attributes), variant.method.variant.to_string());
        quote!(#cfgs #name)
    });
    let lengths = message.variants.iter().map(|variant| {
        let (cfgs, length) = (Cfgs(&variant.method.attributes), variant.length(private));
        quote!(#cfgs { #length })
    });
    let indices = indexed(message.variants.iter().map(|variant| variant.method));
    let arms = message.variants.iter().zip(indices).map(|(variant, index)| arm(service, variant, &index));
    let (index, fields, deserializer) = (local("index"), local("fields"), local("deserializer"));
    let (result, text) =
        (quote!(#private::core::result::Result), quote!(&'static #private::core::primitive::str));
    let size = quote!(#private::core::primitive::usize);
    quote! {
        #[automatically_derived]
        impl #generics #private::Message<#lifetime> for #named #clause {
            const NAME: #text = #name;
            const VARIANTS: &'static [#text] = &[#(#variants),*];
            const LENGTHS: &'static [#size] = &[#(#lengths),*];

            fn read<__A: __serde::de::SeqAccess<#lifetime>>(
                #index: #private::core::primitive::u32,
                #fields: &mut __A,
            ) -> #result<Self, __A::Error> {
                match #index {
                    #(#arms)*
                    _ => #private::unknown_variant::<Self, __A::Error>(#index),
                }
            }
        }

        #[automatically_derived]
        impl #generics __serde::Deserialize<#lifetime> for #named #clause {
            fn deserialize<__D: __serde::Deserializer<#lifetime>>(
                #deserializer: __D,
            ) -> #result<Self, __D::Error> {
                #private::read_message(#deserializer)
            }
        }
    }
}

fn arm(service: &Service, variant: &Variant<'_>, index: &Index) -> TokenStream {
    let private = &service.private;
    let (cfgs, ident) = (Cfgs(&variant.method.attributes), &variant.method.variant);
    let fields = local("fields");
    let pattern = index.pattern(&local("index"), private);
    let reads = variant.fields.iter().map(|field| {
        let (cfgs, read) = (&field.cfgs, field.read(private, &quote!(#fields)));
        match &field.name {
            Some(name) => quote!(#(#cfgs)* #name: #read),
            None => read,
        }
    });
    let value = if variant.is_named() { quote!({ #(#reads),* }) } else { quote!((#(#reads),*)) };
    quote! {
        #cfgs
        #pattern => #private::core::result::Result::Ok(Self::#ident #value),
    }
}
