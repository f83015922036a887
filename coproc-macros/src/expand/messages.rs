//! The three enums: what is asked, what is answered, and what is only told.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, Lifetime};

use super::{documentation, field::Field, item_attributes, item_span, located, method_attributes};
use crate::{
    attributes,
    lifetimes::{Borrow, message_lifetime},
    model::{Kind, Method, Service},
    parameters::Selection,
    projection::{mentions, stands_alone},
};

/// The message enums of a service.
pub(super) struct Messages<'s> {
    pub(super) requests: Enum<'s>,
    pub(super) replies: Enum<'s>,
    pub(super) norequests: Enum<'s>,
}

impl<'s> Messages<'s> {
    pub(super) fn of(service: &'s Service) -> Messages<'s> {
        Messages {
            requests: Enum::calls(service, Kind::Request),
            replies: Enum::replies(service),
            norequests: Enum::calls(service, Kind::NoRequest),
        }
    }

    /// Each of them.
    pub(super) fn each(&self) -> [&Enum<'s>; 3] {
        [&self.requests, &self.replies, &self.norequests]
    }

    /// That each type which depends on a parameter can cross.
    pub(super) fn crossing(&self) -> impl Iterator<Item = TokenStream> {
        self.each().into_iter().flat_map(Enum::crossing)
    }
}

/// One of them.
pub(super) struct Enum<'s> {
    service: &'s Service,
    pub(super) name: &'s Ident,
    doc: String,
    pub(super) variants: Vec<Variant<'s>>,
    pub(super) borrow: Borrow,
    parameters: Selection<'s>,
}

/// The variant of a method.
pub(super) struct Variant<'s> {
    pub(super) method: &'s Method,
    pub(super) fields: Vec<Field>,
    doc: String,
}

impl<'s> Enum<'s> {
    /// The calls of one kind.
    fn calls(service: &'s Service, kind: Kind) -> Enum<'s> {
        let trait_name = &service.item.ident;
        let (name, doc) = match kind {
            Kind::Request => (&service.names.request, format!("The requests of `{trait_name}`.")),
            Kind::NoRequest => {
                (&service.names.norequest, format!("The messages of `{trait_name}` that are not answered."))
            }
        };
        let variant = |method: &'s Method| Variant {
            method,
            fields: method.arguments.iter().map(|argument| Field::of_argument(service, argument)).collect(),
            doc: format!("A call of `{}`.", method.name()),
        };
        let variants: Vec<_> = service.methods_of(kind).map(variant).collect();
        let mut arguments = variants.iter().flat_map(|variant| &variant.method.arguments);
        let borrows = arguments.any(|argument| argument.borrow == Borrow::Something);
        let borrow = if borrows { Borrow::Something } else { Borrow::Nothing };
        Enum::new(service, name, doc, variants, borrow)
    }

    /// The replies.
    fn replies(service: &'s Service) -> Enum<'s> {
        let variants = service.methods_of(Kind::Request).map(|method| Variant {
            method,
            fields: Field::of_reply(service, method),
            doc: match method.changed().next() {
                None => format!("What `{}` returned.", method.name()),
                Some(_) => format!("What `{}` returned, and the arguments that it changed.", method.name()),
            },
        });
        let doc = format!("The replies of `{}`.", service.item.ident);
        Enum::new(service, &service.names.reply, doc, variants.collect(), Borrow::Nothing)
    }

    fn new(
        service: &'s Service,
        name: &'s Ident,
        doc: String,
        variants: Vec<Variant<'s>>,
        borrow: Borrow,
    ) -> Enum<'s> {
        let fields = variants.iter().flat_map(|variant| &variant.fields);
        let types: TokenStream = fields.map(|field| field.ty.to_token_stream()).collect();
        let parameters = service.parameters.used_in(&types);
        Enum { service, name, doc, variants, borrow, parameters }
    }

