//! Large values there and back.

mod support;

use std::io;

use coproc::{Entry, Stub};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use support::in_time;

#[coproc::worker]
trait Bulk {
    fn numbers(&self, numbers: &[f64]) -> Vec<f64>;
    fn bytes(&self, what: &str, bytes: Vec<u8>) -> Vec<u8>;
    fn text(&self, text: String) -> io::Result<String>;
    fn boxed(&self, bytes: Option<Box<[u8]>>) -> Option<Box<[u8]>>;
    fn borrowed(&self, bytes: &[u8], length: usize) -> Result<Vec<u8>, usize>;
    fn changed(&self, bytes: &mut Vec<u8>) -> Vec<u8>;
    #[norequest]
    fn keep(&mut self, bytes: Vec<u8>);
    fn kept(&mut self) -> Vec<u8>;
    /// Pages that the worker was given so far.
    fn faults(&self) -> u64;
    /// Lets the worker have so many bytes more than it has (`RLIMIT_AS`).
    fn limit_memory(&mut self, more: u64);
}

#[derive(Default)]
struct Store {
    kept: Vec<u8>,
    ballast: Vec<Vec<u8>>,
}

impl Bulk for Store {
    fn numbers(&self, numbers: &[f64]) -> Vec<f64> {
        numbers.to_vec()
    }

    fn bytes(&self, what: &str, mut bytes: Vec<u8>) -> Vec<u8> {
        if what == "more" {
            bytes.push(7);
        }
        bytes
    }

    fn text(&self, text: String) -> io::Result<String> {
        if text.is_empty() { Err(io::Error::other("no text")) } else { Ok(text) }
    }

    fn boxed(&self, bytes: Option<Box<[u8]>>) -> Option<Box<[u8]>> {
        bytes
    }

    fn borrowed(&self, bytes: &[u8], length: usize) -> Result<Vec<u8>, usize> {
        bytes.get(..length).map(<[u8]>::to_vec).ok_or(bytes.len())
    }

    fn changed(&self, bytes: &mut Vec<u8>) -> Vec<u8> {
        bytes.reverse();
        bytes.clone()
    }

    fn keep(&mut self, bytes: Vec<u8>) {
        self.kept = bytes;
    }

    fn kept(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.kept)
    }

    fn faults(&self) -> u64 {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        // The tenth field, `minflt` (`proc_pid_stat(5)`); the second is a name in parentheses.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        fields.split_whitespace().nth(7).and_then(|field| field.parse().ok()).unwrap_or_default()
    }

    fn limit_memory(&mut self, more: u64) {
        // Of what the allocator has reserved already (64 MiB, in a thread) less than half is left.
        self.ballast = (0..1000).map(|_| vec![0; 40 << 10]).collect();
        loop {
            let size = memory_size();
            let limit = Rlimit { current: Some(size + more), ..getrlimit(Resource::As) };
            setrlimit(Resource::As, limit).unwrap();
            // Else another thread has just had more.
            if memory_size() == size {
                return;
            }
        }
    }
}

/// The address space that this process has, in bytes (`proc_pid_status(5)`, `VmSize`).
fn memory_size() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:")?.strip_suffix("kB")).unwrap();
    size.trim().parse::<u64>().unwrap() << 10
}

fn entry() -> Entry<BulkHost, ()> {
    coproc::test_entry("worker", |()| BulkWorker(Store::default()))
}

#[test]
fn worker() {
    let _ = entry();
}

