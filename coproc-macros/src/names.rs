//! Names for generated things: a variant for a method, a field for an argument, none of them twice.

use proc_macro2::Ident;
use syn::ext::IdentExt;

/// The names given so far in one enum or one variant.
#[derive(Default)]
pub(crate) struct Names {
    given: Vec<String>,
}

impl Names {
    /// `wanted`, with underscores behind it until no name given before is the same.
    pub(crate) fn unique(&mut self, mut wanted: String) -> String {
        while self.given.contains(&wanted) {
            wanted.push('_');
        }
        self.given.push(wanted.clone());
        wanted
    }
}

/// The variant that stands for a method: `scan_2d` becomes `Scan2d`.
pub(crate) fn variant(method: &Ident) -> String {
    let method = method.unraw().to_string();
    let camel: String = method.split('_').map(capitalized).collect();
    match camel.chars().next() {
        // `Self` is the one word of this shape that cannot be a name.
        _ if camel == "Self" => "Self_".to_owned(),
        // `_2d`: without its underscore it would be no name.
        Some(first) if first.is_numeric() => format!("_{camel}"),
        Some(_) => camel,
        None => method,
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, variant};
    use syn::ext::IdentExt;
    use syn::parse::Parser;

    fn variant_of(method: &str) -> String {
        let ident = proc_macro2::Ident::parse_any.parse_str(method).unwrap();
        variant(&ident)
    }

    #[test]
    fn variants_are_the_method_in_camel_case() {
        assert_eq!(variant_of("add"), "Add");
        assert_eq!(variant_of("add_many_documents"), "AddManyDocuments");
        assert_eq!(variant_of("r#match"), "Match");
        assert_eq!(variant_of("keepsCase"), "KeepsCase");
        assert_eq!(variant_of("öffne_datei"), "ÖffneDatei");
    }

    #[test]
    fn variants_are_always_identifiers() {
        for method in ["self_", "_2d", "__", "___9", "ß", "a__b_", "r#fn"] {
            let variant = variant_of(method);
            assert!(syn::parse_str::<syn::Ident>(&variant).is_ok(), "{variant}");
        }
        assert_eq!(variant_of("self_"), "Self_");
        assert_eq!(variant_of("_2d"), "_2d");
    }

    #[test]
    fn equal_names_are_told_apart() {
        let mut names = Names::default();
        assert_eq!(names.unique("Scan2d".to_owned()), "Scan2d");
        assert_eq!(names.unique("Scan2d".to_owned()), "Scan2d_");
        assert_eq!(names.unique("Scan2d".to_owned()), "Scan2d__");
    }
}
