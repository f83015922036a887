//! No orphans: whatever ends a host, a worker or a terminal, nothing is left behind.

#[path = "../support/process.rs"]
mod process;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/victim.rs"]
mod victim;

mod families;
mod hosts;
mod leaks;
mod terminal;

#[test]
fn worker() {
    let _ = victim::entry();
}

#[test]
fn inner() {
    let _ = victim::inner_entry();
}

#[test]
fn host() {
    match process::part().as_deref() {
        None => {}
        Some("many") => leaks::start_many(),
        Some("too many") => leaks::start_too_many(),
        Some("one by one") => leaks::start_one_by_one(),
        Some("exec") => hosts::become_another(),
        Some(_) => hosts::wait_to_be_ended(),
    }
}