#[test]
fn bytes_of_every_length_come_whole() {
    in_time(|| {
        let bulk = entry().start(()).unwrap();
        for length in [0, 1, 1000, (64 << 10) - 1, 64 << 10, 100_000, 300_000, 1 << 20, 5_000_001] {
            let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
            let text = "a".repeat(length);
            assert_eq!(bulk.bytes("same", bytes.clone()).unwrap(), bytes);
            assert_eq!(bulk.bytes("more", bytes.clone()).unwrap(), [&*bytes, &[7]].concat());
            // What stands ahead of them may be long too.
            assert_eq!(bulk.bytes(&text, bytes.clone()).unwrap(), bytes);
            assert_eq!(bulk.text(text.clone()).unwrap().ok(), Some(text).filter(|text| !text.is_empty()));
            assert_eq!(bulk.boxed(Some(bytes.clone().into())).unwrap().as_deref(), Some(&*bytes));
            assert_eq!(bulk.boxed(None).unwrap(), None);
            assert_eq!(bulk.borrowed(&bytes, length).unwrap().as_ref(), Ok(&bytes));
            assert_eq!(bulk.borrowed(&bytes, length + 1).unwrap(), Err(length));
            let mut changed = bytes.clone();
            assert!(bulk.changed(&mut changed).unwrap().iter().eq(bytes.iter().rev()));
            assert!(changed.iter().eq(bytes.iter().rev()));
            bulk.keep(bytes.clone()).unwrap();
            assert_eq!(bulk.kept().unwrap(), bytes);
        }
    });
}

#[test]
fn large_calls_overtake_each_other() {
    in_time(|| {
        let bulk = entry().start(()).unwrap();
        let bytes: Vec<u8> = (0..=250).cycle().take(3 << 20).collect();
        let calls: Vec<_> = (0..8)
            .map(|level| bulk.priority(-level).start().bytes("same", bytes.clone()))
            .chain((0..8).map(|level| bulk.buffered().priority(level).start().bytes("more", bytes.clone())))
            .collect();
        for (index, call) in calls.into_iter().enumerate() {
            let more: &[u8] = if index < 8 { &[] } else { &[7] };
            assert_eq!(call.wait().unwrap(), [&*bytes, more].concat());
        }
    });
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn what_methods_take_and_return_has_pages_that_the_worker_has_had_before() {
    in_time(|| {
        let bulk = entry().start(()).unwrap();
        let numbers = vec![0.5; 128 << 10];
        let echo = || assert_eq!(bulk.numbers(&numbers).unwrap().len(), numbers.len());
        (0..5).for_each(|_| echo());
        let before = bulk.faults().unwrap();
        (0..20).for_each(|_| echo());
        // A MiB has 256 pages, and there are two of them in the worker at each call.
        assert!(bulk.faults().unwrap() - before < 256);
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_that_may_have_little_memory_takes_what_fits_into_it() {
    in_time(|| {
        let bulk = entry().start(()).unwrap();
        bulk.limit_memory(16 << 20).unwrap();
        let bytes = vec![7; 1 << 20];
        for _ in 0..2 {
            assert_eq!(bulk.bytes("same", bytes.clone()).unwrap(), bytes);
        }
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_value_as_large_as_its_pipe_has_that_hold_more() {
    use std::collections::BTreeMap;
    use std::fs::File;
    use std::path::PathBuf;

    use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};

    /// The pipes that a process has, and how many bytes each holds.
    fn pipes(process: u32) -> BTreeMap<PathBuf, usize> {
        let descriptors = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
        let size = |path: PathBuf| {
            let pipe = path.read_link().ok().filter(|link| link.to_string_lossy().starts_with("pipe:"))?;
            // Whoever opens it to read does not wait, as long as somebody has it to write.
            Some((pipe, fcntl_getpipe_size(File::open(path).unwrap()).unwrap()))
        };
        descriptors.filter_map(|descriptor| size(descriptor.unwrap().path())).collect()
    }

    in_time(|| {
        let (_reader, writer) = io::pipe().unwrap();
        let narrow = fcntl_getpipe_size(&writer).unwrap();
        if fcntl_setpipe_size(&writer, 1 << 20).is_err() {
            // The kernel refuses it to this user.
            return;
        }
        let bulk = entry().start(()).unwrap();
        let wide = || pipes(bulk.pid().unwrap()).into_values().filter(|size| *size > narrow).count();
        bulk.faults().unwrap();
        assert_eq!(wide(), 0);
        assert_eq!(bulk.bytes("", vec![1; narrow]).unwrap().len(), narrow);
        assert_eq!(wide(), 2, "there and back");
    });
}
