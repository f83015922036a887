//! Which of the user's attributes a generated item takes over, also those inside `#[cfg_attr]`.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Meta, Path, Token, parse::Parser, punctuated::Punctuated};

/// Decides by an attribute's name.
type Wanted = fn(&Path) -> bool;

/// What must reach everything that is made for a method or an argument.
pub(crate) fn cfg(path: &Path) -> bool {
    path.is_ident("cfg")
}

/// What describes a method to its reader.
pub(crate) fn cfg_or_doc(path: &Path) -> bool {
    cfg(path) || path.is_ident("doc")
}

/// What a method of the stub takes over.
///
/// Not `must_use`: what the stub returns is `must_use` by its type. Not `expect`: what is expected may not happen twice.
pub(crate) fn for_stub(path: &Path) -> bool {
    cfg_or_doc(path) || path.is_ident("deprecated") || path.is_ident("allow")
}

/// What a method of the stub that implements the trait's takes over: its documentation is the trait's.
pub(crate) fn cfg_or_allow(path: &Path) -> bool {
    cfg(path) || path.is_ident("allow")
}

/// The attributes that are wanted; a `cfg_attr` is kept with those of its attributes that are.
pub(crate) fn filtered(attributes: &[Attribute], wanted: Wanted) -> Vec<Attribute> {
    let kept = |attribute: &Attribute| {
        let meta = filtered_meta(&attribute.meta, wanted)?;
        Some(Attribute { meta, ..attribute.clone() })
    };
    attributes.iter().filter_map(kept).collect()
}

/// Whether any attribute, also inside a `cfg_attr`, is wanted.
pub(crate) fn any(attributes: &[Attribute], wanted: Wanted) -> bool {
    !filtered(attributes, wanted).is_empty()
}

/// The condition under which something with these attributes exists, for `cfg!`; `None` is always.
pub(crate) fn condition(attributes: &[Attribute]) -> Option<TokenStream> {
    let conditions: Vec<_> =
        attributes.iter().filter_map(|attribute| condition_of(&attribute.meta)).collect();
    (!conditions.is_empty()).then(|| quote!(all(#(#conditions),*)))
}

fn filtered_meta(meta: &Meta, wanted: Wanted) -> Option<Meta> {
    let Some((predicate, inner)) = split_cfg_attr(meta) else {
        return wanted(meta.path()).then(|| meta.clone());
    };
    let inner: Vec<_> = inner.iter().filter_map(|meta| filtered_meta(meta, wanted)).collect();
    let path = meta.path();
    (!inner.is_empty()).then(|| syn::parse_quote!(#path(#predicate, #(#inner),*)))
}

fn condition_of(meta: &Meta) -> Option<TokenStream> {
    if let Some((predicate, inner)) = split_cfg_attr(meta) {
        let inner: Vec<_> = inner.iter().filter_map(condition_of).collect();
        return (!inner.is_empty()).then(|| quote!(any(not(#predicate), all(#(#inner),*))));
    }
    match meta {
        Meta::List(list) if list.path.is_ident("cfg") => Some(list.tokens.clone()),
        _ => None,
    }
}

/// The predicate of a `cfg_attr` and its attributes; `None` if `meta` is something else, or not to be understood.
fn split_cfg_attr(meta: &Meta) -> Option<(TokenStream, Vec<Meta>)> {
    let list = meta.require_list().ok()?;
    if !list.path.is_ident("cfg_attr") {
        return None;
    }
    // Taken apart by hand up to the first comma: a predicate such as `true` is no `Meta`.
    let mut tokens = list.tokens.clone().into_iter();
    let predicate = tokens.by_ref().take_while(|token| !is_comma(token)).collect();
    let inner = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens.collect()).ok()?;
    Some((predicate, inner.into_iter().collect()))
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

#[cfg(test)]
mod tests {
    use super::{cfg, cfg_or_doc, condition, filtered};
    use quote::{ToTokens, quote};
    use syn::{Attribute, parse_quote};

    fn tokens(attributes: &[Attribute]) -> String {
        attributes.iter().map(|attribute| attribute.to_token_stream().to_string()).collect()
    }

    #[test]
    fn only_wanted_attributes_stay() {
        let written: [Attribute; 3] =
            [parse_quote!(#[inline]), parse_quote!(#[doc = "x"]), parse_quote!(#[cfg(unix)])];
        assert_eq!(tokens(&filtered(&written, cfg)), quote!(#[cfg(unix)]).to_string());
        assert_eq!(filtered(&written, cfg_or_doc).len(), 2);
    }

    #[test]
    fn a_cfg_attr_keeps_what_is_wanted_of_it() {
        let written: [Attribute; 2] = [
            parse_quote!(#[cfg_attr(true, inline, cfg(unix), cfg_attr(a = "b", must_use, doc = "x"))]),
            parse_quote!(#[cfg_attr(all(unix, windows), must_use)]),
        ];
        assert_eq!(
            tokens(&filtered(&written, cfg_or_doc)),
            quote!(#[cfg_attr(true, cfg(unix), cfg_attr(a = "b", doc = "x"))]).to_string()
        );
    }

    #[test]
    fn conditions_are_joined() {
        let written: [Attribute; 3] = [
            parse_quote!(#[cfg(unix)]),
            parse_quote!(#[allow(unused)]),
            parse_quote!(#[cfg_attr(test, cfg(a), inline)]),
        ];
        let joined = condition(&written).map(|tokens| tokens.to_string());
        assert_eq!(joined, Some(quote!(all(unix, any(not(test), all(a)))).to_string()));
        assert!(condition(&[parse_quote!(#[inline])]).is_none());
    }
}
