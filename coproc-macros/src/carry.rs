//! How a value gets into a message and out of it again, told from its type's shape.

use proc_macro2::TokenStream;
use syn::Type;

use crate::{
    lifetimes::borrows,
    owned::owned,
    types::{generic, is_byte_slice, is_lent, is_path, is_str, is_u8, is_unsized, option_argument, peeled},
};

/// How an argument gets into its field of the message and back out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Carriage {
    /// As it is: `T`, and also `&str`, `&[u8]` and options of them, which are lent out of the message.
    Plain,
    /// `&T` as `Ref<'a, T>`.
    Reference,
    /// `Option<&T>` as `Option<Ref<'a, T>>`.
    OptionalReference,
    /// `&[&T]` as `Refs<'a, T>`.
    References,
    /// `&mut T` as `Ref<'a, T>`, and back again in the reply.
    Changed,
    /// `Option<&mut T>` as `Option<Ref<'a, T>>`, and back again in the reply.
    OptionalChanged,
}

/// How a field of a message is written and read: by which type of the user's.
#[derive(Clone)]
pub(crate) enum Writing {
    /// A value of this type, or a reference to one.
    Value(Type),
    /// A sequence of this type.
    Slice(Type),
    /// An option of this type, or of a reference to it.
    Option(Type),
    /// A sequence of references to this type.
    References(Type),
    /// Anything that borrows from the message in another way.
    Lent,
}

impl Carriage {
    pub(crate) fn of(ty: &Type) -> Carriage {
        let is_reference = |ty: &Type| matches!(peeled(ty), Type::Reference(_)) && !is_lent(ty);
        let is_exclusive =
            |ty: &Type| matches!(peeled(ty), Type::Reference(reference) if reference.mutability.is_some());
        match peeled(ty) {
            ty if is_exclusive(ty) => Carriage::Changed,
            ty if option_argument(ty).is_some_and(is_exclusive) => Carriage::OptionalChanged,
            Type::Reference(reference) if collected(&reference.elem).is_some() => Carriage::References,
            _ if is_reference(ty) => Carriage::Reference,
            _ if option_argument(ty).is_some_and(is_reference) => Carriage::OptionalReference,
            _ => Carriage::Plain,
        }
    }
}

impl Writing {
    /// Of an argument of this type, or of what a method returns.
    pub(crate) fn of(ty: &Type) -> Writing {
        let optional = option_argument(ty).map(peeled);
        match (peeled(ty), optional) {
            (Type::Reference(reference), _) => match peeled(&reference.elem) {
                Type::Slice(slice) if is_whole(&slice.elem) && !is_u8(&slice.elem) => {
                    Writing::Slice((*slice.elem).clone())
                }
                pointee if is_whole(pointee) => Writing::Value(pointee.clone()),
                pointee => match collected(pointee) {
                    Some(element) if is_whole(element) => Writing::References(element.clone()),
                    _ => Writing::Lent,
                },
            },
            (_, Some(Type::Reference(reference))) if is_whole(&reference.elem) => {
                Writing::Option((*reference.elem).clone())
            }
            (ty, _) if borrows(ty) => Writing::Lent,
            (ty, _) => Writing::Value(ty.clone()),
        }
    }

    /// Of what comes back for this type: the same, but owned.
    pub(crate) fn of_owned(ty: &Type, private: &TokenStream) -> Writing {
        match Writing::of(ty) {
            Writing::Value(ty) => Writing::Value(owned(&ty, private)),
            Writing::Slice(ty) => Writing::Slice(owned(&ty, private)),
            Writing::Option(ty) => Writing::Option(owned(&ty, private)),
            Writing::References(_) | Writing::Lent => Writing::Value(owned(ty, private)),
        }
    }
}

/// Whether a `T` behind a reference is held as a `T`: it is no `str`, slice or path, and borrows nothing itself.
fn is_whole(pointee: &Type) -> bool {
    !is_unsized(pointee) && !borrows(pointee)
}

/// The `T` of a `[&T]` that cannot be lent as it lies in the message.
pub(crate) fn collected(pointee: &Type) -> Option<&Type> {
    let Type::Slice(slice) = peeled(pointee) else {
        return None;
    };
    match peeled(&slice.elem) {
        Type::Reference(reference) if !lies_in_message(&reference.elem) && reference.mutability.is_none() => {
            Some(&reference.elem)
        }
        _ => None,
    }
}

/// What can be lent to the method as it lies in the message.
pub(crate) fn lies_in_message(pointee: &Type) -> bool {
    is_str(pointee) || is_byte_slice(pointee) || is_path(pointee)
}

