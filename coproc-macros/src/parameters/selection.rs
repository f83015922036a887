//! Some of a trait's parameters, as one generated item declares them and passes them on.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::{Kind, Parameter, Parameters};
use crate::projection::{mentions, of_worker};

/// Some of a trait's parameters, as one generated item has them.
pub(crate) struct Selection<'p> {
    parameters: &'p Parameters,
    chosen: Vec<&'p Parameter>,
}

impl<'p> Selection<'p> {
    /// Those that are wanted.
    pub(super) fn new(parameters: &'p Parameters, wanted: impl Fn(&Parameter) -> bool) -> Selection<'p> {
        let chosen = parameters.all.iter().filter(|parameter| wanted(parameter)).collect();
        Selection { parameters, chosen }
    }

    /// Each of them.
    pub(crate) fn each(&self) -> impl Iterator<Item = &Parameter> {
        self.chosen.iter().copied()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// Those that are types.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Ident> {
        self.chosen.iter().filter(|parameter| parameter.is_type()).map(|parameter| &parameter.ident)
    }

    /// As a type declares them that asks nothing of them: `K, const N: usize`.
    pub(crate) fn named(&self) -> Vec<TokenStream> {
        let name = |parameter: &&Parameter| {
            let ident = &parameter.ident;
            match &parameter.kind {
                Kind::Constant(ty) => quote!(const #ident: #ty),
                Kind::Type if parameter.is_unsized() => quote!(#ident: ?Sized),
                Kind::Type | Kind::Associated(_) => quote!(#ident),
            }
        };
        self.chosen.iter().map(name).collect()
    }

    /// As an `impl` declares them: `K: Ord, const N: usize`.
    pub(crate) fn declared(&self) -> Vec<TokenStream> {
        self.chosen.iter().map(|parameter| self.declaration(parameter)).collect()
    }

    /// As a type declares them, with the trait's own defaults; where others follow that have none, there can be none.
    pub(crate) fn declared_with_defaults(&self) -> Vec<TokenStream> {
        let last = self.chosen.iter().rposition(|parameter| parameter.default.is_none());
        let first = last.map_or(0, |last| last.saturating_add(1));
        let declare = |(position, parameter): (usize, &&Parameter)| {
            let declared = self.declaration(parameter);
            match &parameter.default {
                Some(default) if position >= first => quote!(#declared = #default),
                _ => declared,
            }
        };
        self.chosen.iter().enumerate().map(declare).collect()
    }

    /// As they are passed on: `K, N`.
    pub(crate) fn passed(&self) -> Vec<TokenStream> {
        self.chosen.iter().map(|parameter| parameter.ident.to_token_stream()).collect()
    }

    /// As they are passed on where `worker` implements the trait: `K, N, T::Error`.
    pub(crate) fn passed_by(&self, worker: &Ident) -> Vec<TokenStream> {
        let pass = |parameter: &&Parameter| match &parameter.kind {
            Kind::Associated(projection) => of_worker(&projection.tokens, worker),
            Kind::Type | Kind::Constant(_) => parameter.ident.to_token_stream(),
        };
        self.chosen.iter().map(pass).collect()
    }

    /// What the trait demands of them in its where clause.
    pub(crate) fn predicates(&self) -> Vec<TokenStream> {
        self.parameters
            .predicates
            .iter()
            .filter(|tokens| self.speaks_only_of_these(tokens))
            .cloned()
            .collect()
    }

    fn declaration(&self, parameter: &Parameter) -> TokenStream {
        let ident = &parameter.ident;
        if let Kind::Constant(ty) = &parameter.kind {
            return quote!(const #ident: #ty);
        }
        let bounds = parameter.bounds.iter().filter(|tokens| self.speaks_only_of_these(tokens));
        let bounds: Vec<_> = bounds.collect();
        if bounds.is_empty() { quote!(#ident) } else { quote!(#ident: #(#bounds)+*) }
    }

    fn speaks_only_of_these(&self, tokens: &TokenStream) -> bool {
        let chosen = |parameter: &Parameter| self.chosen.iter().any(|known| known.ident == parameter.ident);
        let strangers = self.parameters.all.iter().filter(|parameter| !chosen(parameter));
        strangers.into_iter().all(|parameter| !mentions(tokens, &parameter.ident))
    }
}
