//! What may stand in `#[worker(…)]`: `request = Name`, `crate = path` and their like.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Path, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

/// The options as written, known or not.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) written: Vec<Setting>,
}

/// One `key = value`.
pub(crate) struct Setting {
    pub(crate) key: Ident,
    /// `None` where no path follows the key.
    pub(crate) value: Option<Path>,
    /// All of it, for an error to point at.
    pub(crate) tokens: TokenStream,
}

impl Options {
    /// The name that a generated item shall have.
    pub(crate) fn name(&self, key: &str) -> Option<&Ident> {
        self.path(key)?.get_ident()
    }

    /// The path given for a key, the first if there are several.
    pub(crate) fn path(&self, key: &str) -> Option<&Path> {
        self.written.iter().find(|setting| setting.key == key)?.value.as_ref()
    }
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Options> {
        let written = Punctuated::<Setting, Token![,]>::parse_terminated(input)?;
        Ok(Options { written: written.into_iter().collect() })
    }
}

impl Parse for Setting {
    fn parse(input: ParseStream<'_>) -> syn::Result<Setting> {
        let key = Ident::parse_any(input)?;
        let mut value = TokenStream::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            input.parse::<TokenTree>()?.to_tokens(&mut value);
        }
        let mut tokens = key.to_token_stream();
        tokens.extend(value.clone());
        Ok(Setting { key, value: assigned_path.parse2(value).ok(), tokens })
    }
}

fn assigned_path(input: ParseStream<'_>) -> syn::Result<Path> {
    input.parse::<Token![=]>()?;
    input.call(Path::parse_mod_style)
}
