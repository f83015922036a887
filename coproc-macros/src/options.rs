//! What may stand in `#[worker(…)]`: `request = Name`, `derive(Debug)`, `transparent`, `panic = "continue"` and their like.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    LitStr, Path, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

/// The options as written, known or not.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) written: Vec<Setting>,
}

/// One of them.
pub(crate) struct Setting {
    pub(crate) key: Ident,
    pub(crate) value: Value,
    /// All of it, for an error to point at.
    pub(crate) tokens: TokenStream,
}

/// What stands behind a key.
pub(crate) enum Value {
    /// `key`
    Nothing,
    /// `key = path`
    Path(Path),
    /// `key = "text"`
    Text(String),
    /// `key(path, path)`
    List(Vec<Path>),
    /// Anything else.
    Wrong,
}

impl Options {
    /// The name that a generated item shall have.
    pub(crate) fn name(&self, key: &str) -> Option<&Ident> {
        self.path(key)?.get_ident().filter(|name| !is_keyword(name))
    }

    /// The path given for a key, the first if there are several.
    pub(crate) fn path(&self, key: &str) -> Option<&Path> {
        match self.value(key) {
            Some(Value::Path(path)) => Some(path),
            _ => None,
        }
    }

    /// The text given for a key.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.value(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The paths given for a key.
    pub(crate) fn list(&self, key: &str) -> &[Path] {
        match self.value(key) {
            Some(Value::List(paths)) => paths,
            _ => &[],
        }
    }

    /// Leaves out what is set for a key.
    pub(crate) fn remove(&mut self, key: &str) {
        self.written.retain(|setting| setting.key != key);
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    fn value(&self, key: &str) -> Option<&Value> {
        Some(&self.written.iter().find(|setting| setting.key == key)?.value)
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
        let mut rest = TokenStream::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            input.parse::<TokenTree>()?.to_tokens(&mut rest);
        }
        let mut tokens = key.to_token_stream();
        tokens.extend(rest.clone());
        Ok(Setting { key, value: Value::of(rest), tokens })
    }
}

impl Value {
    fn of(tokens: TokenStream) -> Value {
        if tokens.is_empty() {
            return Value::Nothing;
        }
        let path = assigned_path.parse2(tokens.clone()).map(Value::Path);
        let text = path.or_else(|_| assigned_text.parse2(tokens.clone()).map(Value::Text));
        text.or_else(|_| list.parse2(tokens).map(Value::List)).unwrap_or(Value::Wrong)
    }
}

/// Whether it is one of the words that can stand in a path but name no item.
fn is_keyword(name: &Ident) -> bool {
    ["self", "Self", "super", "crate"].iter().any(|keyword| name == keyword)
}

fn assigned_path(input: ParseStream<'_>) -> syn::Result<Path> {
    input.parse::<Token![=]>()?;
    input.call(Path::parse_mod_style)
}

fn assigned_text(input: ParseStream<'_>) -> syn::Result<String> {
    input.parse::<Token![=]>()?;
    Ok(input.parse::<LitStr>()?.value())
}

fn list(input: ParseStream<'_>) -> syn::Result<Vec<Path>> {
    let inner;
    syn::parenthesized!(inner in input);
    let paths = Punctuated::<Path, Token![,]>::parse_terminated_with(&inner, Path::parse_mod_style)?;
    Ok(paths.into_iter().collect())
}
