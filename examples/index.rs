//! A full-text index in a process of its own: `cargo run --release --example index -- DIR WORD…`.
//!
//! Prints how often each text file under DIR that holds every WORD holds them. Hidden and ignored files count; folders
//! named `.git` or `target` don't. A first argument that is no path is a WORD already: DIR is this repository then.

use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;
use std::{env, fs};

use coproc::Stub;
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use walkdir::{DirEntry, WalkDir};

#[coproc::worker]
trait Index {
    /// Adds a document; returns how many terms it held.
    fn add(&mut self, path: &Path, text: &str) -> usize;
    /// The documents that hold every word: most occurrences first, equal ones by path.
    fn search(&self, words: &[String]) -> Vec<Match>;
}

/// A document that holds what was searched for, and how often it does.
#[derive(Serialize, Deserialize)]
struct Match {
    #[serde(with = "coproc::carry::path")]
    path: PathBuf,
    occurrences: usize,
}

/// The index that is served: by term, the documents that hold it, and how often each does.
#[derive(Default)]
struct MemoryIndex(HashMap<String, Vec<(Rc<Path>, usize)>>);

impl Index for MemoryIndex {
    fn add(&mut self, path: &Path, text: &str) -> usize {
        let path: Rc<Path> = path.into();
        let mut count = 0;
        for term in terms(text) {
            let holders = self.0.entry(term).or_default();
            match holders.last_mut() {
                Some((last, occurrences)) if Rc::ptr_eq(last, &path) => *occurrences += 1,
                _ => holders.push((Rc::clone(&path), 1)),
            }
            count += 1;
        }
        count
    }

    fn search(&self, words: &[String]) -> Vec<Match> {
        let words: Vec<String> = words.iter().flat_map(|word| terms(word)).collect();
        // By document: how many of the words it holds, and how often all in all.
        let mut found: HashMap<&Path, (usize, usize)> = HashMap::new();
        for (path, occurrences) in words.iter().filter_map(|word| self.0.get(word)).flatten() {
            let (held, sum) = found.entry(path).or_default();
            *held += 1;
            *sum += occurrences;
        }
        found.retain(|_, (held, _)| *held == words.len());
        let found = found.into_iter();
        let mut matches: Vec<Match> =
            found.map(|(path, (_, occurrences))| Match { path: path.into(), occurrences }).collect();
        // By the bytes of the path, as it is printed.
        matches.sort_by(|a, b| {
            b.occurrences.cmp(&a.occurrences).then_with(|| a.path.as_os_str().cmp(b.path.as_os_str()))
        });
        matches
    }
}

/// The terms of a text: its maximal runs of letters and digits, lower-cased.
fn terms(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()).map(str::to_lowercase)
}

fn main() -> Result<(), Box<dyn Error>> {
    let entry = coproc::entry("index", |()| IndexWorker(MemoryIndex::default()));
    let (folder, words) = arguments()?;
    eprintln!("searching {} for {}", folder.display(), words.join(" "));
    let started = Instant::now();
    let index = entry.start(())?;
    let read = feed(&index, &folder)?;
    eprintln!("indexed {} terms; skipped {} files that are not text", read.terms, read.binaries);
    let mut stdout = io::stdout().lock();
    for Match { path, occurrences } in index.search(&words)? {
        // As the bytes that it is: `display` would alter a path that is not UTF-8.
        stdout.write_all(path.as_os_str().as_encoded_bytes())?;
        writeln!(stdout, ": {occurrences}")?;
    }
    let seconds = started.elapsed().as_secs_f64();
    writeln!(stdout, "searched {} files, {} bytes in {seconds:.2} s", read.files, read.bytes)?;
    Ok(())
}

/// DIR and the WORDs.
fn arguments() -> Result<(PathBuf, Vec<String>), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1).peekable();
    let folder = arguments.next_if(|first| Path::new(first).is_dir());
    if let Some(first) =
        arguments.peek().filter(|first| folder.is_none() && first.as_encoded_bytes().contains(&b'/'))
    {
        return Err(format!("there is no folder {}", first.display()).into());
    }
    let folder = folder.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let words: Result<Vec<String>, OsString> = arguments.map(OsString::into_string).collect();
    let mut words = words.map_err(|word| format!("not UTF-8, so no text holds it: {}", word.display()))?;
    if words.is_empty() {
        words = vec!["worker".into(), "process".into()];
    }
    Ok((folder.into(), words))
}

/// What was read, and what the index made of it.
#[derive(Default)]
struct Read {
    files: usize,
    bytes: usize,
    terms: usize,
    binaries: usize,
}

/// Calls that are sent ahead of the oldest one's reply: enough that the worker never waits for a file to be read.
const MOST_IN_FLIGHT: usize = 256;

/// Adds every text file under the folder to the index.
fn feed(index: &IndexHost, folder: &Path) -> Result<Read, coproc::Error> {
    let files = files(folder);
    // Drawn on stderr, and only where that is a terminal.
    let bar = ProgressBar::new(files.len() as u64);
    let mut read = Read::default();
    let mut in_flight = VecDeque::new();
    for file in bar.wrap_iter(files.iter()) {
        match read_text(file) {
            Ok(text) => {
                let path = file.strip_prefix(folder).unwrap_or(file);
                in_flight.push_back(index.start().add(path, &text));
                read.files += 1;
                read.bytes += text.len();
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => read.binaries += 1,
            Err(error) => bar.suspend(|| eprintln!("{}: {error}", file.display())),
        }
        if in_flight.len() > MOST_IN_FLIGHT
            && let Some(oldest) = in_flight.pop_front()
        {
            read.terms += oldest.wait()?;
        }
    }
    for call in in_flight {
        read.terms += call.wait()?;
    }
    bar.finish_and_clear();
    Ok(read)
}

/// Every file under the folder; what can't be looked into is reported on stderr.
fn files(folder: &Path) -> Vec<PathBuf> {
    let is_left_out = |entry: &DirEntry| match entry.file_name().to_str() {
        // In a worktree or submodule it is a file.
        Some(".git") => entry.depth() > 0,
        Some("target") => entry.depth() > 0 && entry.file_type().is_dir(),
        _ => false,
    };
    let entries = WalkDir::new(folder).into_iter().filter_entry(|entry| !is_left_out(entry));
    let entries = entries.filter_map(|entry| entry.inspect_err(|error| eprintln!("{error}")).ok());
    entries.filter(|entry| entry.file_type().is_file()).map(DirEntry::into_path).collect()
}

/// The longest file that is read, in bytes: half of what one message may have.
const LONGEST_FILE: u64 = 512 << 20;

fn read_text(file: &Path) -> io::Result<String> {
    if fs::metadata(file)?.len() > LONGEST_FILE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read_to_string(file)
}
