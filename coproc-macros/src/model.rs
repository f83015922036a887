//! The trait as the macro sees it: a mirror of what the user wrote, with the user's own tokens.

mod method;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{ItemTrait, Lifetime, TraitItem, Type, ext::IdentExt};

use crate::{
    lifetimes::message_lifetime,
    names::{self, Names},
    options::Options,
    parameters::{Parameters, Wanted, about_types},
    projection::{mentions, of_worker},
};

use method::Marked;
pub(crate) use method::{Argument, Body, Kind, Method};

/// A trait with `#[worker]` on it.
pub(crate) struct Service {
    /// As written, without the marks of coproc on its methods.
    pub(crate) item: ItemTrait,
    pub(crate) options: Options,
    pub(crate) names: ItemNames,
    /// The path to the one module that generated code names.
    pub(crate) path: TokenStream,
    /// The same in the scope that only generated code sees.
    pub(crate) private: TokenStream,
    pub(crate) parameters: Parameters,
    /// The methods that can be called from elsewhere.
    pub(crate) methods: Vec<Method>,
    /// Those that are `#[local]`.
    pub(crate) local_methods: Vec<Method>,
}

/// What the generated items are called.
pub(crate) struct ItemNames {
    pub(crate) request: Ident,
    pub(crate) reply: Ident,
    pub(crate) norequest: Ident,
    pub(crate) host: Ident,
    pub(crate) start: Ident,
    pub(crate) worker: Ident,
}

impl Service {
    pub(crate) fn new(mut item: ItemTrait, options: Options) -> Service {
        let path = match options.path("crate") {
            Some(path) => quote!(#path::__private),
            None => quote!(::coproc::__private),
        };
        let marked: Vec<_> = item.items.iter_mut().filter_map(Marked::take).collect();
        let remote =
            marked.iter().filter(|marked| marked.marks.local.is_empty()).map(|marked| &marked.method);
        let wanted = if options.has("transparent") { Wanted::All } else { Wanted::Used };
        let parameters = Parameters::of(&item, remote, wanted, &path);
        let mut variants = VariantNames::default();
        let methods = marked.into_iter().map(|marked| {
            let variant = variants.of(&marked.method.sig.ident);
            Method::new(marked, variant, &parameters, &path)
        });
        let (methods, local_methods) = methods.partition(|method| method.marks.local.is_empty());
        let names = ItemNames::new(&item.ident, &options);
        let private = quote!(__private);
        Service { item, options, names, path, private, parameters, methods, local_methods }
    }

    /// Whether the stub implements the trait.
    pub(crate) fn is_transparent(&self) -> bool {
        self.options.has("transparent")
    }

    /// Whether a worker goes on after a panic.
    pub(crate) fn continues(&self) -> bool {
        self.options.text("panic") == Some("continue")
    }

    /// Whether the associated type is one of this trait.
    pub(crate) fn declares(&self, name: &Ident) -> bool {
        self.item
            .items
            .iter()
            .any(|item| matches!(item, TraitItem::Type(declared) if declared.ident == *name))
    }

    /// The trait with its arguments, each of its lifetimes chosen.
    pub(crate) fn the_trait(&self, lifetime: impl Fn(&Lifetime) -> Lifetime) -> TokenStream {
        let name = &self.item.ident;
        let lifetimes = self.parameters.lifetimes.iter().map(|declared| lifetime(declared).to_token_stream());
        let arguments: Vec<_> = lifetimes.chain(self.parameters.own_ones().passed()).collect();
        if arguments.is_empty() { quote!(#name) } else { quote!(#name<#(#arguments),*>) }
    }

    /// That `implementor` implements the trait: for the lifetime of every message, or for what lasts.
    pub(crate) fn implements(&self, implementor: &Ident) -> TokenStream {
        if self.lends_arguments() {
            // One for all, since this form cannot say that one outlives another.
            let lifetime = message_lifetime();
            let the_trait = self.the_trait(|_| message_lifetime());
            return quote!(#implementor: for<#lifetime> #the_trait);
        }
        let the_trait = self.the_trait(|_| lasting());
        quote!(#implementor: #the_trait)
    }

    /// Whether a lifetime of the trait is that of arguments, and so of any message.
    pub(crate) fn lends_arguments(&self) -> bool {
        self.methods.iter().any(|method| {
            let inputs = method.signature.inputs.to_token_stream();
            self.parameters.lifetimes.iter().any(|lifetime| mentions(&inputs, &lifetime.ident))
        })
    }

    /// Whether what crosses mentions the parameter.
    pub(crate) fn uses(&self, parameter: &Ident) -> bool {
        self.methods.iter().any(|method| {
            let arguments = method.arguments.iter().map(|argument| &argument.ty);
            arguments.chain([&method.output.owned]).any(|ty| mentions(&ty.to_token_stream(), parameter))
        })
    }

    /// What the methods' own where clauses say about types.
    pub(crate) fn method_predicates(&self) -> impl Iterator<Item = TokenStream> {
        self.methods.iter().flat_map(|method| {
            let generics = &method.signature.generics;
            let own = generics.lifetimes().map(|parameter| &parameter.lifetime);
            let lifetimes: Vec<_> = own.chain(&self.parameters.lifetimes).collect();
            let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
            predicates.filter_map(move |predicate| about_types(predicate, &lifetimes))
        })
    }

    /// A type as it is where `worker` implements the trait.
    pub(crate) fn written_by_worker(&self, ty: &Type, worker: &Ident) -> Type {
        // Only a name changes, so it is still a type.
        syn::parse2(of_worker(ty, worker)).unwrap_or_else(|_| ty.clone())
    }

    /// The methods of one kind.
    pub(crate) fn methods_of(&self, kind: Kind) -> impl Iterator<Item = &Method> {
        self.methods.iter().filter(move |method| method.kind() == kind)
    }
}

/// The lifetime of what lasts as long as the program.
pub(crate) fn lasting() -> Lifetime {
    Lifetime::new("'static", Span::call_site())
}

impl ItemNames {
    /// The user's names; else the trait's name with an ending, at the trait's name, so that a clash is reported there.
    fn new(service: &Ident, options: &Options) -> ItemNames {
        let name = |key: &str, ending: &str| {
            let chosen = options.name(key).cloned();
            chosen.unwrap_or_else(|| format_ident!("{}{}", service.unraw(), ending))
        };
        ItemNames {
            request: name("request", "Request"),
            reply: name("reply", "Reply"),
            norequest: name("norequest", "NoRequest"),
            host: name("host", "Host"),
            start: name("start", "Start"),
            worker: name("worker", "Worker"),
        }
    }
}

/// The variants given so far; a method that is written twice, under opposite `#[cfg]`s, has one.
#[derive(Default)]
struct VariantNames {
    names: Names,
    methods: Vec<(Ident, Ident)>,
}

impl VariantNames {
    fn of(&mut self, method: &Ident) -> Ident {
        if let Some((_, variant)) = self.methods.iter().find(|(known, _)| known == method) {
            return variant.clone();
        }
        let variant = Ident::new(&self.names.unique(names::variant(method)), method.span());
        self.methods.push((method.clone(), variant.clone()));
        variant
    }
}
