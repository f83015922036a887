//! The form in which a value is written: as serde has it, as bytes, as a file's name and so on.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::Type;

use crate::{
    carry::{is_plain, is_plain_in_list},
    lifetimes::Borrow,
    model::Service,
    projection::mentions,
    types::{generic, peeled},
};

/// Tuples of more parts than this cross as serde has them.
const LONGEST_TUPLE: usize = 8;

/// What a value is read as.
#[derive(Clone, Copy)]
pub(super) enum Reading {
    /// It outlives the message.
    Owned,
    /// The same, as a list of such values.
    List,
    /// It may borrow from the message.
    Lent,
}

/// The form in which a value of this type is written. The type decides, by a probe; what its syntax and its names tell of the
/// parts of tuples and arrays is believed where it fits.
pub(super) fn form(private: &TokenStream, ty: &Type, reading: Reading) -> TokenStream {
    let ty = peeled(ty);
    let (is_plain, reading) = match reading {
        Reading::List => (is_plain_in_list(ty), Reading::Owned),
        reading => (is_plain(ty), reading),
    };
    match ty {
        _ if is_plain => quote!(#private::Plain),
        Type::Tuple(tuple) if (1..=LONGEST_TUPLE).contains(&tuple.elems.len()) => {
            let forms = tuple.elems.iter().map(|part| form(private, part, reading));
            quote!(#private::Tuple((#(#forms,)*)))
        }
        Type::Array(array) => {
            let form = form(private, &array.elem, reading);
            quote!(#private::Array(#form))
        }
        _ => {
            let probed = probed(private, ty, reading);
            let parts = in_parts(ty);
            if std::ptr::eq(parts, ty) {
                return probed;
            }
            let guess = form(private, parts, reading);
            quote!((&&#private::probe::Guess::<#ty, _>::new(#guess)).__or(#probed))
        }
    }
}

/// What a probe finds.
fn probed(private: &TokenStream, ty: &Type, reading: Reading) -> TokenStream {
    let probe = quote!((&&&&#private::probe::Probe::<#ty>::new()).__form());
    match reading {
        Reading::Owned | Reading::List if mentions(&ty.to_token_stream(), &format_ident!("Cow")) => {
            quote!(#probe.__owned())
        }
        _ => probe,
    }
}

/// The bounds of serde that a type needs, if it mentions a parameter of the trait.
///
/// They are on its parts where it is one of the standard library, for each part has a form of its own; and on the whole of any
/// other, which may ask less of its parts than serde. Where it is written with references to its parts, they are on both.
pub(super) fn crossing(service: &Service, ty: &Type, written: Borrow) -> Vec<TokenStream> {
    let ty = peeled(ty);
    if service.parameters.used_in(&ty.to_token_stream()).is_empty() {
        return Vec::new();
    }
    let of = |part: &Type| crossing(service, part, written);
    let of_parts = |parts: Vec<&Type>| parts.into_iter().flat_map(of).collect();
    let whole = || vec![quote!(#ty: __private::Crossing)];
    match (ty, generic(ty)) {
        (Type::Array(array), _) => of(&array.elem),
        (Type::Slice(slice), _) => of(&slice.elem),
        (Type::Reference(reference), _) => of(&reference.elem),
        (Type::Tuple(tuple), _) => of_parts(tuple.elems.iter().collect()),
        (_, Some((name, parts))) if !parts.is_empty() => match (Known::of(&name), written) {
            (Known::Holder, _) => of_parts(parts),
            // Its elements must be comparable as well, which only the whole of it says.
            (Known::Collection, _) | (Known::Nothing, Borrow::Something) => {
                of_parts(parts).into_iter().chain(whole()).collect()
            }
            (Known::Nothing, Borrow::Nothing) => whole(),
        },
        _ => whole(),
    }
}

/// What the name of a generic type tells.
enum Known {
    /// It crosses if what it holds does.
    Holder,
    /// It asks more of what it holds.
    Collection,
    Nothing,
}

impl Known {
    fn of(name: &str) -> Known {
        match name {
            "Vec" | "VecDeque" | "LinkedList" | "Option" | "Result" | "IoResult" | "Box" | "Rc" | "Arc"
            | "Cow" => Known::Holder,
            "HashMap" | "HashSet" | "BTreeMap" | "BTreeSet" | "BinaryHeap" => Known::Collection,
            _ => Known::Nothing,
        }
    }
}

/// The tuple or array that a list, an option or a reference holds, which has the form of what it holds; else the type itself.
fn in_parts(ty: &Type) -> &Type {
    let held = match peeled(ty) {
        Type::Reference(reference) => Some(&*reference.elem),
        Type::Slice(slice) => Some(&*slice.elem),
        ty => match generic(ty) {
            Some((name, arguments)) => match (name.as_str(), arguments.as_slice()) {
                ("Vec" | "Option" | "Box" | "Ref", [inner]) | ("Result", [inner, _]) => Some(*inner),
                _ => None,
            },
            None => None,
        },
    };
    match held.map(in_parts) {
        Some(parts @ (Type::Tuple(_) | Type::Array(_))) => parts,
        _ => peeled(ty),
    }
}
