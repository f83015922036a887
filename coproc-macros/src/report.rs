//! The mistakes found so far, so that the user sees all of them at once.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Collects errors; compilation fails if there are any.
#[derive(Default)]
pub(crate) struct Report {
    errors: Vec<syn::Error>,
}

impl Report {
    /// Refuses the tokens `at`: the reason in one line, then what to write instead.
    pub(crate) fn refuse(&mut self, at: impl ToTokens, reason: impl Display, help: impl Display) {
        let message = format!("{reason}\nhelp: {help}");
        self.errors.push(syn::Error::new_spanned(at, message));
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
        self.errors.push(error);
    }

    /// How many errors there are, to see whether a step added any.
    pub(crate) fn count(&self) -> usize {
        self.errors.len()
    }

    /// The errors as tokens that make rustc report them, and then `tokens`.
    pub(crate) fn followed_by(self, tokens: TokenStream) -> TokenStream {
        let errors = self.errors.iter().map(syn::Error::to_compile_error);
        errors.chain([tokens]).collect()
    }
}
