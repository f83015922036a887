//! The trait as the macro sees it: a mirror of what the user wrote, with the user's own tokens.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{
    Attribute, FnArg, ItemTrait, Pat, PatType, ReturnType, Signature, TraitItem, TraitItemFn, Type,
    ext::IdentExt, parse_quote, spanned::Spanned,
};

use crate::{
    attributes,
    carry::{self, Borrow, Carriage, Encoding},
    marks::{Marks, is_mark},
    names::{self, Names},
    options::Options,
};

/// A trait with `#[worker]` on it.
pub(crate) struct Service {
    /// As written, without the marks of coproc on its methods.
    pub(crate) item: ItemTrait,
    pub(crate) options: Options,
    pub(crate) names: ItemNames,
    /// The path to the one module that generated code names.
    pub(crate) private: TokenStream,
    pub(crate) methods: Vec<Method>,
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
    pub(crate) arguments: Vec<Argument>,
    /// The type of what comes back: `()` where nothing is written.
    pub(crate) output: Type,
    /// The variant that stands for the method, in whichever enum it is.
    pub(crate) variant: Ident,
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
    /// The type, with the message's lifetime for every one that is left out.
    pub(crate) in_message: Type,
    pub(crate) carriage: Carriage,
    pub(crate) encoding: Encoding,
    pub(crate) borrow: Borrow,
}

impl Service {
    pub(crate) fn new(mut item: ItemTrait, options: Options) -> Service {
        let mut variants = VariantNames::default();
        let mut methods = Vec::new();
        for item in &mut item.items {
            if let TraitItem::Fn(method) = item {
                methods.push(Method::new(method, &mut variants));
            }
        }
        let names = ItemNames::new(&item.ident, &options);
        let private = match options.path("crate") {
            Some(path) => quote!(#path::__private),
            None => quote!(::coproc::__private),
        };
        Service { item, options, names, private, methods }
    }

    /// The methods of one kind.
    pub(crate) fn methods_of(&self, kind: Kind) -> impl Iterator<Item = &Method> {
        self.methods.iter().filter(move |method| method.kind() == kind)
    }

    /// The enum that holds the calls of one kind.
    pub(crate) fn call_enum(&self, kind: Kind) -> &Ident {
        match kind {
            Kind::Request => &self.names.request,
            Kind::NoRequest => &self.names.norequest,
        }
    }
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
    /// Takes the marks off the method, also those hidden in a `cfg_attr`, so that the trait can be emitted without them.
    fn new(method: &mut TraitItemFn, variants: &mut VariantNames) -> Method {
        let marks = Marks::take(&mut method.attrs);
        let attributes = method.attrs.clone();
        method.attrs = attributes::filtered(&attributes, |path| !is_mark(path));
        Method {
            attributes,
            marks,
            arguments: Argument::all(&method.sig),
            output: match &method.sig.output {
                ReturnType::Default => parse_quote!(()),
                ReturnType::Type(_, ty) => (**ty).clone(),
            },
            variant: variants.of(&method.sig.ident),
            signature: method.sig.clone(),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        if self.marks.norequest.is_empty() { Kind::Request } else { Kind::NoRequest }
    }

    /// The name as the user speaks it: `match` for `r#match`.
    pub(crate) fn name(&self) -> String {
        self.signature.ident.unraw().to_string()
    }
}

impl Argument {
    fn all(signature: &Signature) -> Vec<Argument> {
        let typed = signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(argument) => Some(argument),
            FnArg::Receiver(_) => None,
        });
        let mut names = Names::default();
        for name in typed.clone().filter_map(written_name) {
            names.unique(name.to_string());
        }
        let argument = |(position, tokens)| Argument::new(tokens, position, &mut names);
        (1..).zip(typed).map(argument).collect()
    }

    fn new(tokens: &PatType, position: usize, names: &mut Names) -> Argument {
        let name = written_name(tokens)
            .cloned()
            .unwrap_or_else(|| Ident::new(&names.unique(format!("argument_{position}")), tokens.pat.span()));
        let (in_message, borrow) = carry::in_message(&tokens.ty);
        Argument {
            name,
            in_message,
            carriage: Carriage::of(&tokens.ty),
            encoding: Encoding::of_argument(&tokens.ty),
            borrow,
            tokens: tokens.clone(),
        }
    }
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
