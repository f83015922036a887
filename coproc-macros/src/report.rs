//! The mistakes found so far, so that the user sees all of them at once.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// Collects errors; compilation fails if there are any.
#[derive(Default)]
pub(crate) struct Report {
    errors: Vec<Mistake>,
    /// The condition under which what is looked at now is there at all.
    condition: Option<TokenStream>,
}

struct Mistake {
    error: syn::Error,
    condition: Option<TokenStream>,
}

impl Report {
    /// Looks at something that is there under this condition only: so are its mistakes.
    pub(crate) fn under<T>(
        &mut self,
        condition: Option<TokenStream>,
        look: impl FnOnce(&mut Report) -> T,
    ) -> T {
        let outer = std::mem::replace(&mut self.condition, condition);
        let seen = look(self);
        self.condition = outer;
        seen
    }

    /// Refuses the tokens `at`: the reason in one line, then what to write instead.
    pub(crate) fn refuse(&mut self, at: impl ToTokens, reason: impl Display, help: impl Display) {
        let message = format!("{reason}\nhelp: {help}");
        self.add(syn::Error::new_spanned(at, message));
    }

    /// Refuses something that keeps a method from being called in another process, and names the way around it too.
    pub(crate) fn refuse_remote(
        &mut self,
        method: &syn::Signature,
        at: impl ToTokens,
        reason: impl Display,
        help: impl Display,
    ) {
        let way_around =
            format!("or keep the method out of the messages: write `#[local]` above `fn {}`", method.ident);
        self.refuse(at, reason, format!("{help}\nhelp: {way_around}"));
    }

    /// Adds an error that a parser has found.
    pub(crate) fn add(&mut self, error: syn::Error) {
        self.errors.push(Mistake { error, condition: self.condition.clone() });
    }

    /// How many errors there are, to see whether a step added any.
    pub(crate) fn count(&self) -> usize {
        self.errors.len()
    }

    /// How many there are whatever is configured.
    pub(crate) fn certain(&self) -> usize {
        self.errors.iter().filter(|mistake| mistake.condition.is_none()).count()
    }

    /// The errors as tokens that make rustc report them, and then `tokens`.
    pub(crate) fn followed_by(self, tokens: TokenStream) -> TokenStream {
        let errors = self.errors.iter().map(|Mistake { error, condition }| {
            let cfg = condition.as_ref().map(|condition| quote!(#[cfg(#condition)]));
            let error = error.to_compile_error();
            quote!(#cfg #error)
        });
        errors.chain([tokens]).collect()
    }
}
