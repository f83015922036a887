//! The lifetimes in a type: those of a message, of a stub's arguments, and of what is returned.

use proc_macro2::Span;
use syn::{AngleBracketedGenericArguments, GenericArgument, Lifetime, PathArguments, PathSegment, Type};

use crate::types::arguments;

/// Whether a type borrows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Borrow {
    Nothing,
    Something,
}

/// The lifetime of the buffer that a message is read from, as the message enums name it.
pub(crate) fn message_lifetime() -> Lifetime {
    Lifetime::new("'message", Span::call_site())
}

/// The type with this lifetime in place of every one but `'static`, and whether there was one.
pub(crate) fn renamed(ty: &Type, to: &Lifetime) -> (Type, Borrow) {
    let mut ty = ty.clone();
    let mut borrow = Borrow::Nothing;
    change(&mut ty, &mut |lifetime| {
        if !is_static(lifetime.as_ref()) {
            *lifetime = Some(to.clone());
            borrow = Borrow::Something;
        }
    });
    (ty, borrow)
}

/// The type without the names of lifetimes, as an argument may be written.
pub(crate) fn elided(ty: &Type) -> Type {
    let mut ty = ty.clone();
    change(&mut ty, &mut |lifetime| {
        if !is_static(lifetime.as_ref()) {
            *lifetime = None;
        }
    });
    ty
}

/// Whether the type borrows, or holds a reference at all.
pub(crate) fn borrows(ty: &Type) -> bool {
    renamed(ty, &message_lifetime()).1 == Borrow::Something || refers(ty)
}

/// Whether there is a reference in the type.
pub(crate) fn refers(ty: &Type) -> bool {
    match ty {
        Type::Reference(_) => true,
        Type::Array(array) => refers(&array.elem),
        Type::Group(group) => refers(&group.elem),
        Type::Paren(paren) => refers(&paren.elem),
        Type::Slice(slice) => refers(&slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(refers),
        Type::Path(path) => arguments(&path.path).any(|argument| match argument {
            GenericArgument::Type(ty) => refers(ty),
            _ => false,
        }),
        _ => false,
    }
}

fn is_static(lifetime: Option<&Lifetime>) -> bool {
    lifetime.is_some_and(|lifetime| lifetime.ident == "static")
}

/// Passes each lifetime of the type through `change`; one that is left out is `None`.
fn change(ty: &mut Type, with: &mut dyn FnMut(&mut Option<Lifetime>)) {
    match ty {
        Type::Array(array) => change(&mut array.elem, with),
        Type::Group(group) => change(&mut group.elem, with),
        Type::Paren(paren) => change(&mut paren.elem, with),
        Type::Slice(slice) => change(&mut slice.elem, with),
        Type::Reference(reference) => {
            with(&mut reference.lifetime);
            change(&mut reference.elem, with);
        }
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(|element| change(element, with)),
        Type::Path(path) => {
            if let Some(qself) = &mut path.qself {
                change(&mut qself.ty, with);
            }
            path.path.segments.iter_mut().for_each(|segment| change_in(segment, with));
        }
        _ => {}
    }
}

fn change_in(segment: &mut PathSegment, with: &mut dyn FnMut(&mut Option<Lifetime>)) {
    let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else {
        return;
    };
    if segment.ident == "Cow" {
        spell_out(arguments, with);
    }
    for argument in &mut arguments.args {
        match argument {
            GenericArgument::Lifetime(written) => {
                let mut lifetime = Some(written.clone());
                with(&mut lifetime);
                *written = lifetime.unwrap_or_else(|| Lifetime::new("'_", written.span()));
            }
            GenericArgument::Type(ty) => change(ty, with),
            GenericArgument::AssocType(associated) => change(&mut associated.ty, with),
            _ => {}
        }
    }
}

/// `Cow<str>` is `Cow<'_, str>`: the one type of the standard library whose lifetime people leave out.
pub(crate) fn spell_out(
    arguments: &mut AngleBracketedGenericArguments,
    with: &mut dyn FnMut(&mut Option<Lifetime>),
) {
    if arguments.args.iter().any(|argument| matches!(argument, GenericArgument::Lifetime(_))) {
        return;
    }
    let mut lifetime = None;
    with(&mut lifetime);
    if let Some(lifetime) = lifetime {
        // What is spelled out has been seen to: the loop that follows finds it as it shall be.
        arguments.args.insert(0, GenericArgument::Lifetime(lifetime));
    }
}

#[cfg(test)]
mod tests {
    use super::{Borrow, borrows, elided, message_lifetime, renamed};
    use crate::signature::text;
    use syn::{Type, parse_str};

    #[test]
    fn every_lifetime_is_found() {
        use Borrow::*;
        let cases = [
            ("u32", Nothing, "u32", "u32"),
            ("Cow<'static, str>", Nothing, "Cow<'static, str>", "Cow<'static, str>"),
            ("&str", Something, "&'message str", "&str"),
            ("&'b [&'b u8]", Something, "&'message[&'message u8]", "&[&u8]"),
            ("Vec<Token<'b>>", Something, "Vec<Token<'message>>", "Vec<Token<'_>>"),
            ("Cow<str>", Something, "Cow<'message, str>", "Cow<str>"),
            ("(u8, [&str; 2])", Something, "(u8, [&'message str; 2])", "(u8, [&str; 2])"),
            ("<K as Get<&'b u8>>::Out", Something, "<K as Get<&'message u8>>::Out", "<K as Get<&u8>>::Out"),
        ];
        for (written, borrow, in_message, in_stub) in cases {
            let ty: Type = parse_str(written).unwrap();
            let (in_enum, found) = renamed(&ty, &message_lifetime());
            assert_eq!((text(&in_enum).as_str(), found), (in_message, borrow));
            assert_eq!(text(&elided(&ty)), in_stub);
            assert_eq!(borrows(&ty), borrow == Something);
        }
        assert!(borrows(&parse_str("Option<&'static str>").unwrap()));
    }
}
