//! `Serialize` for the message enums: each message is a variant with a tuple of its fields.
//!
//! Not derived, so that what rustc says about a type that cannot cross is said at that type, and once.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Cfgs, field_binding, local,
    messages::{Enum, Variant},
    table::{Index, indexed},
};
use crate::{lifetimes::message_lifetime, model::Service};

/// The implementation.
pub(super) fn implementation(service: &Service, message: &Enum<'_>) -> TokenStream {
    let private = &service.private;
    let (generics, named, clause) =
        (message.generics(), message.named(&message_lifetime()), message.clause());
    let (this, serializer) = (local("self"), local("serializer"));
    let indices = indexed(message.variants.iter().map(|variant| variant.method));
    let arms =
        message.variants.iter().zip(indices).map(|(variant, index)| arm(service, message, variant, &index));
    let never_arm = message.never_arm();
    quote! {
        #[automatically_derived]
        impl #generics __serde::Serialize for #named #clause {
            fn serialize<__S: __serde::Serializer>(
                &#this,
                #serializer: __S,
            ) -> #private::core::result::Result<__S::Ok, __S::Error> {
                match *#this {
                    #(#arms)*
                    #never_arm
                }
            }
        }
    }
}

fn arm(service: &Service, message: &Enum<'_>, variant: &Variant<'_>, index: &Index) -> TokenStream {
    let private = &service.private;
    let index = index.expression(private);
    let (cfgs, ident) = (Cfgs(&variant.method.attributes), &variant.method.variant);
    let (name, variant_name, length) = (message.name.to_string(), ident.to_string(), variant.length(private));
    let (serializer, fields) = (local("serializer"), local("fields"));
    let bindings: Vec<_> =
        variant.fields.iter().enumerate().map(|(position, field)| field_binding(field, position)).collect();
    let patterns = variant.fields.iter().zip(&bindings).map(|(field, binding)| {
        let (cfgs, name) = (&field.cfgs, &field.name);
        match name {
            Some(name) => quote!(#(#cfgs)* #name: ref #binding),
            None => quote!(ref #binding),
        }
    });
    let pattern = if variant.is_named() { quote!({ #(#patterns),* }) } else { quote!((#(#patterns),*)) };
    let writes = variant.fields.iter().zip(&bindings).map(|(field, binding)| {
        let (cfgs, write) = (&field.cfgs, field.write(private, binding, &quote!(&mut #fields)));
        quote!(#(#cfgs)* #write?;)
    });
    quote! {
        #cfgs
        Self::#ident #pattern => {
            let mut #fields = __serde::Serializer::serialize_tuple_variant(
                #serializer, #name, #index, #variant_name, #length
            )?;
            #(#writes)*
            __serde::ser::SerializeTupleVariant::end(#fields)
        }
    }
}
