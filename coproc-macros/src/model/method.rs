//! A method as the macro sees it: its arguments and what it returns.

use proc_macro2::{Ident, TokenStream};
use syn::{
    Attribute, FnArg, Pat, PatType, ReturnType, Signature, TraitItem, TraitItemFn, Type, ext::IdentExt,
    parse_quote, spanned::Spanned,
};

use crate::{
    attributes,
    carry::{Carriage, Writing, collected},
    future::{Asyncness, future_output},
    lifetimes::{Borrow, message_lifetime, renamed},
    marks::{Marks, is_mark},
    names::Names,
    owned::owned,
    parameters::Parameters,
    types::peeled,
};

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

/// A method with the marks taken off it.
pub(super) struct Marked {
    pub(super) marks: Marks,
    /// What stays of its attributes, and the marks that a `cfg_attr` hides.
    attributes: Vec<Attribute>,
    pub(super) method: TraitItemFn,
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

impl Marked {
    /// Takes the marks off, also those in a `cfg_attr`, so that the trait can be emitted without them.
    pub(super) fn take(item: &mut TraitItem) -> Option<Marked> {
        let TraitItem::Fn(method) = item else {
            return None;
        };
        let marks = Marks::take(&mut method.attrs);
        let attributes = method.attrs.clone();
        method.attrs = attributes::filtered(&attributes, |path| !is_mark(path));
        Some(Marked { marks, attributes, method: method.clone() })
    }
}

impl Method {
    pub(super) fn new(marked: Marked, variant: Ident, parameters: &Parameters, path: &TokenStream) -> Method {
        let Marked { marks, attributes, method } = marked;
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
        let is_changed = |carriage| matches!(carriage, Carriage::Changed | Carriage::OptionalChanged);
        self.arguments.iter().filter(move |argument| is_changed(argument.carriage))
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
            writing: match pointee(&ty).map(|pointee| collected(pointee).unwrap_or(pointee)) {
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
