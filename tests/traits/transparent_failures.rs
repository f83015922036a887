//! What the methods of a transparent stub do once their worker is gone: as decided for the trait, or for the method.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use coproc::{ErrorKind, Stub};
use serde::{Deserialize, Serialize};

use crate::remote;

/// Both kinds of end: what remains must be what was decided, for each.
fn after_each_end<H: Stub>(start: impl Fn() -> H, mut crash: impl FnMut(&H), mut check: impl FnMut(H)) {
    let killed = start();
    killed.kill().unwrap();
    check(killed);
    let panicked = start();
    crash(&panicked);
    check(panicked);
}

/// What the panic says.
fn panics<T>(call: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(call)).err().expect("it panics");
    *panic.downcast::<String>().expect("it says why")
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
enum QueueError {
    Empty,
    /// It remembers what failed, which never crosses.
    Worker {
        method: String,
        is_dead: bool,
    },
}

impl From<coproc::Error> for QueueError {
    fn from(error: coproc::Error) -> Self {
        let is_dead = matches!(error.kind(), ErrorKind::Died | ErrorKind::Panicked);
        QueueError::Worker { method: error.method().unwrap_or_default().to_owned(), is_dead }
    }
}

/// Panics unless something else is said.
#[coproc::worker(transparent, on_failure = panic)]
trait Queue {
    fn push(&mut self, item: &str) -> usize;
    fn pop(&mut self) -> Result<String, QueueError>;
    fn save(&self, path: &str) -> io::Result<()>;
    #[on_failure(default)]
    fn len(&self) -> usize;
    #[on_failure(default)]
    fn items(&self) -> Option<Vec<String>>;
    fn name(&self) -> &'static str {
        "queue"
    }
    #[on_failure("?".into())]
    fn kind(&self) -> Cow<'static, str>;
    #[on_failure(-1 - 2)]
    fn oldest(&self, than: i64) -> i64;
    #[on_failure(Err(QueueError::Empty))]
    fn peek(&self) -> Result<String, QueueError>;
    #[on_failure(default)]
    #[norequest]
    fn clear(&mut self);
    #[on_failure(HashMap::from([(than.to_owned(), than.len())]))]
    fn longer(&self, than: &str) -> HashMap<String, usize>;
    #[on_failure(panic)]
    fn fail(&mut self) -> Result<(), QueueError>;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    #[remote]
    #[on_failure(default)]
    fn push_all(&mut self, items: &[&str]) -> usize {
        items.iter().map(|item| self.push(item)).last().unwrap_or_default()
    }
}

#[derive(Default)]
struct List(Vec<String>);

impl Queue for List {
    fn push(&mut self, item: &str) -> usize {
        self.0.push(item.to_owned());
        self.0.len()
    }
    fn pop(&mut self) -> Result<String, QueueError> {
        self.0.pop().ok_or(QueueError::Empty)
    }
    fn save(&self, path: &str) -> io::Result<()> {
        if path.is_empty() { Err(io::Error::from_raw_os_error(2)) } else { Ok(()) }
    }
    fn len(&self) -> usize {
        self.0.len()
    }
    fn items(&self) -> Option<Vec<String>> {
        Some(self.0.clone())
    }
    fn kind(&self) -> Cow<'static, str> {
        "list".into()
    }
    fn oldest(&self, than: i64) -> i64 {
        than + self.0.len() as i64
    }
    fn peek(&self) -> Result<String, QueueError> {
        self.0.last().cloned().ok_or(QueueError::Empty)
    }
    fn clear(&mut self) {
        self.0.clear();
    }
    fn longer(&self, than: &str) -> HashMap<String, usize> {
        self.0.iter().filter(|item| item.len() > than.len()).map(|item| (item.clone(), item.len())).collect()
    }
    fn fail(&mut self) -> Result<(), QueueError> {
        panic!("the list is on fire")
    }
}

fn queue() -> coproc::Entry<QueueHost, ()> {
    coproc::test_entry("transparent_failures::queue_worker", |()| QueueWorker(List::default()))
}

#[test]
fn queue_worker() {
    let _ = queue();
}

fn told(queue: &mut impl Queue) -> String {
    let mut told = format!("{:?} {} {} ", queue.pop(), queue.push("one"), queue.push_all(&["two", "three"]));
    told += &format!("{:?} {:?} {} ", queue.save(""), queue.save("x"), queue.len());
    told += &format!(
        "{:?} {} {} {} {:?} ",
        queue.items(),
        queue.name(),
        queue.kind() + "",
        queue.oldest(7),
        queue.peek()
    );
    told += &format!("{:?} {} ", queue.longer("two"), queue.is_empty());
    queue.clear();
    told + &format!("{} {:?} {:?}", queue.is_empty(), queue.peek(), queue.pop())
}

