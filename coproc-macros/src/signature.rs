//! A method's signature as text, the same from every compiler: it goes into the fingerprint of the service.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The tokens of a type as text, with a space only after a comma or a semicolon and between two words.
pub(crate) fn text(tokens: &impl ToTokens) -> String {
    let mut text = String::new();
    write(tokens.to_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = delimiters(group.delimiter());
                text.push_str(open);
                write(group.stream(), text);
                text.truncate(text.trim_end().len());
                text.push_str(close);
            }
            TokenTree::Punct(punct) => {
                // rustfmt ends a list that it breaks with a comma: `Map<K, V,>` is `Map<K, V>`.
                if punct.as_char() == '>' {
                    text.truncate(text.trim_end_matches(", ").len());
                }
                text.push(punct.as_char());
                if matches!(punct.as_char(), ',' | ';') && punct.spacing() == Spacing::Alone {
                    text.push(' ');
                }
            }
            TokenTree::Ident(ident) => write_word(&ident.to_string(), text),
            TokenTree::Literal(literal) => write_word(&literal.to_string(), text),
        }
    }
}

fn write_word(word: &str, text: &mut String) {
    let after_word = |last: char| last.is_alphanumeric() || last == '_' || last == '"';
    if text.ends_with(after_word) {
        text.push(' ');
    }
    text.push_str(word);
}

fn delimiters(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        // What a `macro_rules!` fragment is wrapped in: as if it had been written in place.
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::text;
    use proc_macro2::{Delimiter, Group};
    use quote::quote;

    #[test]
    fn spacing_is_ours() {
        let cases = [
            (quote!(&str), "&str"),
            (quote!(&'a mut [u8]), "&'a mut[u8]"),
            (quote!(Result<Vec<u8>, std::io::Error>), "Result<Vec<u8>, std::io::Error>"),
            (quote!([u8; 4]), "[u8; 4]"),
            (quote!((A, B,)), "(A, B,)"),
            (quote!(<A as B>::C), "<A as B>::C"),
        ];
        for (tokens, expected) in cases {
            assert_eq!(text(&tokens), expected);
        }
    }

    #[test]
    fn a_comma_at_the_end_of_a_list_changes_nothing() {
        assert_eq!(text(&quote!(Map<Key, Value,>)), text(&quote!(Map<Key, Value>)));
    }

    #[test]
    fn a_macro_fragment_changes_nothing() {
        let wrapped = Group::new(Delimiter::None, quote!(Vec<u8>));
        assert_eq!(text(&wrapped), "Vec<u8>");
    }
}
