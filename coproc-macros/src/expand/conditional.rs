//! Arguments under a `#[cfg]`, where Rust takes no attribute: one copy for each way in which they may be there.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    attributes,
    model::{Argument, Method},
};

/// One way in which the conditional arguments of a method may be there or not.
pub(super) struct Combination<'m> {
    /// The `#[cfg]` that holds in this case alone; nothing where there is but one case.
    pub(super) condition: Option<TokenStream>,
    /// The arguments that are there.
    pub(super) arguments: Vec<&'m Argument>,
}

/// All the ways, of which exactly one holds.
pub(super) fn combinations(method: &Method) -> Vec<Combination<'_>> {
    let mut cases: Vec<(Vec<TokenStream>, Vec<&Argument>)> = vec![Default::default()];
    for argument in &method.arguments {
        match attributes::condition(&argument.tokens.attrs) {
            None => cases.iter_mut().for_each(|(_, arguments)| arguments.push(argument)),
            Some(condition) => {
                let mut without = cases.clone();
                without.iter_mut().for_each(|(conditions, _)| conditions.push(quote!(not(#condition))));
                for (conditions, arguments) in &mut cases {
                    conditions.push(condition.clone());
                    arguments.push(argument);
                }
                cases.append(&mut without);
            }
        }
    }
    let combination = |(conditions, arguments): (Vec<_>, _)| {
        let condition = (!conditions.is_empty()).then(|| quote!(#[cfg(all(#(#conditions),*))]));
        Combination { condition, arguments }
    };
    cases.into_iter().map(combination).collect()
}
