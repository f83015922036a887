//! Traits as people have them: supertraits, default bodies, `&self` and `&mut self` beside each other.

use std::fmt::Debug;

use coproc::Stub;

trait Named {
    fn name(&self) -> String;
}

#[coproc::worker]
trait Counter: Named + Debug + Send + Sync + 'static
where
    Self: Sized,
{
    /// The count so far.
    fn count(&self) -> u32;
    fn add(&mut self, number: u32);
    /// A default body runs in the worker, and may be overridden there.
    fn add_all(&mut self, numbers: &[u32]) -> u32 {
        for number in numbers {
            self.add(*number);
        }
        self.count()
    }
    fn described(&self) -> String
    where
        Self: Sized,
    {
        format!("{} of {self:?}: {}", self.name(), self.count())
    }
    fn try_add(&mut self, number: Result<u32, String>) -> Result<u32, String> {
        let number = number?;
        self.add(number);
        Ok(number)
    }
    #[norequest]
    fn reset(&mut self) {
        self.add_all(&[]);
    }
}

/// Takes what the trait gives.
#[derive(Debug, Default)]
struct Plain(u32);

impl Named for Plain {
    fn name(&self) -> String {
        "plain".to_owned()
    }
}

impl Counter for Plain {
    fn count(&self) -> u32 {
        self.0
    }
    fn add(&mut self, number: u32) {
        self.0 += number;
    }
}

/// Overrides some of it.
#[derive(Debug, Clone, Default)]
struct Double(u32);

impl Named for Double {
    fn name(&self) -> String {
        "double".to_owned()
    }
}

impl Counter for Double {
    fn count(&self) -> u32 {
        self.0
    }
    fn add(&mut self, number: u32) {
        self.0 += 2 * number;
    }
    fn described(&self) -> String {
        "overridden".to_owned()
    }
    fn reset(&mut self) {
        self.0 = 0;
    }
}

#[test]
fn default_bodies_run_in_the_worker() {
    let host = coproc::in_thread(CounterWorker::<Plain>::default).unwrap();
    host.add(1).unwrap();
    assert_eq!(host.add_all(&[2, 3]).unwrap(), 6);
    assert_eq!(host.described().unwrap(), "plain of Plain(6): 6");
    assert_eq!(host.try_add(Err("no number".to_owned())).unwrap(), Err("no number".to_owned()));
    assert_eq!(host.try_add(Ok(4)).unwrap(), Ok(4));
    host.reset().unwrap();
    assert_eq!(host.count().unwrap(), 10);
}

#[test]
fn a_worker_may_override_default_bodies() {
    let worker = CounterWorker(Double(1));
    assert_eq!(format!("{:?}", worker.clone()), "CounterWorker(Double(1))");
    let host = coproc::in_thread(|| worker).unwrap();
    assert_eq!(host.add_all(&[2, 3]).unwrap(), 11);
    assert_eq!(host.described().unwrap(), "overridden");
    host.reset().unwrap();
    assert_eq!(host.count().unwrap(), 0);
}

#[test]
fn stubs_are_cloned_and_shared() {
    fn is_for_any_thread<T: Clone + Debug + Send + Sync>(_: &T) {}

    let host = coproc::in_thread(CounterWorker::<Plain>::default).unwrap();
    is_for_any_thread(&host);
    is_for_any_thread(&host.start());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| host.clone().add(1).unwrap());
        }
    });
    let pending: Vec<_> = (0..4).map(|number| host.start().add(number)).collect();
    for call in pending {
        call.wait().unwrap();
    }
    assert_eq!(host.count().unwrap(), 10);
}

#[test]
fn messages_are_values() {
    let request = CounterRequest::AddAll { numbers: coproc::carry::Ref::Lent(&[1, 2]) };
    let mut payload = Vec::new();
    coproc::codec::encode(&request, &mut payload).unwrap();
    match coproc::codec::decode(&payload).unwrap() {
        CounterRequest::AddAll { numbers } => assert_eq!(*numbers, [1, 2]),
        _ => panic!("another method's"),
    }

    let mut payload = Vec::new();
    coproc::codec::encode(&CounterReply::TryAdd(Err("no".to_owned())), &mut payload).unwrap();
    let reply: CounterReply = coproc::codec::decode(&payload).unwrap();
    assert!(matches!(reply, CounterReply::TryAdd(Err(reason)) if reason == "no"));
}
