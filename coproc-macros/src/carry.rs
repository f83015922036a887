//! How a value gets into a message and out of it again, told from its type's tokens.

use proc_macro2::Span;
use syn::{GenericArgument, Lifetime, PathArguments, Type};

use crate::types::{generic, is_byte_slice, is_lent, is_path, is_u8, option_argument, peeled};

/// How an argument gets into its field of the message and back out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Carriage {
    /// As it is: `T`, and also `&str`, `&[u8]` and options of them, which are lent out of the message.
    Plain,
    /// `&T` as `Ref<'a, T>`.
    Reference,
    /// `Option<&T>` as `Option<Ref<'a, T>>`.
    OptionalReference,
}

/// How a field is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    /// As serde writes its type.
    Serde,
    /// As bytes in one piece, which serde by itself would write one by one.
    Bytes,
    /// As the names of files that they are, which serde by itself would refuse if they are not UTF-8.
    Path,
}

/// Whether a field borrows from the message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Borrow {
    Nothing,
    Message,
}

impl Carriage {
    pub(crate) fn of(ty: &Type) -> Carriage {
        let is_reference = |ty: &Type| matches!(peeled(ty), Type::Reference(_)) && !is_lent(ty);
        if is_reference(ty) {
            Carriage::Reference
        } else if option_argument(ty).is_some_and(is_reference) {
            Carriage::OptionalReference
        } else {
            Carriage::Plain
        }
    }
}

impl Encoding {
    /// Of a value of type `ty`, told by the names in it: an alias is written as serde writes it, which is never wrong.
    pub(crate) fn of(ty: &Type) -> Encoding {
        if let Type::Reference(reference) = peeled(ty) {
            return Encoding::of_pointee(&reference.elem);
        }
        let Some((name, arguments)) = generic(ty) else {
            return Encoding::Serde;
        };
        match (name.as_str(), arguments.as_slice()) {
            ("PathBuf" | "OsString", []) => Encoding::Path,
            ("Vec", [element]) if is_u8(element) => Encoding::Bytes,
            ("Box" | "Cow", [inner]) if is_byte_slice(inner) => Encoding::Bytes,
            ("Box" | "Cow", [inner]) if is_path(inner) => Encoding::Path,
            // A `Result` with one argument is somebody's alias, which may be anything.
            ("Vec" | "Box" | "Option", [inner]) | ("Result", [inner, _]) => Encoding::of(inner),
            _ => Encoding::Serde,
        }
    }

    /// Of an argument of type `ty`, in its field: `Ref` knows about paths by itself.
    pub(crate) fn of_argument(ty: &Type) -> Encoding {
        match peeled(option_argument(ty).unwrap_or(ty)) {
            Type::Reference(reference) if is_path(&reference.elem) => Encoding::Serde,
            _ => Encoding::of(ty),
        }
    }

    fn of_pointee(ty: &Type) -> Encoding {
        match peeled(ty) {
            ty if is_byte_slice(ty) => Encoding::Bytes,
            ty if is_path(ty) => Encoding::Path,
            Type::Slice(slice) => Encoding::of(&slice.elem),
            ty => Encoding::of(ty),
        }
    }
}

/// The lifetime of the buffer that a message is read from, as the message enums name it.
pub(crate) fn message_lifetime() -> Lifetime {
    Lifetime::new("'a", Span::call_site())
}

/// An argument's type with the message's lifetime for every one that is left out, and whether there was one.
pub(crate) fn in_message(ty: &Type) -> (Type, Borrow) {
    let mut ty = ty.clone();
    let borrow = if name_lifetimes(&mut ty, &message_lifetime()) { Borrow::Message } else { Borrow::Nothing };
    (ty, borrow)
}

