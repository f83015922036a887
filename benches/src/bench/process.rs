//! What `proc(5)` tells of a process.

use std::fs;
use std::time::Duration;

use crate::contender::Outcome;

/// What a process has resident, in KiB.
pub(crate) fn resident(process: u32) -> Outcome<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// How long the threads of a process have run so far.
pub(crate) fn cpu_time(process: u32) -> Outcome<Duration> {
    let mut time = Duration::ZERO;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        let schedule = fs::read_to_string(thread?.path().join("schedstat"))?;
        time += Duration::from_nanos(schedule.split_whitespace().next().ok_or("no time")?.parse()?);
    }
    Ok(time)
}

/// The only child of a process.
pub(crate) fn only_child(parent: u32) -> Outcome<u32> {
    let parent = parent.to_string();
    let is_child = |stat: &str| {
        // Behind the name, which may have any character in it: the state, and the parent.
        stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)) == Some(&*parent)
    };
    let mut children = fs::read_dir("/proc")?.flatten().filter_map(|entry| {
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        is_child(&stat).then(|| entry.file_name().to_str()?.parse().ok()).flatten()
    });
    match (children.next(), children.next()) {
        (Some(child), None) => Ok(child),
        _ => Err("there is not one child".into()),
    }
}
