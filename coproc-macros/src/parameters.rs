//! The parameters of generated items: those of the trait, and its associated types, which a stub has no implementation for.

mod selection;

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{
    GenericParam, ItemTrait, Lifetime, TraitItem, TraitItemFn, Type, TypeParam, TypeParamBound,
    WherePredicate, ext::IdentExt,
};

use crate::{
    expand::located,
    names::Names,
    projection::{Projection, mentions, of_worker, projects, replaced},
    signature::text,
};

pub(crate) use selection::Selection;

/// What a trait leaves open.
pub(crate) struct Parameters {
    pub(crate) lifetimes: Vec<Lifetime>,
    /// The trait's own types and constants, then its associated types.
    all: Vec<Parameter>,
    predicates: Vec<TokenStream>,
    trait_name: Ident,
}

/// Which associated types become parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Those that cross.
    Used,
    /// Those too that only an implementation of the trait must name.
    All,
}

/// One of them.
pub(crate) struct Parameter {
    pub(crate) ident: Ident,
    kind: Kind,
    bounds: Vec<TokenStream>,
    default: Option<TokenStream>,
}

enum Kind {
    Type,
    /// Of this type.
    Constant(TokenStream),
    /// `Self::Error` or its like.
    Associated(Projection),
}

impl Parameters {
    /// Those of a trait whose methods `methods` can be called from elsewhere: of its associated types the `wanted` ones.
    pub(crate) fn of<'m>(
        item: &ItemTrait,
        methods: impl Iterator<Item = &'m TraitItemFn>,
        wanted: Wanted,
        path: &TokenStream,
    ) -> Parameters {
        let mut parameters = Parameters {
            lifetimes: item.generics.lifetimes().map(|parameter| parameter.lifetime.clone()).collect(),
            all: Vec::new(),
            predicates: Vec::new(),
            trait_name: item.ident.clone(),
        };
        parameters.name_associated_types(item, methods, wanted);
        let own =
            item.generics.params.iter().filter_map(|parameter| parameters.own(parameter, path)).collect();
        let associated = std::mem::replace(&mut parameters.all, own);
        parameters.all.extend(associated);
        parameters.bound_associated_types(item);
        let lifetimes: Vec<_> = parameters.lifetimes.iter().collect();
        let clause = item.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let predicates = clause.filter_map(|predicate| about_types(predicate, &lifetimes));
        parameters.predicates =
            predicates.filter_map(|predicate| parameters.expressible(predicate)).collect();
        parameters
    }

    /// All of them.
    pub(crate) fn all(&self) -> Selection<'_> {
        Selection::new(self, |_| true)
    }

    /// The trait's own, which an implementation does not determine.
    pub(crate) fn own_ones(&self) -> Selection<'_> {
        Selection::new(self, |parameter| parameter.projection().is_none())
    }

    /// Those that the tokens mention, and those that their bounds mention, where a type is only there by its bound: `K::Item`.
    pub(crate) fn used_in(&self, tokens: &TokenStream) -> Selection<'_> {
        let mut tokens = tokens.clone();
        for parameter in &self.all {
            if projects(&tokens, &parameter.ident) {
                tokens.extend(parameter.bounds.iter().cloned());
            }
        }
        Selection::new(self, |parameter| mentions(&tokens, &parameter.ident))
    }

    /// Whether the type is a parameter that may have no size.
    pub(crate) fn is_unsized(&self, ty: &Type) -> bool {
        let ty = text(ty);
        self.all.iter().any(|parameter| parameter.is_unsized() && parameter.ident == ty)
    }

    /// The tokens as a generated item has them, with a parameter for each associated type.
    pub(crate) fn in_items(&self, tokens: impl ToTokens) -> TokenStream {
        replaced(tokens, &mut |projection| match self.associated(projection) {
            Some(parameter) => {
                let mut ident = parameter.ident.clone();
                ident.set_span(projection.name.span());
                ident.to_token_stream()
            }
            None => projection.tokens.clone(),
        })
    }

    /// What the associated types are called in the trait, with their parameters: `Error` for `Self::Error`.
    pub(crate) fn associated_types(&self) -> impl Iterator<Item = (&Ident, &Ident)> {
        self.all.iter().filter_map(|parameter| Some((&parameter.projection()?.name, &parameter.ident)))
    }

    /// A bound or predicate as generated items can have it, if they can.
    pub(crate) fn expressible(&self, bound: impl ToTokens) -> Option<TokenStream> {
        let tokens = self.in_items(bound);
        let of_lifetime = self.lifetimes.iter().any(|lifetime| mentions(&tokens, &lifetime.ident));
        let of_self = mentions(&tokens, &format_ident!("Self"));
        (!of_lifetime && !of_self).then_some(tokens)
    }

    /// What is said of parameters, said of what `worker` has in their place.
    pub(crate) fn by_worker(&self, tokens: TokenStream, worker: &Ident) -> TokenStream {
        let replace = |token: TokenTree| match token {
            TokenTree::Ident(ident) => {
                let parameter = self.all.iter().find(|parameter| parameter.ident == ident);
                match parameter.and_then(Parameter::projection) {
                    Some(projection) => located(&of_worker(&projection.tokens, worker), ident.span()),
                    None => ident.to_token_stream(),
                }
            }
            TokenTree::Group(group) => {
                let inner = self.by_worker(group.stream(), worker);
                TokenTree::Group(Group::new(group.delimiter(), inner)).to_token_stream()
            }
            other => other.to_token_stream(),
        };
        tokens.into_iter().map(replace).collect()
    }

    fn name_associated_types<'m>(
        &mut self,
        item: &ItemTrait,
        methods: impl Iterator<Item = &'m TraitItemFn>,
        wanted: Wanted,
    ) {
        let mut projections = Vec::new();
        let mut find = |tokens: TokenStream| {
            replaced(tokens, &mut |projection| {
                projections.push(projection.clone());
                TokenStream::new()
            })
        };
        let signatures: TokenStream = methods.map(|method| find(method.sig.to_token_stream())).collect();
        let bounds = item.items.iter().filter_map(|item| match item {
            TraitItem::Type(associated) => Some(replaced(&associated.bounds, &mut |_| TokenStream::new())),
            _ => None,
        });
        // A parameter hides what else has its name.
        let mentioned: TokenStream = bounds.chain([signatures, item.generics.to_token_stream()]).collect();
        let declared = item.items.iter().filter_map(|item| match item {
            TraitItem::Type(associated) if associated.generics.params.is_empty() => {
                Some(Projection::of_self(&associated.ident))
            }
            _ => None,
        });
        // In the order of their declaration, and behind them those of other traits.
        let used = |wanted: &Projection| {
            projections.iter().any(|used| text(&self.short(used).tokens) == text(&wanted.tokens))
        };
        let declared: Vec<_> = declared.filter(|declared| wanted == Wanted::All || used(declared)).collect();
        let projections: Vec<_> = declared.into_iter().chain(projections).collect();
        let mut names = Names::default();
        for projection in projections {
            if self.associated(&projection).is_some() {
                continue;
            }
            let mut ident = projection.name.unraw();
            loop {
                ident = Ident::new(&names.unique(ident.to_string()), projection.name.span());
                if ident != self.trait_name && !mentions(&mentioned, &ident) {
                    break;
                }
            }
            let kind = Kind::Associated(projection);
            self.all.push(Parameter { ident, kind, bounds: Vec::new(), default: None });
        }
    }

    fn bound_associated_types(&mut self, item: &ItemTrait) {
        for item in &item.items {
            let TraitItem::Type(declared) = item else { continue };
            let bounds = self.bounds(&declared.bounds);
            let name = text(&Projection::of_self(&declared.ident).tokens);
            let is_it = |parameter: &&mut Parameter| {
                parameter.projection().is_some_and(|projection| text(&projection.tokens) == name)
            };
            if let Some(parameter) = self.all.iter_mut().find(is_it) {
                parameter.bounds = bounds;
            }
        }
    }

    fn own(&self, parameter: &GenericParam, path: &TokenStream) -> Option<Parameter> {
        match parameter {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(TypeParam { ident, bounds, default, .. }) => {
                let default = default.as_ref().and_then(|(_, default)| self.expressible(default));
                let bounds = self.bounds(bounds);
                let mut parameter = Parameter { ident: ident.clone(), kind: Kind::Type, bounds, default };
                if parameter.is_unsized() {
                    // What is sized is one anyway.
                    parameter.bounds.push(quote!(#path::Carry));
                }
                Some(parameter)
            }
            GenericParam::Const(constant) => Some(Parameter {
                ident: constant.ident.clone(),
                kind: Kind::Constant(constant.ty.to_token_stream()),
                bounds: Vec::new(),
                default: constant.default.as_ref().map(|(_, default)| default.to_token_stream()),
            }),
        }
    }

    fn bounds<'b>(&self, bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> Vec<TokenStream> {
        bounds.into_iter().filter_map(|bound| self.expressible(bound)).collect()
    }

    /// The parameter for an associated type.
    fn associated(&self, wanted: &Projection) -> Option<&Parameter> {
        let name = |projection: &Projection| text(&self.short(projection).tokens);
        let wanted = name(wanted);
        let is_it = |parameter: &&Parameter| {
            parameter.projection().is_some_and(|projection| name(projection) == wanted)
        };
        self.all.iter().find(is_it)
    }

    /// `<Self as Store>::Error` in `trait Store` is `Self::Error`.
    fn short(&self, projection: &Projection) -> Projection {
        let of_this_trait = format!("<Self as {}", self.trait_name.unraw());
        match text(&projection.tokens).strip_prefix(&of_this_trait) {
            Some(rest) if rest.starts_with(['<', '>']) => Projection::of_self(&projection.name),
            _ => projection.clone(),
        }
    }
}

