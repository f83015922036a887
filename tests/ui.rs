//! What `#[worker]` says about each mistake: a file for each, named after it.

#[test]
fn mistakes_are_reported_where_they_are_made() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
