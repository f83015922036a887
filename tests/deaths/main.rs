//! However a worker dies, each of its calls learns how.

#[path = "../support/process.rs"]
mod process;
#[path = "../support/raw.rs"]
mod raw;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/victim.rs"]
mod victim;

mod bytes;
mod held;
mod memory;
mod printed;
mod stops;
mod streams;
#[cfg(feature = "tracing")]
mod traced;
mod ways;

#[test]
fn worker() {
    let _ = victim::entry();
}

#[test]
fn raw() {
    let Some(script) = raw::script() else { return };
    match script.split_once(": ") {
        Some(("bytes", script)) => bytes::play(script),
        Some(("streams", script)) => streams::play(script),
        _ => panic!("no such script: {script}"),
    }
}

#[test]
fn host() {
    match process::part().as_deref() {
        None => {}
        Some("memory") => memory::host(),
        Some(part) => printed::host(part),
    }
}
