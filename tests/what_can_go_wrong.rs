//! Each failure that the documentation lists is shown by a test that is there.

use std::fs;
use std::path::Path;

#[test]
fn each_row_names_tests_that_are_there() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(here.join("src/what_can_go_wrong.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.ends_with("| test |"));
    let mut count = 0;
    for row in rows {
        let tests: Vec<_> = row.split('`').filter_map(|code| code.split_once(".rs::")).collect();
        assert!(!tests.is_empty(), "no test: {row}");
        for (file, test) in tests {
            // A packaged crate has no other crate's tests.
            let Ok(code) = fs::read_to_string(here.join(file).with_extension("rs")) else {
                assert!(!here.join("coproc-runtime").exists(), "{file}.rs is not there");
                continue;
            };
            assert!(code.contains(&format!("fn {test}(")), "{file}.rs has no {test}");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}
