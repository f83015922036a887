//! From tokens to syntax: the attribute's options, and the trait below it.

use proc_macro2::TokenStream;
use syn::{
    Attribute, ItemTrait, Token, Visibility,
    parse::{ParseStream, Parser},
};

use crate::{options::Options, report::Report};

/// The options between the attribute's parentheses; none where they are not to be understood.
pub(crate) fn options(tokens: TokenStream, report: &mut Report) -> Options {
    syn::parse2(tokens.clone()).unwrap_or_else(|_| {
        let help = "write options as in `#[worker(host = Name, crate = path)]`";
        report.refuse(tokens, "these are not options of `#[worker]`", help);
        Options::default()
    })
}

/// The trait that the attribute stands on; `None` where it stands on something else.
pub(crate) fn service(item: &TokenStream, report: &mut Report) -> Option<ItemTrait> {
    if let Ok(Some(keyword)) = keyword_of_no_trait.parse2(item.clone()) {
        let help = "declare the methods in a trait, and put `#[worker]` on that";
        report.refuse(keyword, "`#[worker]` goes on a trait, and this is not one", help);
        return None;
    }
    match syn::parse2(item.clone()) {
        Ok(item) => Some(item),
        Err(error) => {
            report.add(error);
            None
        }
    }
}

/// The first token of an item, behind its attributes and visibility, if the item is no trait.
fn keyword_of_no_trait(input: ParseStream<'_>) -> syn::Result<Option<proc_macro2::TokenTree>> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    let rest = input.fork();
    input.parse::<Option<Token![unsafe]>>()?;
    let is_trait = input.peek(Token![trait]);
    // A parser has to take all that is there.
    input.parse::<TokenStream>()?;
    let keyword = rest.parse()?;
    rest.parse::<TokenStream>()?;
    Ok((!is_trait).then_some(keyword))
}
