//! The trait as the macro sees it: a mirror of what the user wrote, with the user's own tokens.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{
    Attribute, FnArg, ItemTrait, Lifetime, Pat, PatType, ReturnType, Signature, TraitItem, TraitItemFn, Type,
    ext::IdentExt, parse_quote, spanned::Spanned,
};

use crate::{
    attributes,
    carry::{Carriage, Writing},
    future::{Asyncness, future_output},
    lifetimes::{Borrow, message_lifetime, renamed},
    marks::{Marks, is_mark},
    names::{self, Names},
    options::Options,
    owned::owned,
    parameters::{Parameters, Wanted, about_types},
    projection::{mentions, of_worker},
    types::peeled,
};

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

/// One method of the trait.
pub(crate) struct Method {
    /// Without the marks, but for those hidden in a `cfg_attr`.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) marks: Marks,
    pub(crate) signature: Signature,
    pub(crate) body: Body,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) asyncness: Asyncness,
    pub(crate) output: Output,
    /// The variant that stands for the method, in whichever enum it is.
    pub(crate) variant: Ident,
}

/// Whether the trait itself says what a method does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Default,
    Missing,
}

/// What a method returns, once it has run.
pub(crate) struct Output {
    /// As written, also where that is a future's: `()` where nothing is.
    pub(crate) written: Type,
    /// As it comes back to the host: owned.
    pub(crate) owned: Type,
    /// How `owned` is written.
    pub(crate) writing: Writing,
}

/// Whether the caller is answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Request,
    NoRequest,
}

/// One argument of a method, `self` not among them.
pub(crate) struct Argument {
    /// As written.
    pub(crate) tokens: PatType,
    /// The user's name for it, or one of ours where that is `_`.
    pub(crate) name: Ident,
    /// The type as written, but for what belongs to the implementation.
    pub(crate) ty: Type,
    /// The type with the message's lifetime in place of every one but `'static`.
    pub(crate) in_message: Type,
    pub(crate) borrow: Borrow,
    pub(crate) carriage: Carriage,
    pub(crate) writing: Writing,
}

impl Service {
    pub(crate) fn new(mut item: ItemTrait, options: Options) -> Service {
        let path = match options.path("crate") {
            Some(path) => quote!(#path::__private),
            None => quote!(::coproc::__private),
        };
        let marked: Vec<_> = item.items.iter_mut().filter_map(take_marks).collect();
        let remote = marked.iter().filter(|(marks, ..)| marks.local.is_empty()).map(|(.., method)| method);
        let wanted = if options.has("transparent") { Wanted::All } else { Wanted::Used };
        let parameters = Parameters::of(&item, remote, wanted, &path);
        let mut variants = VariantNames::default();
        let methods = marked.into_iter().map(|(marks, attributes, method)| {
            let variant = variants.of(&method.sig.ident);
            Method::new(method, marks, attributes, variant, &parameters, &path)
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
        let mut arguments = self.methods.iter().flat_map(|method| &method.arguments);
        arguments.any(|argument| {
            let ty = argument.tokens.ty.to_token_stream();
            self.parameters.lifetimes.iter().any(|lifetime| mentions(&ty, &lifetime.ident))
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

/// Takes the marks off a method, also those hidden in a `cfg_attr`, so that the trait can be emitted without them; gives
/// them, the attributes that stay, and the method.
fn take_marks(item: &mut TraitItem) -> Option<(Marks, Vec<Attribute>, TraitItemFn)> {
    let TraitItem::Fn(method) = item else {
        return None;
    };
    let marks = Marks::take(&mut method.attrs);
    let attributes = method.attrs.clone();
    method.attrs = attributes::filtered(&attributes, |path| !is_mark(path));
    Some((marks, attributes, method.clone()))
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

impl Method {
    fn new(
        method: TraitItemFn,
        marks: Marks,
        attributes: Vec<Attribute>,
        variant: Ident,
        parameters: &Parameters,
        path: &TokenStream,
    ) -> Method {
        let written = match &method.sig.output {
            ReturnType::Default => parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        let (asyncness, written) = match future_output(&written) {
            Some((asyncness, output)) => (asyncness, output.clone()),
            None if method.sig.asyncness.is_some() => (Asyncness::Async, written),
            None => (Asyncness::Blocking, written),
        };
        Method {
            attributes,
            marks,
            body: if method.default.is_some() { Body::Default } else { Body::Missing },
            arguments: Argument::all(&method.sig, parameters),
            asyncness,
            output: Output::new(written, parameters, path),
            variant,
            signature: method.sig,
        }
    }

    /// Whether a stub that implements the trait calls the worker: what has a default body runs on the host, unless it is
    /// marked `#[remote]`.
    pub(crate) fn is_forwarded(&self) -> bool {
        self.body == Body::Missing || !self.marks.remote.is_empty()
    }

    /// The arguments that the method changes, which come back with what it returns.
    pub(crate) fn changed(&self) -> impl Iterator<Item = &Argument> {
        self.arguments.iter().filter(|argument| argument.carriage == Carriage::Changed)
    }

    pub(crate) fn kind(&self) -> Kind {
        if self.marks.norequest.is_empty() { Kind::Request } else { Kind::NoRequest }
    }

    /// The name as the user speaks it: `match` for `r#match`.
    pub(crate) fn name(&self) -> String {
        self.signature.ident.unraw().to_string()
    }
}

impl Output {
    fn new(written: Type, parameters: &Parameters, path: &TokenStream) -> Output {
        let in_items = in_items(&written, parameters);
        Output { owned: owned(&in_items, path), writing: Writing::of_owned(&in_items, path), written }
    }
}

impl Argument {
    fn all(signature: &Signature, parameters: &Parameters) -> Vec<Argument> {
        let typed = signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(argument) => Some(argument),
            FnArg::Receiver(_) => None,
        });
        let mut names = Names::default();
        for name in typed.clone().filter_map(written_name) {
            names.unique(name.to_string());
        }
        let argument = |(position, tokens)| Argument::new(tokens, position, &mut names, parameters);
        (1..).zip(typed).map(argument).collect()
    }

    fn new(tokens: &PatType, position: usize, names: &mut Names, parameters: &Parameters) -> Argument {
        let name = written_name(tokens)
            .cloned()
            .unwrap_or_else(|| Ident::new(&names.unique(format!("argument_{position}")), tokens.pat.span()));
        let ty = in_items(&tokens.ty, parameters);
        let (in_message, borrow) = renamed(&ty, &message_lifetime());
        Argument {
            name,
            carriage: Carriage::of(&ty),
            writing: match pointee(&ty) {
                Some(pointee) if parameters.is_unsized(pointee) => Writing::Lent,
                _ => Writing::of(&in_message),
            },
            in_message,
            borrow,
            ty,
            tokens: tokens.clone(),
        }
    }
}

/// The `T` of a `&T`.
fn pointee(ty: &Type) -> Option<&Type> {
    match peeled(ty) {
        Type::Reference(reference) => Some(&reference.elem),
        _ => None,
    }
}

/// A type with a parameter for each type that belongs to the implementation.
fn in_items(ty: &Type, parameters: &Parameters) -> Type {
    // Only names change, so it is still a type.
    syn::parse2(parameters.in_items(ty)).unwrap_or_else(|_| ty.clone())
}

fn written_name(argument: &PatType) -> Option<&Ident> {
    match &*argument.pat {
        Pat::Ident(pattern) => Some(&pattern.ident),
        _ => None,
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
