//! Whether this process was started as a worker, and of which entry.

use std::env;
use std::ffi::OsString;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// The first argument of a worker that runs out of its host's binary.
pub(crate) const WORKER_FLAG: &str = "--coproc-worker";

/// What marks a test program that was started as a worker: a filter that skips nothing.
const TEST_MARK: &str = "coproc-worker:";

/// Set once this process serves.
static CLAIMED: AtomicBool = AtomicBool::new(false);

/// What a worker process was started as.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// The worker of an entry's name.
    Named(String),
    /// The worker of a `#[test]` that is an entry.
    Test(String),
}

impl Role {
    /// Whether this process was started as this.
    pub(crate) fn is_this_process(&self) -> bool {
        Role::of_this_process() == Some(self)
    }

    fn of_this_process() -> Option<&'static Self> {
        static ROLE: OnceLock<Option<Role>> = OnceLock::new();

        ROLE.get_or_init(|| Role::of(env::args_os())).as_ref()
    }

    fn of(arguments: impl Iterator<Item = OsString>) -> Option<Self> {
        let arguments: Vec<String> =
            arguments.skip(1).filter_map(|argument| argument.into_string().ok()).collect();
        match arguments.as_slice() {
            [flag, name, ..] if flag == WORKER_FLAG => Some(Role::Named(name.clone())),
            [exact, path, _, skip, mark, ..]
                if exact == "--exact" && skip == "--skip" && *mark == test_mark(path) =>
            {
                Some(Role::Test(path.clone()))
            }
            _ => None,
        }
    }
}

/// The filter that marks the worker of a `#[test]`.
pub(crate) fn test_mark(path: &str) -> String {
    format!("{TEST_MARK}{path}")
}

/// Takes note that this process serves.
pub(super) fn claim() {
    CLAIMED.store(true, Ordering::Relaxed);
}

/// The name of the worker that this process was started as, if it has come to no entry of that name.
///
/// Such a process must start no workers: they would do the same, without end.
pub(crate) fn is_unclaimed_worker() -> Option<&'static str> {
    if CLAIMED.load(Ordering::Relaxed) {
        return None;
    }
    Role::of_this_process().map(|(Role::Named(name) | Role::Test(name))| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(arguments: &[&str]) -> Option<Role> {
        Role::of(arguments.iter().map(OsString::from))
    }

    #[test]
    fn a_role_is_read_off_the_arguments() {
        assert_eq!(role(&["app", "--coproc-worker", "index", "more"]), Some(Role::Named("index".into())));
        let test = ["app", "--exact", "a::b", "--nocapture", "--skip", "coproc-worker:a::b"];
        assert_eq!(role(&test), Some(Role::Test("a::b".into())));
        assert_eq!(role(&["app", "index", "--coproc-worker"]), None);
        assert_eq!(role(&["app", "--exact", "a::b", "--nocapture"]), None);
        assert_eq!(role(&["app", "--coproc-worker"]), None);
        assert_eq!(role(&[]), None);
    }
}