/// Gives every reference and every `'_` the lifetime; says whether there was one.
fn name_lifetimes(ty: &mut Type, lifetime: &Lifetime) -> bool {
    match ty {
        Type::Array(array) => name_lifetimes(&mut array.elem, lifetime),
        Type::Group(group) => name_lifetimes(&mut group.elem, lifetime),
        Type::Paren(paren) => name_lifetimes(&mut paren.elem, lifetime),
        Type::Slice(slice) => name_lifetimes(&mut slice.elem, lifetime),
        Type::Reference(reference) => {
            reference.lifetime = Some(lifetime.clone());
            name_lifetimes(&mut reference.elem, lifetime);
            true
        }
        Type::Tuple(tuple) => {
            let elements = tuple.elems.iter_mut();
            any(elements.map(|element| name_lifetimes(element, lifetime)))
        }
        Type::Path(path) => {
            let segments = path.path.segments.iter_mut();
            any(segments.map(|segment| name_in(&mut segment.arguments, lifetime)))
        }
        _ => false,
    }
}

fn name_in(arguments: &mut PathArguments, lifetime: &Lifetime) -> bool {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return false;
    };
    any(arguments.args.iter_mut().map(|argument| match argument {
        GenericArgument::Lifetime(elided) if elided.ident == "_" => {
            *elided = lifetime.clone();
            true
        }
        GenericArgument::Type(ty) => name_lifetimes(ty, lifetime),
        _ => false,
    }))
}

/// Whether any is true; goes through all of them, for what they do on the way.
fn any(parts: impl Iterator<Item = bool>) -> bool {
    parts.filter(|part| *part).count() > 0
}

#[cfg(test)]
mod tests {
    use super::{Borrow, Carriage, Encoding, in_message};
    use crate::signature::text;
    use syn::{Type, parse_str};

    #[test]
    fn every_shape_has_its_carriage_and_lifetimes() {
        use {Borrow::*, Carriage::*};
        let cases = [
            ("u32", Plain, Nothing, "u32"),
            ("Vec<Option<u8>>", Plain, Nothing, "Vec<Option<u8>>"),
            ("Cow<'static, str>", Plain, Nothing, "Cow<'static, str>"),
            ("&str", Plain, Message, "&'a str"),
            ("&[u8]", Plain, Message, "&'a[u8]"),
            ("Option<&str>", Plain, Message, "Option<&'a str>"),
            ("Vec<&str>", Plain, Message, "Vec<&'a str>"),
            ("Cow<'_, str>", Plain, Message, "Cow<'a, str>"),
            ("(u8, [&str; 2])", Plain, Message, "(u8, [&'a str; 2])"),
            ("&Path", Reference, Message, "&'a Path"),
            ("(&'_ Path)", Reference, Message, "(&'a Path)"),
            ("&[&[u8]]", Reference, Message, "&'a[&'a[u8]]"),
            ("&&str", Reference, Message, "&'a&'a str"),
            ("&HashMap<&str, u8>", Reference, Message, "&'a HashMap<&'a str, u8>"),
            ("Option<&Path>", OptionalReference, Message, "Option<&'a Path>"),
        ];
        for (written, carriage, borrow, expected) in cases {
            let ty: Type = parse_str(written).unwrap();
            assert_eq!(Carriage::of(&ty), carriage, "{written}");
            let (ty, found) = in_message(&ty);
            assert_eq!((text(&ty).as_str(), found), (expected, borrow));
        }
    }

    #[test]
    fn bytes_and_paths_are_told_by_name() {
        use Encoding::*;
        let cases = [
            (Bytes, "&[u8] (&[u8]) Vec<u8> std::vec::Vec<u8> Box<[u8]> Cow<'_,[u8]> Option<&[u8]> &Vec<u8>"),
            (Bytes, "Option<Box<Vec<u8>>> Result<Option<Vec<u8>>,String> &[&[u8]] Vec<Vec<u8>>"),
            (
                Path,
                "&Path PathBuf std::path::PathBuf &OsStr OsString &[PathBuf] Option<&Path> Box<Path> Cow<'_,OsStr>",
            ),
            (
                Serde,
                "u8 &str [u8;4] Vec<u16> &[u16] Box<u8> io::Result<Vec<u8>> Result<(),Vec<u8>> (Vec<u8>,)",
            ),
            (Serde, "Box<[Vec<u8>]> HashMap<PathBuf,Vec<u8>> Path Vec<Path>"),
        ];
        for (expected, types) in cases {
            for ty in types.split(' ') {
                assert_eq!(Encoding::of(&parse_str(ty).unwrap()), expected, "{ty}");
            }
        }
    }
}
