//! How much memory host and worker have resident once small calls were answered: each pair in processes of its own.

use std::time::Duration;

use coproc_benches::figure::Figure;
use coproc_benches::laps::Laps;

use crate::contender::{Contender, Job, Outcome};
use crate::process::{only_child, resident};
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
    let host = std::process::id();
    println!("{} {}", resident(host)?, resident(only_child(host)?)?);
    Ok(())
}
