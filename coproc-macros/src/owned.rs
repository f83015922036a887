//! What comes back for a type that borrows: a worker's memory stays where it is.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{GenericArgument, Lifetime, PathArguments, PathSegment, Type, parse_quote, spanned::Spanned};

use crate::{expand::located, lifetimes::spell_out, types::peeled};

/// The type that owns what `ty` borrows: `String` for `&str`, `Vec<T>` for `&[T]`, `T` for `&T`, also inside others.
pub(crate) fn owned(ty: &Type, private: &TokenStream) -> Type {
    let mut ty = ty.clone();
    own(&mut ty, private);
    ty
}

fn own(ty: &mut Type, private: &TokenStream) {
    match ty {
        Type::Array(array) => own(&mut array.elem, private),
        Type::Group(group) => own(&mut group.elem, private),
        Type::Paren(paren) => own(&mut paren.elem, private),
        Type::Slice(slice) => own(&mut slice.elem, private),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(|element| own(element, private)),
        Type::Path(path) => path.path.segments.iter_mut().for_each(|segment| own_in(segment, private)),
        Type::Reference(reference) => *ty = owned_pointee(&reference.elem, private),
        _ => {}
    }
}

fn own_in(segment: &mut PathSegment, private: &TokenStream) {
    let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else {
        return;
    };
    if segment.ident == "Cow" {
        spell_out(arguments, &mut |lifetime| *lifetime = Some(Lifetime::new("'static", Span::call_site())));
    }
    for argument in &mut arguments.args {
        match argument {
            GenericArgument::Lifetime(lifetime) => *lifetime = Lifetime::new("'static", lifetime.span()),
            GenericArgument::Type(ty) => own(ty, private),
            _ => {}
        }
    }
}

fn owned_pointee(pointee: &Type, private: &TokenStream) -> Type {
    let span = Span::call_site().located_at(pointee.span());
    let private = located(private, span);
    let standard = match peeled(pointee) {
        Type::Slice(slice) => {
            let element = owned(&slice.elem, &private);
            Some(quote_spanned!(span=> vec::Vec<#element>))
        }
        Type::Path(path) if path.path.is_ident("str") => Some(quote_spanned!(span=> string::String)),
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "Path" => Some(quote_spanned!(span=> path::PathBuf)),
            Some(last) if last.ident == "OsStr" => Some(quote_spanned!(span=> ffi::OsString)),
            Some(last) if last.ident == "CStr" => Some(quote_spanned!(span=> ffi::CString)),
            _ => None,
        },
        _ => None,
    };
    match standard {
        Some(path) => {
            let ty = quote_spanned!(span=> #private::std::#path);
            parse_quote!(#ty)
        }
        None => owned(pointee, &private),
    }
}

#[cfg(test)]
mod tests {
    use super::owned;
    use crate::signature::text;
    use quote::quote;
    use syn::parse_str;

    #[test]
    fn what_is_borrowed_comes_back_owned() {
        let cases = [
            ("u32", "u32"),
            ("&str", "p::std::string::String"),
            ("&'static str", "p::std::string::String"),
            ("Option<&'a [u8]>", "Option<p::std::vec::Vec<u8>>"),
            ("io::Result<&T>", "io::Result<T>"),
            ("Result<(&str, u8), &Error>", "Result<(p::std::string::String, u8), Error>"),
            ("&[&[&T]]", "p::std::vec::Vec<p::std::vec::Vec<T>>"),
            ("&&Path", "p::std::path::PathBuf"),
            ("Cow<str>", "Cow<'static, str>"),
            ("Cow<'_, [&str]>", "Cow<'static, [p::std::string::String]>"),
            ("HashMap<&str, Token<'a>>", "HashMap<p::std::string::String, Token<'static>>"),
        ];
        for (written, expected) in cases {
            assert_eq!(text(&owned(&parse_str(written).unwrap(), &quote!(p))), expected, "{written}");
        }
    }
}
