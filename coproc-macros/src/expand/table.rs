//! What the runtime is told about the service: its methods and their signatures.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::{
    Cfgs,
    conditional::{Combination, combinations},
    impl_attributes, local,
    messages::{lifetime_of, lifetime_variant},
    method_static,
};
use crate::{
    marks::Value,
    model::{Argument, Kind, Method, Service},
    signature::text,
};

/// A static for each method, and one that lists them.
pub(super) fn statics(service: &Service) -> TokenStream {
    let private = &service.private;
    let name = service.item.ident.unraw().to_string();
    let methods = service.methods.iter().map(|method| description(service, method));
    let listed = service.methods.iter().map(|method| {
        let cfgs = Cfgs(&method.attributes);
        let description = method_static(method);
        quote!(#cfgs &#description)
    });
    quote! {
        #(#methods)*
        static __SERVICE: #private::Service = #private::Service::new(#name, &[#(#listed),*]);
    }
}

/// The priority of each message, for messengers that send the enums themselves.
pub(super) fn priorities(service: &Service, kind: Kind) -> TokenStream {
    let private = &service.private;
    let attributes = impl_attributes();
    let name = service.call_enum(kind);
    let lifetime = lifetime_of(service, kind, quote!('_));
    let vis = &service.item.vis;
    let this = local("self");
    let arms = service.methods_of(kind).map(|method| {
        let (cfgs, variant, description) = (Cfgs(&method.attributes), &method.variant, method_static(method));
        quote!(#cfgs Self::#variant { .. } => #description.urgency(),)
    });
    let never_arm =
        lifetime_variant(service, kind).map(|_| quote!(Self::__Lifetime(ref never, _) => match *never {},));
    quote! {
        #attributes
        impl #name #lifetime {
            /// The priority that the trait gives to this message.
            #vis fn priority(&#this) -> #private::Priority {
                match *#this {
                    #(#arms)*
                    #never_arm
                }
            }
        }
    }
}

/// One static, or one for each way in which the method's conditional arguments may be there.
fn description(service: &Service, method: &Method) -> TokenStream {
    let private = &service.private;
    let cfgs = Cfgs(&method.attributes);
    let description = method_static(method);
    let kind = match method.kind() {
        Kind::Request => quote!(request),
        Kind::NoRequest => quote!(norequest),
    };
    let (name, variant) = (method.name(), method.variant.to_string());
    let priority = method.marks.priority.first().map(|mark| priority(&mark.value));
    let channel = method.marks.channel.first().map(|mark| channel(service, &mark.value));
    let statics = combinations(method).into_iter().map(|Combination { condition, arguments }| {
        let signature = signature(method, &arguments);
        let names = arguments.iter().map(|argument| argument.name.unraw().to_string());
        quote! {
            #cfgs
            #condition
            static #description: #private::Method =
                #private::Method::#kind(#name, #signature)
                .variant(#variant, &[#(#names),*]) #priority #channel;
        }
    });
    quote!(#(#statics)*)
}

fn priority(value: &Value) -> Option<TokenStream> {
    match value {
        Value::Integer(level, _) | Value::Constant(level) => Some(quote!(.priority(#level))),
        Value::Missing | Value::Text(_) | Value::Literal(_) => None,
    }
}

fn channel(service: &Service, value: &Value) -> Option<TokenStream> {
    let private = &service.private;
    match value {
        Value::Text(name) => Some(quote!(.channel(#private::ChannelId::named(#name)))),
        Value::Integer(number, _) => Some(quote!(.channel(#private::ChannelId::integer(#number)))),
        Value::Constant(channel) => Some(quote!(.channel(#channel))),
        Value::Missing | Value::Literal(_) => None,
    }
}

/// The signature as text. What nobody answers has no output, and so another signature than what returns nothing.
fn signature(method: &Method, arguments: &[&Argument]) -> String {
    let argument = |argument: &&Argument| format!("{}: {}", argument.name.unraw(), text(&argument.tokens.ty));
    let arguments: Vec<_> = arguments.iter().map(argument).collect();
    let call = format!("{}({})", method.name(), arguments.join(", "));
    match method.kind() {
        Kind::Request => format!("{call} -> {}", text(&method.output)),
        Kind::NoRequest => call,
    }
}

#[cfg(test)]
mod tests {
    use super::{Combination, combinations, signature};
    use crate::{model::Service, options::Options};
    use syn::{ItemTrait, parse_quote};

    fn signatures(item: ItemTrait) -> Vec<String> {
        let service = Service::new(item, Options::default());
        let signatures = |method| {
            let combinations = combinations(method).into_iter();
            combinations.map(move |Combination { arguments, .. }| signature(method, &arguments))
        };
        service.methods.iter().flat_map(signatures).collect()
    }

    #[test]
    fn a_signature_is_what_both_sides_must_agree_on() {
        let with_all_that_does_not_matter = signatures(parse_quote! {
            pub trait Index: Send {
                /// Documentation.
                #[priority(1)]
                #[channel("c")]
                #[must_use]
                fn add(&mut self, mut r#type: & str, _: [u8 ; 4],) -> Result < u8, String, >
                where
                    Self: Sized,
                {
                    r#type.len()
                }
            }
        });
        let without = signatures(parse_quote! {
            trait Other { fn add(&self, r#type: &str, argument_2: [u8; 4]) -> Result<u8, String>; }
        });
        assert_eq!(with_all_that_does_not_matter, without);
        assert_eq!(without, ["add(type: &str, argument_2: [u8; 4]) -> Result<u8, String>"]);
    }

    #[test]
    fn what_is_not_answered_has_another_signature() {
        let signatures = signatures(parse_quote! {
            trait Index {
                fn clear(&self);
                fn unit(&self) -> ();
                #[norequest]
                fn forget(&self);
            }
        });
        assert_eq!(signatures, ["clear() -> ()", "unit() -> ()", "forget()"]);
    }

    #[test]
    fn conditional_arguments_make_a_signature_each() {
        let signatures = signatures(parse_quote! {
            trait Index {
                fn add(&self, #[cfg(a)] one: u8, two: u8, #[cfg_attr(x, cfg(c))] three: u8);
            }
        });
        assert_eq!(
            signatures,
            [
                "add(one: u8, two: u8, three: u8) -> ()",
                "add(two: u8, three: u8) -> ()",
                "add(one: u8, two: u8) -> ()",
                "add(two: u8) -> ()",
            ]
        );
    }
}
