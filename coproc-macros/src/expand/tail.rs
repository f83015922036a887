//! The bytes that a value ends in, taken out of it to be sent from where they lie.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// Takes the bytes that a value ends in, if they are many and its own.
pub(super) fn tail_of(private: &TokenStream, value: &Ident, tail: &Ident) -> TokenStream {
    quote! {
        let mut #value = #value;
        let mut #tail = (&&#private::probe::Tailed::of(&#value)).__take(&mut #value);
    }
}