#[test]
fn a_dead_queue_does_what_was_decided() {
    let mut here = List::default();
    assert_eq!(told(&mut queue().start(()).unwrap()), told(&mut here));
    let crash = |queue: &QueueHost| {
        let error = queue.fail().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Panicked);
    };
    after_each_end(|| queue().start(()).unwrap(), crash, dead);
}

fn dead(mut queue: impl Queue) {
    let failed = |method: &str| QueueError::Worker { method: method.to_owned(), is_dead: true };
    assert_eq!(queue.pop(), Err(failed("pop")));
    assert_eq!(queue.save("x").unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    assert_eq!((queue.len(), queue.items(), queue.is_empty()), (0, None, true));
    assert_eq!((queue.oldest(7), queue.peek()), (-3, Err(QueueError::Empty)));
    assert_eq!(queue.longer("four"), HashMap::from([("four".to_owned(), 4)]));
    assert_eq!(queue.kind(), "?");
    assert_eq!((queue.name(), queue.push_all(&["a"])), ("queue", 0));
    queue.clear();
    let push = panics(|| queue.push("a"));
    assert!(push.starts_with("Queue::push (worker "), "{push}");
    let fail = panics(|| queue.fail());
    assert!(fail.starts_with("Queue::fail (worker "), "{fail}");
}

/// The default of each type, unless something else is said.
#[coproc::worker(transparent, on_failure = default)]
trait Metrics {
    fn count(&self, name: &str) -> u64;
    fn gauges(&self) -> (f64, String, [u8; 4], Option<Box<str>>);
    fn report(&mut self, lines: &mut Vec<String>, number: &mut u32) -> bool;
    fn checked(&self, name: &str) -> Result<u8, QueueError>;
    fn level(&self) -> Level;
    #[on_failure(Snapshot { total: u64::MAX })]
    fn snapshot(&self) -> Snapshot;
    #[on_failure(panic)]
    fn flush(&mut self, hard: bool);
    #[norequest]
    fn record(&mut self, name: String, by: u64);
}

#[derive(Serialize, Deserialize, Default, Debug, PartialEq)]
enum Level {
    #[default]
    Unknown,
    High,
}

/// It has no default.
#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Snapshot {
    total: u64,
}

#[derive(Default)]
struct Counts(HashMap<String, u64>);

impl Metrics for Counts {
    fn count(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or_default()
    }
    fn gauges(&self) -> (f64, String, [u8; 4], Option<Box<str>>) {
        (0.5, "gauge".to_owned(), [1; 4], Some("boxed".into()))
    }
    fn report(&mut self, lines: &mut Vec<String>, number: &mut u32) -> bool {
        lines.extend(self.0.keys().cloned());
        *number += 1;
        true
    }
    fn checked(&self, name: &str) -> Result<u8, QueueError> {
        self.0.get(name).map(|count| *count as u8).ok_or(QueueError::Empty)
    }
    fn level(&self) -> Level {
        Level::High
    }
    fn snapshot(&self) -> Snapshot {
        Snapshot { total: self.0.values().sum() }
    }
    fn flush(&mut self, hard: bool) {
        assert!(!hard, "too hard");
        self.0.clear();
    }
    fn record(&mut self, name: String, by: u64) {
        *self.0.entry(name).or_default() += by;
    }
}

fn recorded(metrics: &mut dyn Metrics) -> String {
    metrics.record("a".to_owned(), 2);
    metrics.record("a".to_owned(), 3);
    let (mut lines, mut number) = (vec!["first".to_owned()], 6);
    let mut told = format!("{} {:?} {:?} ", metrics.count("a"), metrics.gauges(), metrics.snapshot());
    told += &format!("{} {lines:?} {number} ", metrics.report(&mut lines, &mut number));
    told += &format!("{lines:?} {number} {:?} {:?} ", metrics.checked("a"), metrics.checked("b"));
    metrics.flush(false);
    told + &format!("{:?} {}", metrics.level(), metrics.count("a"))
}

#[test]
fn dead_metrics_are_the_defaults() {
    let mut there = remote(MetricsWorker(Counts::default()));
    assert_eq!(recorded(&mut there), recorded(&mut Counts::default()));
    assert!(panics(|| Metrics::flush(&mut there, true)).contains("too hard"));
    let metrics: &mut dyn Metrics = &mut there;
    assert_eq!((metrics.count("a"), metrics.level()), (0, Level::Unknown));
    assert_eq!(metrics.gauges(), Default::default());
    assert_eq!(metrics.snapshot(), Snapshot { total: u64::MAX });
    assert_eq!(metrics.checked("a"), Err(QueueError::Worker { method: "checked".to_owned(), is_dead: true }));
    // Places are as they were.
    let (mut lines, mut number) = (vec!["first".to_owned()], 6);
    assert!(!metrics.report(&mut lines, &mut number));
    assert_eq!((lines, number), (vec!["first".to_owned()], 6));
    metrics.record("a".to_owned(), 1);
    assert!(panics(|| metrics.flush(false)).starts_with("Metrics::flush: "));
}
