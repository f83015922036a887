//! `Serialize` for the message enums: a call is a variant with a tuple of its arguments, a reply one with its value.
//!
//! Not derived, so that what rustc says about a type that is not `Serialize` is said at that type.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, Lifetime, spanned::Spanned};

use super::{
    Cfgs, binding,
    conditional::{Combination, combinations},
    encoding_attribute, generated_at, impl_attributes, local,
    messages::{field_type, lifetime_of, lifetime_variant},
};
use crate::{
    attributes,
    carry::{Borrow, Encoding, message_lifetime},
    model::{Kind, Method, Service},
};

/// For the enum that holds the calls of one kind.
pub(super) fn calls(service: &Service, kind: Kind) -> TokenStream {
    let name = service.call_enum(kind);
    let lifetime = lifetime_of(service, kind, quote!('_));
    let arms = indexed(service, kind).map(|(index, method)| call_arms(service, name, &index, method));
    let never_arm =
        lifetime_variant(service, kind).map(|_| quote!(Self::__Lifetime(ref never, _) => match *never {},));
    serialize(service, quote!(#name #lifetime), arms.chain(never_arm))
}

/// For the enum that holds the replies.
pub(super) fn replies(service: &Service) -> TokenStream {
    let name = &service.names.reply;
    let arms = indexed(service, Kind::Request).map(|(index, method)| reply_arm(name, &index, method));
    serialize(service, quote!(#name), arms)
}

fn serialize(service: &Service, name: TokenStream, arms: impl Iterator<Item = TokenStream>) -> TokenStream {
    let private = &service.private;
    let attributes = impl_attributes();
    let (this, serializer) = (local("self"), local("serializer"));
    quote! {
        #attributes
        impl __serde::Serialize for #name {
            fn serialize<__S: __serde::Serializer>(
                &#this,
                #serializer: __S,
            ) -> #private::core::result::Result<__S::Ok, __S::Error> {
                match *#this {
                    #(#arms)*
                }
            }
        }
    }
}

/// The arms for one method, each for one way in which its conditional arguments may be there.
fn call_arms(service: &Service, name: &Ident, index: &TokenStream, method: &Method) -> TokenStream {
    let (cfgs, variant) = (Cfgs(&method.attributes), &method.variant);
    let (name, variant_name) = (name.to_string(), variant.to_string());
    let (serializer, tuple) = (local("serializer"), local("tuple"));
    let arms = combinations(method).into_iter().map(|Combination { condition, arguments }| {
        let length = arguments.len();
        let patterns = arguments.iter().map(|argument| {
            let (name, binding) = (&argument.name, binding(argument));
            quote!(#name: ref #binding)
        });
        let fields = arguments.iter().map(|argument| {
            let lifetime = (argument.borrow == Borrow::Message).then(message_lifetime);
            let ty = field_type(service, argument);
            let value = encoded(argument.encoding, lifetime, &ty, &binding(argument));
            quote_spanned! {generated_at(argument.tokens.ty.span())=>
                __serde::ser::SerializeTupleVariant::serialize_field(&mut #tuple, #value)?;
            }
        });
        quote! {
            #cfgs
            #condition
            Self::#variant { #(#patterns),* } => {
                let mut #tuple = __serde::Serializer::serialize_tuple_variant(
                    #serializer, #name, #index, #variant_name, #length
                )?;
                #(#fields)*
                __serde::ser::SerializeTupleVariant::end(#tuple)
            }
        }
    });
    arms.collect()
}

fn reply_arm(name: &Ident, index: &TokenStream, method: &Method) -> TokenStream {
    let (cfgs, variant) = (Cfgs(&method.attributes), &method.variant);
    let (name, variant_name) = (name.to_string(), variant.to_string());
    let serializer = local("serializer");
    let value = Ident::new("value", Span::mixed_site().located_at(method.output.span()));
    let encoded = encoded(Encoding::of(&method.output), None, &method.output, &value);
    quote_spanned! {generated_at(method.output.span())=>
        #cfgs
        Self::#variant(ref #value) => __serde::Serializer::serialize_newtype_variant(
            #serializer, #name, #index, #variant_name, #encoded
        ),
    }
}

/// A reference to the value, as something that serde writes as we want it.
fn encoded(encoding: Encoding, lifetime: Option<Lifetime>, ty: &impl ToTokens, value: &Ident) -> TokenStream {
    let Some(encoding) = encoding_attribute(encoding, ty.span()) else {
        return quote!(#value);
    };
    quote! {
        &{
            #[derive(__serde::Serialize)]
            #[serde(crate = "__serde", transparent)]
            struct __Field<'field, #lifetime>(#encoding &'field #ty);
            __Field(#value)
        }
    }
}

/// The methods of one kind, each with the index of its variant: how many variants there are before it.
fn indexed(service: &Service, kind: Kind) -> impl Iterator<Item = (TokenStream, &Method)> {
    let private = &service.private;
    let mut certain = 0_u32;
    let mut conditions = TokenStream::new();
    service.methods_of(kind).map(move |method| {
        let index = quote!(#certain #conditions);
        match attributes::condition(&method.attributes) {
            None => certain = certain.saturating_add(1),
            Some(condition) => {
                conditions.extend(quote!(+ if #private::core::cfg!(#condition) { 1 } else { 0 }));
            }
        }
        (index, method)
    })
}