    /// Its definition.
    pub(super) fn definition(&self) -> TokenStream {
        let attributes = item_attributes(self.service, &self.doc);
        let derived = self.service.options.list("derive");
        let derive = (!derived.is_empty()).then(|| quote!(#[derive(#(#derived),*)]));
        let span = item_span(self.service);
        let vis = located(&self.service.item.vis, span);
        let name = self.name;
        let lifetime = self.lifetime();
        let parameters = self.parameters.declared();
        let generics = angled(lifetime.into_iter().chain(parameters));
        let clause = clause(self.predicates());
        let variants = self.variants.iter().map(Variant::definition);
        let never = self.never();
        quote_spanned! {span=>
            #attributes
            #derive
            #vis enum #name #generics #clause {
                #(#variants,)*
                #never
            }
        }
    }

    /// The generics of an implementation for it: `<'a, K: Ord>`.
    pub(super) fn generics(&self) -> TokenStream {
        angled(self.lifetime().into_iter().chain(self.parameters.declared()))
    }

    /// The same beside other parameters.
    pub(super) fn generics_beside(&self, lifetime: &Lifetime) -> TokenStream {
        angled([lifetime.to_token_stream()].into_iter().chain(self.parameters.declared()))
    }

    /// Its type: `StoreRequest<'a, K>`.
    pub(super) fn named(&self, lifetime: &Lifetime) -> TokenStream {
        let (name, arguments) = (self.name, self.arguments(lifetime, self.parameters.passed()));
        quote!(#name #arguments)
    }

    /// Its type where a worker implements the trait: `StoreRequest<'a, T::Key>`.
    pub(super) fn named_by(&self, lifetime: &Lifetime, worker: &Ident) -> TokenStream {
        let (name, arguments) = (self.name, self.arguments(lifetime, self.parameters.passed_by(worker)));
        quote!(#name #arguments)
    }

    /// What the trait demands of its parameters, and what the types of the fields do.
    pub(super) fn predicates(&self) -> Vec<TokenStream> {
        self.parameters.predicates().into_iter().chain(self.lasting()).collect()
    }

    /// That what stands in the `Cow` of a reply lasts, as the `Cow` does.
    fn lasting(&self) -> Vec<TokenStream> {
        let fields = self.variants.iter().flat_map(|variant| &variant.fields);
        let cows = fields.filter(|field| field.name.is_none()).map(|field| field.ty.to_token_stream());
        let cows = cows.filter(|ty| mentions(ty, &format_ident!("Cow")));
        let parameters =
            cows.flat_map(|ty| self.service.parameters.used_in(&ty).types().cloned().collect::<Vec<_>>());
        parameters.map(|parameter| quote!(#parameter: 'static)).collect()
    }

    /// What its implementations demand: that what it holds can cross, where that depends on a parameter.
    pub(super) fn clause(&self) -> TokenStream {
        clause(self.predicates().into_iter().chain(self.crossing()))
    }

    /// That each type which depends on a parameter can cross.
    fn crossing(&self) -> Vec<TokenStream> {
        let fields = self.variants.iter().flat_map(|variant| &variant.fields);
        fields.flat_map(|field| field.crossing(self.service)).chain(self.lasting()).collect()
    }

    /// The arm for the variant that never is.
    pub(super) fn never_arm(&self) -> Option<TokenStream> {
        self.never().map(|_| quote!(Self::__Never(ref _never, _) => match *_never {},))
    }

    fn lifetime(&self) -> Option<TokenStream> {
        (self.borrow == Borrow::Something).then(|| message_lifetime().to_token_stream())
    }

    fn arguments(&self, lifetime: &Lifetime, parameters: Vec<TokenStream>) -> TokenStream {
        let lifetime = (self.borrow == Borrow::Something).then(|| lifetime.to_token_stream());
        angled(lifetime.into_iter().chain(parameters))
    }

    /// A variant that never is, for an enum that may lose all that mentions a parameter to a `#[cfg]`, but not the parameter.
    fn never(&self) -> Option<TokenStream> {
        let certain = self.variants.iter().filter(|variant| !conditional(&variant.method.attributes));
        let certain = certain.flat_map(|variant| &variant.fields).filter(|field| field.cfgs.is_empty());
        let certain: Vec<_> = certain.collect();
        let borrows = certain.iter().any(|field| field.borrow == Borrow::Something);
        let certain: TokenStream = certain.iter().map(|field| field.ty.to_token_stream()).collect();
        let is_held = |parameter: &Ident| stands_alone(&certain, parameter);
        if (borrows || self.borrow == Borrow::Nothing) && self.parameters.types().all(is_held) {
            return None;
        }
        let private = &self.service.path;
        let lifetime = self.lifetime().map(|lifetime| quote!(&#lifetime (),));
        let types = self.parameters.types();
        Some(quote! {
            #[doc(hidden)]
            __Never(
                #private::core::convert::Infallible,
                #private::core::marker::PhantomData<(#lifetime #(#private::core::marker::PhantomData<#types>,)*)>
            )
        })
    }
}

impl Variant<'_> {
    fn definition(&self) -> TokenStream {
        let attributes = method_attributes(self.method, attributes::cfg_or_doc, &self.doc);
        let variant = &self.method.variant;
        let fields = self.fields.iter().map(|field| {
            let (cfgs, ty) = (&field.cfgs, &field.ty);
            match &field.name {
                Some(name) => {
                    let doc = format!("The argument `{name}`.");
                    let doc = documentation(&doc);
                    quote!(#(#cfgs)* #doc #name: #ty)
                }
                None => quote!(#ty),
            }
        });
        let fields = match self.is_named() {
            true => quote!({ #(#fields),* }),
            false => quote!((#(#fields),*)),
        };
        quote! {
            #(#attributes)*
            #variant #fields
        }
    }

    /// Whether its fields have names: a call's have.
    pub(super) fn is_named(&self) -> bool {
        self.fields.iter().all(|field| field.name.is_some())
    }

    /// How many fields it has, as an expression.
    pub(super) fn length(&self, private: &TokenStream) -> TokenStream {
        let certain = self.fields.iter().filter(|field| field.cfgs.is_empty()).count();
        let conditions = self.fields.iter().filter_map(|field| attributes::condition(&field.cfgs));
        quote!(#certain #(+ #private::core::cfg!(#conditions) as #private::core::primitive::usize)*)
    }
}

/// The lifetime that is left to be told.
pub(super) fn anonymous() -> Lifetime {
    Lifetime::new("'_", Span::call_site())
}

/// In angle brackets, if there is anything.
pub(super) fn angled(parameters: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut parameters = parameters.into_iter().peekable();
    if parameters.peek().is_none() { TokenStream::new() } else { quote!(<#(#parameters),*>) }
}

/// A where clause, if it says anything; nothing twice.
pub(super) fn clause(predicates: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut known = Vec::new();
    let mut unique = Vec::new();
    for predicate in predicates {
        let text = predicate.to_string();
        if !known.contains(&text) {
            known.push(text);
            unique.push(predicate);
        }
    }
    if unique.is_empty() { TokenStream::new() } else { quote!(where #(#unique),*) }
}

fn conditional(attributes: &[Attribute]) -> bool {
    attributes::any(attributes, attributes::cfg)
}