impl Parameter {
    /// Whether it is a type, which a struct must mention.
    pub(crate) fn is_type(&self) -> bool {
        !matches!(self.kind, Kind::Constant(_))
    }

    /// Whether it is a type that may have no size.
    fn is_unsized(&self) -> bool {
        self.bounds.iter().any(|bound| text(bound) == "?Sized")
    }

    /// What it stands for, where that is an associated type.
    fn projection(&self) -> Option<&Projection> {
        match &self.kind {
            Kind::Associated(projection) => Some(projection),
            Kind::Type | Kind::Constant(_) => None,
        }
    }
}

/// What a predicate says about types: lifetimes are another matter, and every worker is `Sized`.
///
/// Nothing if it speaks of one of these lifetimes, which are a call's own.
pub(crate) fn about_types(predicate: &WherePredicate, lifetimes: &[&Lifetime]) -> Option<TokenStream> {
    let WherePredicate::Type(predicate) = predicate else { return None };
    let bounds = predicate.bounds.iter().filter(|bound| match bound {
        TypeParamBound::Trait(bound) => !["Sized", "?Sized"].contains(&text(bound).as_str()),
        _ => false,
    });
    let bounds: Vec<_> = bounds.collect();
    let (any, ty) = (&predicate.lifetimes, &predicate.bounded_ty);
    let tokens = quote!(#any #ty: #(#bounds)+*);
    let of_a_call = lifetimes.iter().any(|lifetime| mentions(&tokens, &lifetime.ident));
    (!bounds.is_empty() && !of_a_call).then_some(tokens)
}
