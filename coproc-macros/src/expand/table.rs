//! What the runtime is told about the service: its methods and their signatures.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::{
    Cfgs,
    conditional::{Combination, combinations},
    local,
    messages::{Enum, clause},
    method_static,
};
use crate::{
    attributes,
    lifetimes::message_lifetime,
    marks::Value,
    model::{Argument, Kind, Method, Service},
    signature::text,
};

/// A static for each method, and one that lists them.
pub(super) fn statics(service: &Service) -> TokenStream {
    let private = &service.private;
    let name = service.item.ident.unraw().to_string();
    let methods = [Kind::Request, Kind::NoRequest].into_iter().flat_map(|kind| {
        let indices = indexed(service.methods_of(kind));
        service.methods_of(kind).zip(indices).map(|(method, index)| description(service, method, &index))
    });
    let listed = service.methods.iter().map(|method| {
        let cfgs = Cfgs(&method.attributes);
        let description = method_static(method);
        quote!(#cfgs &#description)
    });
    let after_panic = service.continues().then(|| quote!(.after_panic(#private::AfterPanic::Continue)));
    quote! {
        #(#methods)*
        static _SERVICE: #private::Service = #private::Service::new(#name, &[#(#listed),*]) #after_panic;
    }
}

/// The priority of each message, for messengers that send the enums themselves.
pub(super) fn priorities(service: &Service, message: &Enum<'_>) -> TokenStream {
    let private = &service.private;
    let (generics, named, clause) =
        (message.generics(), message.named(&message_lifetime()), clause(message.predicates()));
    let vis = &service.item.vis;
    let this = local("self");
    let arms = message.variants.iter().map(|variant| {
        let method = variant.method;
        let (cfgs, variant, description) = (Cfgs(&method.attributes), &method.variant, method_static(method));
        quote!(#cfgs Self::#variant { .. } => #description.urgency(),)
    });
    let never_arm = message.never_arm();
    quote! {
        impl #generics #named #clause {
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

/// Which variant of its enum stands for a method: how many there are before it.
pub(super) struct Index {
    certain: u32,
    conditions: Vec<TokenStream>,
}

impl Index {
    /// Its value, a `u32`.
    pub(super) fn expression(&self, private: &TokenStream) -> TokenStream {
        let (certain, conditions) = (self.certain, &self.conditions);
        quote!(#certain #(+ #private::core::cfg!(#conditions) as #private::core::primitive::u32)*)
    }

    /// What matches it.
    pub(super) fn pattern(&self, index: &Ident, private: &TokenStream) -> TokenStream {
        let value = self.expression(private);
        if self.conditions.is_empty() { value } else { quote!(_ if #index == #value) }
    }
}

/// The index of each method, of all those in one enum.
pub(super) fn indexed<'m>(methods: impl IntoIterator<Item = &'m Method>) -> impl Iterator<Item = Index> {
    let (mut certain, mut conditions) = (0_u32, Vec::new());
    methods.into_iter().map(move |method| {
        let index = Index { certain, conditions: conditions.clone() };
        match attributes::condition(&method.attributes) {
            None => certain = certain.saturating_add(1),
            Some(condition) => conditions.push(condition),
        }
        index
    })
}

/// One static, or one for each way in which the method's conditional arguments may be there.
fn description(service: &Service, method: &Method, index: &Index) -> TokenStream {
    let private = &service.private;
    let index = index.expression(private);
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
                .variant(#index, #variant, &[#(#names),*]) #priority #channel;
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
        Kind::Request => format!("{call} -> {}", text(&method.output.written)),
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
