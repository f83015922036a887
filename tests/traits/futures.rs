//! Methods that are futures: `async fn`, `-> impl Future + Send`, boxed ones. The stub's methods block.

use std::collections::BTreeMap;
use std::future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use coproc::Stub;
use serde::{Deserialize, Serialize};

use crate::remote;

/// Runs a future that is called in place.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        thread::park();
    }
}

/// Calls async methods in place and through a worker, and compares what they return, borrowed or owned.
macro_rules! same_later {
    ($here:expr, $there:expr => $($method:ident($($argument:expr),* $(,)?)),* $(,)?) => {$(
        assert_eq!(
            format!("{:?}", $there.$method($($argument),*).unwrap()),
            format!("{:?}", $crate::futures::block_on($here.$method($($argument),*))),
            stringify!($method)
        );
    )*};
}

/// Is pending as often, and woken by another thread each time.
async fn interrupted(mut times: u32) {
    future::poll_fn(|context| {
        if times == 0 {
            return Poll::Ready(());
        }
        times -= 1;
        let waker = context.waker().clone();
        thread::spawn(move || waker.wake());
        Poll::Pending
    })
    .await;
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
struct Letter {
    subject: String,
    body: Vec<u8>,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Undeliverable {
    Nobody,
    TooLong { most: usize },
}

#[coproc::worker]
trait Mailbox {
    async fn deliver(&mut self, subject: &str, body: &[u8]) -> Result<usize, Undeliverable>;
    async fn first(&self, _with: &str) -> Option<&Letter>;
    async fn subjects(&self) -> Vec<&str>;
    async fn drain(&mut self, into: &mut Vec<Letter>, most: &mut usize) -> bool;
    fn count(&self) -> usize;
    #[norequest]
    #[priority(-1)]
    async fn forget(&mut self, subject: &str);
    async fn greeting() -> String {
        "at your service".to_owned()
    }
    async fn deliver_all(&mut self, letters: &[(&str, &[u8])]) -> Result<(), Undeliverable> {
        for (subject, body) in letters {
            self.deliver(subject, body).await?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Pigeonhole(Vec<Letter>);

impl Mailbox for Pigeonhole {
    async fn deliver(&mut self, subject: &str, body: &[u8]) -> Result<usize, Undeliverable> {
        interrupted(2).await;
        match (subject, body.len()) {
            ("", _) => Err(Undeliverable::Nobody),
            (_, 9..) => Err(Undeliverable::TooLong { most: 8 }),
            _ => {
                self.0.push(Letter { subject: subject.to_owned(), body: body.to_owned() });
                Ok(self.0.len())
            }
        }
    }
    async fn first(&self, with: &str) -> Option<&Letter> {
        self.0.iter().find(|letter| letter.subject.contains(with))
    }
    async fn subjects(&self) -> Vec<&str> {
        interrupted(1).await;
        self.0.iter().map(|letter| &*letter.subject).collect()
    }
    async fn drain(&mut self, into: &mut Vec<Letter>, most: &mut usize) -> bool {
        let taken = self.0.len().min(*most);
        interrupted(3).await;
        into.extend(self.0.drain(..taken));
        *most -= taken;
        self.0.is_empty()
    }
    fn count(&self) -> usize {
        self.0.len()
    }
    async fn forget(&mut self, subject: &str) {
        interrupted(1).await;
        self.0.retain(|letter| letter.subject != subject);
    }
}

fn letters_come_and_go(mut here: impl Mailbox, there: &MailboxHost) {
    same_later!(here, there =>
        deliver("one", b"body"),
        deliver("", b"body"),
        deliver("long", &[0; 9]),
        deliver_all(&[("two", b""), ("three", b"3")]),
        deliver_all(&[("four", b""), ("", b""), ("five", b"")]),
        first("t"),
        first("nothing"),
        subjects(),
    );
    block_on(here.forget("two"));
    there.forget("two").unwrap();
    assert_eq!(there.count().unwrap(), here.count());
    for (most, left) in [(2, 0), (5, 4)] {
        let (mut taken_here, mut taken_there) = (Vec::new(), Vec::new());
        let (mut most_here, mut most_there) = (most, most);
        let empty = block_on(here.drain(&mut taken_here, &mut most_here));
        assert_eq!(there.drain(&mut taken_there, &mut most_there).unwrap(), empty);
        assert_eq!((taken_there, most_there), (taken_here, most_here));
        assert_eq!(most_here, left);
    }
    assert_eq!(there.greeting().unwrap(), block_on(Pigeonhole::greeting()));
}

#[test]
fn async_methods_borrow_and_change_their_arguments() {
    letters_come_and_go(Pigeonhole::default(), &remote(MailboxWorker(Pigeonhole::default())));
}

fn mailbox() -> coproc::Entry<MailboxHost, ()> {
    coproc::test_entry("futures::mailbox_worker", |()| MailboxWorker(Pigeonhole::default()))
}

#[test]
fn mailbox_worker() {
    let _ = mailbox();
}

#[test]
fn async_methods_run_in_a_process() {
    letters_come_and_go(Pigeonhole::default(), &mailbox().start(()).unwrap());
}

#[test]
fn async_calls_run_one_after_the_other() {
    let there = remote(MailboxWorker(Pigeonhole::default()));
    let calls = ["a", "b", "c", "d"].map(|subject| there.start().deliver(subject, b"same"));
    let counts = calls.map(|call| call.wait().unwrap());
    assert_eq!(counts, [1, 2, 3, 4].map(Ok));
    let (empty, letters, most) = there.start().drain(&Vec::new(), &3).wait().unwrap();
    assert_eq!((empty, letters.len(), most), (false, 3, 0));
}

/// As HTTP and database clients have it.
#[coproc::worker]
trait KeyValue: Send + Sync + 'static {
    fn get(&self, key: &str) -> impl Future<Output = Option<Vec<u8>>> + Send;
    fn set<'a>(
        &'a mut self,
        key: &'a str,
        value: &'a [u8],
    ) -> impl Future<Output = io::Result<usize>> + Send + 'a;
    fn longest(&self) -> impl Send + std::future::Future<Output = Option<(&str, &[u8])>>;
    fn touch(&mut self, key: &str) -> impl Future<Output = ()> + Send {
        async move {
            let _ = self.set(key, &[]).await;
        }
    }
}

#[derive(Default)]
struct Sorted(BTreeMap<String, Vec<u8>>);

impl KeyValue for Sorted {
    fn get(&self, key: &str) -> impl Future<Output = Option<Vec<u8>>> + Send {
        future::ready(self.0.get(key).cloned())
    }
    async fn set<'a>(&'a mut self, key: &'a str, value: &'a [u8]) -> io::Result<usize> {
        interrupted(1).await;
        if key.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no key"));
        }
        self.0.insert(key.to_owned(), value.to_owned());
        Ok(self.0.len())
    }
    async fn longest(&self) -> Option<(&str, &[u8])> {
        let (key, value) = self.0.iter().max_by_key(|(_, value)| value.len())?;
        Some((key, value))
    }
}

#[test]
fn methods_that_return_an_opaque_future() {
    let (mut here, there) = (Sorted::default(), remote(KeyValueWorker(Sorted::default())));
    let longest: Option<(String, Vec<u8>)> = there.longest().unwrap();
    assert_eq!(longest, None);
    same_later!(here, there =>
        set("a", b"one"),
        set("b", b"three"),
        set("", b""),
        longest(),
        set("b", b""),
        longest(),
        get("b"),
        get("z"),
        touch("c"),
        get("c"),
    );
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// As it was written before traits had async methods.
#[coproc::worker]
trait Transport {
    fn send<'life>(&'life mut self, frame: &'life Letter) -> BoxFuture<'life, Result<u32, String>>;
    fn receive(&mut self) -> Pin<Box<dyn Future<Output = Option<Letter>> + Send + '_>>;
    fn peek(&self) -> LocalBoxFuture<'_, Option<&str>>;
    fn close(&mut self, reason: Option<&str>) -> Pin<Box<dyn Future<Output = String> + Send + 'static>>;
    #[norequest]
    fn reset(&mut self) -> BoxFuture<'_, ()>;
}

impl Transport for Pigeonhole {
    fn send<'life>(&'life mut self, frame: &'life Letter) -> BoxFuture<'life, Result<u32, String>> {
        Box::pin(async move {
            interrupted(1).await;
            if frame.body.is_empty() {
                return Err(format!("{} is empty", frame.subject));
            }
            self.0.push(frame.clone());
            Ok(frame.body.len() as u32)
        })
    }
    fn receive(&mut self) -> Pin<Box<dyn Future<Output = Option<Letter>> + Send + '_>> {
        Box::pin(future::ready((!self.0.is_empty()).then(|| self.0.remove(0))))
    }
    fn peek(&self) -> LocalBoxFuture<'_, Option<&str>> {
        Box::pin(async { Some(&*self.0.first()?.subject) })
    }
    fn close(&mut self, reason: Option<&str>) -> Pin<Box<dyn Future<Output = String> + Send + 'static>> {
        let text = format!("{reason:?} {}", self.0.len());
        Box::pin(async { text })
    }
    fn reset(&mut self) -> BoxFuture<'_, ()> {
        self.0.clear();
        Box::pin(interrupted(1))
    }
}

#[test]
fn methods_that_return_a_boxed_future() {
    let (mut here, there) = (Pigeonhole::default(), remote(TransportWorker(Pigeonhole::default())));
    let letter = |subject: &str, body: &[u8]| Letter { subject: subject.to_owned(), body: body.to_owned() };
    same_later!(here, there =>
        send(&letter("one", b"1")),
        send(&letter("two", b"")),
        send(&letter("three", b"333")),
        receive(),
        close(Some("done")),
        peek(),
    );
    block_on(here.reset());
    there.reset().unwrap();
    assert_eq!(there.peek().unwrap(), None);
    same_later!(here, there => receive(), close(None));
}
