//! How much memory host and worker have resident once small calls were answered: each pair in processes of its own.

use std::fs;
use std::time::Duration;

use coproc_benches::figure::Figure;
use coproc_benches::laps::Laps;

use crate::contender::{Contender, Job, Outcome};
use crate::worker;

pub(crate) const ROLE: &str = "memory";

/// So many that what grows with the first ones has grown.
const CALLS: usize = 10_000;

/// The resident memory of the host and of the worker, the first of the contenders beside the others.
pub(crate) fn measure(contenders: &[&'static Contender]) -> Outcome<[Figure; 2]> {
    let mut figures: Option<[Figure; 2]> = None;
    for contender in contenders {
        let output = worker::command(ROLE, &[contender.name.to_owned()]).output()?;
        let text = String::from_utf8(output.stdout)?;
        let (host, worker) =
            text.trim().split_once(' ').ok_or_else(|| format!("no memory of {}", contender.name))?;
        let (host, worker) = (host.parse()?, worker.parse()?);
        figures = Some(match figures {
            None => [Figure::new("rss.host", "KiB", host), Figure::new("rss.worker", "KiB", worker)],
            Some([hosts, workers]) => {
                [hosts.beside(contender.name, host), workers.beside(contender.name, worker)]
            }
        });
    }
    figures.ok_or_else(|| "nobody to measure".into())
}

/// Is the host: calls, and prints what both have resident, in KiB.
pub(crate) fn host(arguments: &[String], contenders: &[&'static Contender]) -> Outcome {
    let contender =
        contenders.iter().find(|contender| arguments == [contender.name]).ok_or("whose memory?")?;
    let mut running = (contender.start)(&Job::Call)?;
    running.run(&Job::Call, &mut Laps::new(Duration::ZERO, CALLS))?;
    let worker = only_child().ok_or("there is not one child")?;
    println!("{} {}", resident("self")?, resident(&worker)?);
    Ok(())
}

/// What a process has resident, in KiB.
fn resident(process: &str) -> Outcome<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// The process id of the child, if there is one alone.
fn only_child() -> Option<String> {
    let parent = std::process::id().to_string();
    let is_child = |stat: &str| {
        // Behind the name, which may have any character in it: the state, and the parent.
        stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)) == Some(&*parent)
    };
    let mut children = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| {
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        is_child(&stat).then(|| entry.file_name().into_string().ok()).flatten()
    });
    children.next().filter(|_| children.next().is_none())
}
