//! What a host keeps of its workers, and what its other children get of them.

use std::collections::HashSet;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use coproc::{Error, ErrorKind, Stderr, Stub};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::process;
use crate::support::{exists, in_time};
use crate::victim::{self, VictimHost, Way};

/// Threads that start workers at once, and how many each.
const THREADS: usize = 8;
const WORKERS: usize = 25;

/// Starts and ends in a row.
const ROUNDS: usize = 100;

/// A host's part: workers beside children that live on; each leaves when its stub is dropped.
pub(crate) fn start_many() {
    // As of a test runner that leaves them open.
    let inherited: HashSet<_> = descriptors("self").collect();
    limit_descriptors(6 * (THREADS * WORKERS) as u64);
    let (victims, mut others) = thread::scope(|scope| {
        let victims = scope.spawn(|| in_threads(THREADS, WORKERS, start));
        let others = scope.spawn(|| in_threads(THREADS / 2, WORKERS / 2, Other::start));
        (victims.join().unwrap(), others.join().unwrap())
    });
    let numbers: Vec<u32> = victims.iter().map(|victim| victim.process().unwrap()).collect();

    let pipes = |process: u32| {
        let all: HashSet<_> = descriptors(&process.to_string()).collect();
        all.into_iter().filter(|end| end.starts_with("pipe:") && !inherited.contains(end)).collect::<Vec<_>>()
    };
    for other in &others {
        assert_eq!(pipes(other.0.id()), [""; 0]);
    }
    let mut all = HashSet::new();
    for pipe in numbers.iter().flat_map(|number| pipes(*number)) {
        assert!(all.insert(pipe), "two workers have an end of one pipe");
    }
    assert_eq!(all.len(), 3 * numbers.len());

    thread::scope(|scope| {
        let mut victims = victims.into_iter();
        for _ in 0..THREADS {
            let part: Vec<_> = victims.by_ref().take(WORKERS).collect();
            scope.spawn(|| drop(part));
        }
    });
    for number in numbers {
        assert!(!exists(number), "neither a process nor a zombie");
    }
    for Other(child) in &mut others {
        assert!(child.try_wait().unwrap().is_none(), "it is none of the workers' business");
    }
}

/// A child that is no worker and lives on.
struct Other(Child);

impl Other {
    fn start() -> Self {
        let mut command = Command::new("sleep");
        command.arg("1000").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Other(command.spawn().unwrap())
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// A host's part: starts and ends, in every way, after which nothing is left.
pub(crate) fn start_one_by_one() {
    // What is made once is there from now on.
    end(start(), 0);
    let before = belongings();
    for round in 0..ROUNDS {
        end(start(), round);
    }
    while has_more_than(before) {
        thread::yield_now();
    }
}

/// A host's part: workers until there are no descriptors left, and once more when there are.
pub(crate) fn start_too_many() {
    end(start(), 0);
    let before = belongings();
    limit_descriptors(before[0] as u64 + 50);
    for _ in 0..2 {
        let mut victims = Vec::new();
        let error = loop {
            match try_start() {
                Ok(victim) => victims.push(victim),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::Start, "{error:?}");
        assert!(victims.len() > 5);
        for victim in &victims {
            victim.echo("it runs").unwrap();
        }
        drop(victims);
        while has_more_than(before) {
            thread::yield_now();
        }
    }
}

fn limit_descriptors(count: u64) {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: Some(count), ..limit }).unwrap();
}

fn start() -> VictimHost {
    try_start().unwrap()
}

fn try_start() -> Result<VictimHost, Error> {
    let spawn = victim::entry().spawn().stderr(Stderr::quiet()).patience(Duration::ZERO);
    spawn.start(())
}

fn end(victim: VictimHost, round: usize) {
    match round % 6 {
        0 => drop(victim.echo("")),
        1 => drop(victim.start().hang()),
        2 => drop(victim.kill()),
        3 => drop(victim.die(Way::Exit(3))),
        4 => drop(victim.join()),
        _ => {}
    }
}

fn in_threads<T: Send>(threads: usize, each: usize, make: fn() -> T) -> Vec<T> {
    thread::scope(|scope| {
        let made = || (0..each).map(|_| make()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(made)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Where the descriptors of a process lead to.
fn descriptors(process: &str) -> impl Iterator<Item = String> + use<> {
    let entries = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let targets = entries.map(|entry| fs::read_link(entry.unwrap().path()).unwrap());
    targets.map(|target| target.to_str().unwrap().to_owned())
}

/// How many descriptors, threads and children this process has, zombies among them.
fn belongings() -> [usize; 3] {
    let this = std::process::id().to_string();
    let is_child = |stat: &String| stat.rsplit(')').next().unwrap().split_whitespace().nth(1) == Some(&this);
    let processes = fs::read_dir("/proc").unwrap();
    let stats = processes.filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("stat")).ok());
    let children = stats.filter(is_child).count();
    [descriptors("self").count(), fs::read_dir("/proc/self/task").unwrap().count(), children]
}

/// For a moment it has, until the watching thread has come to the last worker. It may not have come to the first one before.
fn has_more_than(before: [usize; 3]) -> bool {
    belongings().iter().zip(before).any(|(now, before)| *now > before)
}

fn plays(part: &'static str) {
    in_time(move || assert!(process::host(part).status().unwrap().success()));
}

#[test]
fn every_one_of_many_workers_leaves_with_its_stub_and_no_other_child_has_its_pipes() {
    plays("many");
}

#[test]
fn nothing_is_left_of_workers_that_have_ended() {
    plays("one by one");
}

#[test]
fn a_host_without_descriptors_left_is_told_so_and_keeps_none() {
    plays("too many");
}
