//! `Self::Error` and its like in a signature: what generated items, which have no such `Self`, put in their place.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The tokens with each `Self::Name` and `<Self as Path>::Name` replaced by what `replacement` gives for it.
pub(crate) fn replaced(
    tokens: impl ToTokens,
    replacement: &mut dyn FnMut(&Projection) -> TokenStream,
) -> TokenStream {
    let tokens: Vec<_> = tokens.to_token_stream().into_iter().collect();
    let mut rest = tokens.as_slice();
    let mut output = TokenStream::new();
    while let Some((first, behind)) = rest.split_first() {
        if let Some((projection, behind)) = Projection::at(rest) {
            output.extend(replacement(&projection));
            rest = behind;
            continue;
        }
        match first {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replaced(group.stream(), replacement));
                inner.set_span(group.span());
                output.extend([TokenTree::Group(inner)]);
            }
            other => output.extend([other.clone()]),
        }
        rest = behind;
    }
    output
}

/// The tokens with `Self` replaced wherever it stands.
pub(crate) fn of_worker(tokens: impl ToTokens, worker: &Ident) -> TokenStream {
    let replace = |token: TokenTree| match token {
        TokenTree::Ident(ident) if ident == "Self" => {
            let mut worker = worker.clone();
            worker.set_span(worker.span().located_at(ident.span()));
            TokenTree::Ident(worker)
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), of_worker(group.stream(), worker));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => other,
    };
    tokens.to_token_stream().into_iter().map(replace).collect()
}

/// Whether the identifier stands anywhere in the tokens.
pub(crate) fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        _ => false,
    })
}

/// Whether the identifier stands anywhere by itself, and not only as in `K::Item`, which does not hold a `K`.
pub(crate) fn stands_alone(tokens: &TokenStream, name: &Ident) -> bool {
    occurs(tokens, name, &|next| !is_projected(next))
}

/// Whether it stands anywhere as in `K::Item` or `<K as Trait>::Item`.
pub(crate) fn projects(tokens: &TokenStream, name: &Ident) -> bool {
    occurs(tokens, name, &is_projected)
}

/// Whether the identifier stands anywhere before a token that is wanted.
fn occurs(tokens: &TokenStream, name: &Ident, wanted: &dyn Fn(Option<&TokenTree>) -> bool) -> bool {
    let mut tokens = tokens.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        let found = match &token {
            TokenTree::Group(group) => occurs(&group.stream(), name, wanted),
            TokenTree::Ident(ident) => ident == name && wanted(tokens.peek()),
            _ => false,
        };
        if found {
            return true;
        }
    }
    false
}

fn is_projected(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Punct(punct)) => punct.as_char() == ':',
        Some(TokenTree::Ident(keyword)) => keyword == "as",
        _ => false,
    }
}

/// A type that belongs to whatever implements the trait.
#[derive(Clone)]
pub(crate) struct Projection {
    /// Its name, where it stands.
    pub(crate) name: Ident,
    /// All of it.
    pub(crate) tokens: TokenStream,
}

impl Projection {
    /// `Self::name`.
    pub(crate) fn of_self(name: &Ident) -> Projection {
        Projection { name: name.clone(), tokens: quote!(Self::#name) }
    }

    /// The projection that the tokens begin with, and what stands behind it.
    fn at(tokens: &[TokenTree]) -> Option<(Projection, &[TokenTree])> {
        let owner = match tokens {
            [TokenTree::Ident(ident), ..] if ident == "Self" => 1,
            [TokenTree::Punct(open), TokenTree::Ident(ident), TokenTree::Ident(keyword), ..]
                if open.as_char() == '<' && ident == "Self" && keyword == "as" =>
            {
                closing(tokens)?
            }
            _ => return None,
        };
        let (owner, behind) = tokens.split_at_checked(owner)?;
        let [TokenTree::Punct(first), TokenTree::Punct(second), TokenTree::Ident(name), rest @ ..] = behind
        else {
            return None;
        };
        if first.as_char() != ':' || second.as_char() != ':' {
            return None;
        }
        // With arguments it is not one type but many.
        if matches!(rest, [TokenTree::Punct(open), ..] if open.as_char() == '<') {
            return None;
        }
        let (tokens, _) = tokens.split_at_checked(owner.len().checked_add(3)?)?;
        Some((Projection { name: name.clone(), tokens: tokens.iter().cloned().collect() }, rest))
    }
}

/// How many tokens there are up to the `>` that belongs to the `<` at their beginning.
fn closing(tokens: &[TokenTree]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut arrow = false;
    for (count, token) in (1..).zip(tokens) {
        let TokenTree::Punct(punct) = token else { continue };
        match punct.as_char() {
            '<' => depth += 1,
            '>' if !arrow => depth = depth.checked_sub(1)?,
            _ => {}
        }
        arrow = punct.as_char() == '-';
        if depth == 0 {
            return Some(count);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{of_worker, replaced};
    use quote::{format_ident, quote};

    #[test]
    fn projections_are_seen_wherever_they_stand() {
        let cases = [
            (quote!(Self::Error), quote!(E)),
            (quote!(Result<(Self::Item, u8), Self::Error>), quote!(Result<(E, u8), E>)),
            (quote!(<Self as Store<Vec<u8>>>::Error), quote!(E)),
            (quote!(<Self::Item as Named>::Name), quote!(<E as Named>::Name)),
            (quote!(Self), quote!(Self)),
            (quote!(Self::Item<'_>), quote!(Self::Item<'_>)),
        ];
        for (written, expected) in cases {
            let found = replaced(&written, &mut |_| quote!(E));
            assert_eq!(found.to_string(), expected.to_string());
        }
    }

    #[test]
    fn a_worker_takes_the_place_of_self() {
        let worker = format_ident!("T");
        let found = of_worker(quote!([<Self as Store>::Item; 2], Self::Error), &worker);
        assert_eq!(found.to_string(), quote!([<T as Store>::Item; 2], T::Error).to_string());
    }
}
