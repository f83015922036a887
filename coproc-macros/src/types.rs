//! What can be read off a type's tokens; a name means what it usually means.

use syn::{GenericArgument, Path, PathArguments, Type};

/// The type without the parentheses and the `macro_rules!` wrapping around it.
pub(crate) fn peeled(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peeled(&group.elem),
        Type::Paren(paren) => peeled(&paren.elem),
        other => other,
    }
}

/// Whether the type is `str`.
pub(crate) fn is_str(ty: &Type) -> bool {
    matches!(peeled(ty), Type::Path(path) if path.qself.is_none() && path.path.is_ident("str"))
}

/// Whether the type is `[u8]`.
pub(crate) fn is_byte_slice(ty: &Type) -> bool {
    matches!(peeled(ty), Type::Slice(slice) if is_u8(&slice.elem))
}

/// Whether the type is `Path` or `OsStr`, as far as its name tells.
pub(crate) fn is_path(ty: &Type) -> bool {
    matches!(generic(ty), Some((name, _)) if name == "Path" || name == "OsStr")
}

/// Whether the type is one of those of the standard library that have no size: a `&T` of it is held as something else.
pub(crate) fn is_unsized(ty: &Type) -> bool {
    let is_c_string = matches!(generic(ty), Some((name, _)) if name == "CStr");
    matches!(peeled(ty), Type::Slice(_)) || is_str(ty) || is_path(ty) || is_c_string
}

/// Whether the type is `&str` or `&[u8]`, which serde can lend out of the buffer that a message came in.
pub(crate) fn is_lent(ty: &Type) -> bool {
    let pointee = |ty: &Type| is_str(ty) || is_byte_slice(ty);
    matches!(peeled(ty), Type::Reference(reference) if pointee(&reference.elem))
}

/// The `T` of an `Option<T>`.
pub(crate) fn option_argument(ty: &Type) -> Option<&Type> {
    let (name, arguments) = generic(ty)?;
    match (name.as_str(), arguments.as_slice()) {
        ("Option", [inner]) => Some(inner),
        _ => None,
    }
}

/// The type arguments of every segment of a path.
pub(crate) fn arguments(path: &Path) -> impl Iterator<Item = &GenericArgument> {
    path.segments.iter().flat_map(|segment| {
        match &segment.arguments {
            PathArguments::AngleBracketed(bracketed) => Some(bracketed.args.iter()),
            PathArguments::None | PathArguments::Parenthesized(_) => None,
        }
        .into_iter()
        .flatten()
    })
}

/// Whether the type is `u8`.
pub(crate) fn is_u8(ty: &Type) -> bool {
    matches!(peeled(ty), Type::Path(path) if path.qself.is_none() && path.path.is_ident("u8"))
}

/// The last name of a path and its type arguments: `std::vec::Vec<u8>` is `Vec` and `u8`.
pub(crate) fn generic(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let Type::Path(path) = peeled(ty) else {
        return None;
    };
    let name = path.path.segments.last()?.ident.to_string();
    let types = arguments(&path.path).filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some((name, types.collect()))
}

/// A `&mut T`, or an `Option` of one, only to be read.
pub(crate) fn shared(ty: &Type) -> Type {
    let mut ty = peeled(ty).clone();
    match &mut ty {
        Type::Reference(reference) => reference.mutability = None,
        Type::Path(path) => {
            let last = path.path.segments.last_mut().map(|last| &mut last.arguments);
            if let Some(PathArguments::AngleBracketed(arguments)) = last
                && let Some(GenericArgument::Type(inner)) = arguments.args.first_mut()
            {
                *inner = shared(inner);
            }
        }
        _ => {}
    }
    ty
}

#[cfg(test)]
mod tests {
    use super::{is_lent, option_argument};
    use syn::{Type, parse_str};

    fn ty(text: &str) -> Type {
        parse_str(text).unwrap()
    }

    #[test]
    fn only_text_and_bytes_are_lent() {
        for (text, lent) in [("&str", true), ("&[u8]", true), ("&&str", false), ("&Path", false)] {
            assert_eq!(is_lent(&ty(text)), lent, "{text}");
        }
    }

    #[test]
    fn an_option_is_seen_behind_any_path() {
        for text in ["Option<&Path>", "core::option::Option<&Path>", "(::std::option::Option<&Path>)"] {
            assert!(option_argument(&ty(text)).is_some(), "{text}");
        }
        assert!(option_argument(&ty("Vec<&Path>")).is_none());
    }
}
