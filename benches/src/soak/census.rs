//! What this process holds at a moment.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

/// What this process holds at a moment.
pub(crate) struct Census {
    pub(crate) descriptors: usize,
    /// Children that have ended and were not waited for.
    pub(crate) zombies: usize,
    pub(crate) memory_kib: u64,
}

impl Census {
    /// Waits until there are no more than so many descriptors, or the time is over.
    pub(crate) fn take_within(patience: Duration, descriptors: usize) -> Self {
        let until = Instant::now() + patience;
        loop {
            let census = Census::take();
            if census.descriptors <= descriptors || Instant::now() >= until {
                return census;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn take() -> Self {
        Census { descriptors: entries("/proc/self/fd").count(), zombies: zombies(), memory_kib: memory_kib() }
    }
}

fn entries(folder: &str) -> impl Iterator<Item = fs::DirEntry> {
    fs::read_dir(folder).into_iter().flatten().flatten()
}

/// Processes of state Z whose parent is this one (`proc_pid_stat(5)`).
fn zombies() -> usize {
    let own = std::process::id().to_string();
    let is_zombie = |stat: &str| {
        let mut fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        fields.next() == Some("Z") && fields.next() == Some(own.as_str())
    };
    entries("/proc")
        .filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok())
        .filter(|stat| is_zombie(stat))
        .count()
}

fn memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
