//! What a method returns in the end, where it returns a future of it.

use syn::{GenericArgument, PathArguments, Type, TypeParamBound};

use crate::types::{generic, peeled};

/// How a method gives its result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Asyncness {
    /// It returns it.
    Blocking,
    /// `async fn`.
    Async,
    /// It returns an `impl Future`.
    Future,
    /// It returns a `Pin<Box<dyn Future>>`.
    Boxed,
}

/// The `T` of a future of `T`, as `async fn` is written out by hand or by another macro.
pub(crate) fn future_output(ty: &Type) -> Option<(Asyncness, &Type)> {
    match peeled(ty) {
        Type::ImplTrait(opaque) => Some((Asyncness::Future, output_of(&opaque.bounds)?)),
        Type::Path(_) => {
            let (name, arguments) = generic(ty)?;
            match (name.as_str(), arguments.as_slice()) {
                ("Pin", [boxed]) => Some((Asyncness::Boxed, boxed_output(boxed)?)),
                ("BoxFuture" | "LocalBoxFuture", [output]) => Some((Asyncness::Boxed, output)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn boxed_output(ty: &Type) -> Option<&Type> {
    let (name, arguments) = generic(ty)?;
    match (name.as_str(), arguments.as_slice()) {
        ("Box", [inner]) => match peeled(inner) {
            Type::TraitObject(object) => output_of(&object.bounds),
            _ => None,
        },
        _ => None,
    }
}

/// The `Output` of the bound that is a `Future`.
fn output_of<'b>(bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> Option<&'b Type> {
    bounds.into_iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        // `MaybeSendFuture` and its like are futures under a name of their own.
        let last = bound.path.segments.last().filter(|last| last.ident.to_string().ends_with("Future"))?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(output) if output.ident == "Output" => Some(&output.ty),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Asyncness, future_output};
    use crate::signature::text;
    use syn::parse_str;

    #[test]
    fn futures_are_known_by_what_they_implement() {
        use Asyncness::*;
        let cases = [
            ("impl Future<Output = u8> + Send", Some((Future, "u8"))),
            ("impl Send + core::future::Future<Output = Result<(), E>>", Some((Future, "Result<(), E>"))),
            ("impl MaybeSendFuture<Output = u8>", Some((Future, "u8"))),
            ("Pin<Box<dyn Future<Output = &str> + Send + 'a>>", Some((Boxed, "&str"))),
            ("BoxFuture<'_, u8>", Some((Boxed, "u8"))),
            ("impl Iterator<Item = u8>", None),
            ("Pin<Box<u8>>", None),
            ("u8", None),
        ];
        for (written, expected) in cases {
            let ty = parse_str(written).unwrap();
            let found = future_output(&ty).map(|(asyncness, output)| (asyncness, text(output)));
            assert_eq!(
                found,
                expected.map(|(asyncness, output)| (asyncness, output.to_owned())),
                "{written}"
            );
        }
    }
}
