//! `proto` names no file, thread, clock or process.

use std::fs;
use std::path::Path;

const FORBIDDEN: [&str; 14] = [
    "std::fs",
    "std::io",
    "std::net",
    "std::os",
    "std::process",
    "std::sync::",
    "std::thread",
    "std::time",
    "Instant",
    "SystemTime",
    "os_pipe",
    "rustix",
    "crate::messenger",
    "crate::codec",
];

/// `Arc` shares bytes, and `OnceLock` keeps what was made of them: neither waits for what another thread is to do.
const ALLOWED: [&str; 2] = ["use std::sync::Arc;", "use std::sync::OnceLock;"];

#[test]
fn proto_names_no_file_thread_clock_or_process() {
    let mut files = 0;
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/proto"), &mut files);
    assert!(files > 10, "the sources were not found");
}

fn check(folder: &Path, files: &mut usize) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            check(&path, files);
            continue;
        }
        *files += 1;
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for word in FORBIDDEN {
                assert!(
                    ALLOWED.contains(&code.trim()) || !code.contains(word),
                    "{}:{}: proto must not name {word}",
                    path.display(),
                    number + 1,
                );
            }
        }
    }
}