/// Whether an owned value of this type may end in bytes of its own: its names do not say that it doesn't.
///
/// A mistake costs nothing.
pub(crate) fn may_have_tail(ty: &Type) -> bool {
    let is_known = |name: &str| name != "String" && (PLAIN.contains(&name) || NUMBERS.contains(&name));
    match peeled(ty) {
        Type::Path(path) if path.qself.is_none() => match generic(ty) {
            Some((name, arguments)) => match (name.as_str(), arguments.as_slice()) {
                (name, []) => name != "u8" && !is_known(name),
                ("Vec", [element]) => is_u8(element) || !is_plain(element),
                ("Option", [inner]) => may_have_tail(inner),
                _ => true,
            },
            None => true,
        },
        _ => false,
    }
}

/// Numbers of which a list is read in one piece.
const NUMBERS: [&str; 11] = ["i8", "u16", "i16", "u32", "i32", "u64", "i64", "u128", "i128", "f32", "f64"];

/// What has no form but serde's own in a list either.
const PLAIN: [&str; 6] = ["bool", "char", "isize", "usize", "String", "str"];

/// Whether no form but serde's own comes into question: the type's names say that it holds neither bytes nor paths nor lists
/// of numbers.
///
/// A mistake costs nothing but speed.
pub(crate) fn is_plain(ty: &Type) -> bool {
    match peeled(ty) {
        Type::Tuple(tuple) => tuple.elems.iter().all(is_plain),
        Type::Reference(reference) => is_plain(&reference.elem),
        Type::Path(path) if path.qself.is_none() => match generic(ty) {
            Some((name, arguments)) => match (name.as_str(), arguments.as_slice()) {
                (name, []) => name == "u8" || PLAIN.contains(&name) || NUMBERS.contains(&name),
                ("Vec", [element]) => is_plain_in_list(element),
                ("Option", [inner]) => is_plain(inner),
                _ => false,
            },
            None => false,
        },
        _ => false,
    }
}

/// The same of a list of such a type.
pub(crate) fn is_plain_in_list(element: &Type) -> bool {
    let is_number = |name: String| NUMBERS.contains(&name.as_str());
    is_plain(element) && !is_u8(element) && !generic(element).is_some_and(|(name, _)| is_number(name))
}

#[cfg(test)]
mod tests {
    use super::{Carriage, Writing, is_plain};
    use crate::signature::text;
    use syn::{Type, parse_str};

    fn writing(ty: &Type) -> String {
        match Writing::of(ty) {
            Writing::Value(ty) => format!("value {}", text(&ty)),
            Writing::Slice(ty) => format!("slice {}", text(&ty)),
            Writing::Option(ty) => format!("option {}", text(&ty)),
            Writing::References(ty) => format!("references {}", text(&ty)),
            Writing::Lent => "lent".to_owned(),
        }
    }

    #[test]
    fn every_shape_has_its_carriage_and_writing() {
        use Carriage::*;
        let cases = [
            ("u32", Plain, "value u32"),
            ("Vec<Option<u8>>", Plain, "value Vec<Option<u8>>"),
            ("Cow<'static, str>", Plain, "value Cow<'static, str>"),
            ("&str", Plain, "lent"),
            ("&[u8]", Plain, "lent"),
            ("Option<&str>", Plain, "lent"),
            ("Vec<&str>", Plain, "lent"),
            ("Cow<str>", Plain, "lent"),
            ("&Path", Reference, "lent"),
            ("(&'_ T)", Reference, "value T"),
            ("&[T]", Reference, "slice T"),
            ("&[&[u8]]", Reference, "lent"),
            ("&[&T]", References, "references T"),
            ("&[&[T]]", References, "lent"),
            ("&&str", Reference, "lent"),
            ("&HashMap<&str, u8>", Reference, "lent"),
            ("&HashMap<String, T>", Reference, "value HashMap<String, T>"),
            ("Option<&Path>", OptionalReference, "lent"),
            ("Option<&T>", OptionalReference, "option T"),
            ("&mut Vec<T>", Changed, "value Vec<T>"),
            ("&mut [T]", Changed, "slice T"),
            ("&mut [u8]", Changed, "lent"),
            ("Option<&mut T>", OptionalChanged, "option T"),
            ("Option<&mut [u8]>", OptionalChanged, "lent"),
        ];
        for (written, carriage, expected) in cases {
            let ty: Type = parse_str(written).unwrap();
            assert_eq!(Carriage::of(&ty), carriage, "{written}");
            assert_eq!(writing(&ty), expected, "{written}");
        }
    }

    #[test]
    fn what_may_be_bytes_is_not_called_plain() {
        for plain in ["u8", "&str", "Vec<usize>", "Option<Vec<String>>", "(u8, &str)", "std::string::String"]
        {
            assert!(is_plain(&parse_str(plain).unwrap()), "{plain}");
        }
        for other in [
            "Vec<u8>",
            "&[u8]",
            "Bytes",
            "io::Result<u8>",
            "Option<PathBuf>",
            "[u8; 64]",
            "<T as A>::u8",
            "Vec<f64>",
        ] {
            assert!(!is_plain(&parse_str(other).unwrap()), "{other}");
        }
    }
}
