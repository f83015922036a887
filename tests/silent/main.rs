//! A crate that hears every lint: what is generated for its public traits says nothing.
#![deny(
    warnings,
    missing_docs,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    future_incompatible,
    let_underscore,
    keyword_idents,
    absolute_paths_not_starting_with_crate,
    ambiguous_negative_literals,
    closure_returning_async_block,
    deprecated_in_future,
    deref_into_dyn_supertrait,
    explicit_outlives_requirements,
    ffi_unwind_calls,
    impl_trait_redundant_captures,
    meta_variable_misuse,
    missing_copy_implementations,
    missing_debug_implementations,
    non_ascii_idents,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    tail_expr_drop_order,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction
)]
#![allow(
    clippy::arbitrary_source_item_ordering,
    clippy::blanket_clippy_restriction_lints,
    clippy::implicit_return,
    clippy::missing_inline_in_public_items,
    clippy::pub_with_shorthand,
    clippy::redundant_pub_crate,
    clippy::single_call_fn,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::unused_trait_names,
    reason = "what is written here by hand is written as elsewhere"
)]

pub mod shapes;
pub mod through;

use serde::{Deserialize, Serialize};

/// A value of the traits' own.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Point {
    /// To the right.
    pub right: i32,
    /// Upwards.
    pub up: i32,
}

/// Why a call of a transparent stub failed.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The service said so.
    Own(u8),
    /// The worker is gone.
    Remote(String),
}

impl From<coproc::Error> for Failure {
    #[inline]
    fn from(error: coproc::Error) -> Self {
        Self::Remote(error.to_string())
    }
}
