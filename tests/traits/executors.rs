//! Futures that need something around them, on an executor of the user's.

use std::cell::{Cell, RefCell};
use std::future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;

use coproc::{Stub, Worker};

use crate::futures::block_on;

thread_local! {
    /// What a runtime has around its futures: timers, tasks.
    static RUNTIME: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Runs a future in the runtime with this number.
fn within<T>(number: u32, future: impl Future<Output = T>) -> T {
    RUNTIME.set(Some(number));
    let value = block_on(future);
    RUNTIME.set(None);
    value
}

/// As a driver's: something else completes it.
#[coproc::worker]
trait Sensor {
    type Reading;

    async fn measure(&mut self, samples: u16) -> Result<Self::Reading, u16>;
    fn calibrate(&mut self, by: &Self::Reading) -> impl Future<Output = Option<u32>> + Send;
    fn runtime(&self) -> Option<u32>;
    #[norequest]
    async fn power(&mut self, on: bool);
}

/// A value that another thread sets, with who waits for it.
#[derive(Default)]
struct Promise {
    values: Mutex<(Vec<u32>, Option<Waker>)>,
}

impl Promise {
    fn fulfil(&self, value: u32) {
        let mut values = self.values.lock().unwrap();
        values.0.push(value);
        if let Some(waker) = values.1.take() {
            waker.wake();
        }
    }

    async fn of(&self, count: usize) -> Vec<u32> {
        future::poll_fn(|context| {
            let mut values = self.values.lock().unwrap();
            if values.0.len() >= count {
                return Poll::Ready(std::mem::take(&mut values.0));
            }
            values.1 = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

#[derive(Default)]
struct Thermometer {
    on: bool,
    offset: u32,
}

impl Sensor for Thermometer {
    type Reading = (u32, Vec<u32>);

    async fn measure(&mut self, samples: u16) -> Result<(u32, Vec<u32>), u16> {
        let Some(runtime) = RUNTIME.get().filter(|_| self.on) else { return Err(samples) };
        let promise = Arc::new(Promise::default());
        let there = Arc::clone(&promise);
        let offset = self.offset;
        let other = thread::spawn(move || (0..samples).for_each(|n| there.fulfil(offset + u32::from(n))));
        let readings = promise.of(samples.into()).await;
        other.join().unwrap();
        Ok((runtime, readings))
    }
    async fn calibrate(&mut self, by: &Self::Reading) -> Option<u32> {
        self.offset += by.1.iter().sum::<u32>();
        Some(RUNTIME.get()? + self.offset)
    }
    fn runtime(&self) -> Option<u32> {
        RUNTIME.get()
    }
    async fn power(&mut self, on: bool) {
        self.on = on && RUNTIME.get().is_some();
    }
}

#[test]
fn a_runtime_is_around_async_methods_only() {
    let mut here = Thermometer::default();
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let worker = SensorWorker(Thermometer::default()).with_executor(move |future| {
        counted.fetch_add(1, Ordering::Relaxed);
        within(7, future);
    });
    let there = coproc::in_thread(|| worker).unwrap();
    assert_eq!(there.measure(3).unwrap(), within(7, here.measure(3)));
    there.power(true).unwrap();
    within(7, here.power(true));
    for samples in [0, 1, 100] {
        let (reading_here, reading_there) = (within(7, here.measure(samples)), there.measure(samples));
        assert_eq!(reading_there.unwrap(), reading_here);
        let reading = reading_here.unwrap();
        assert_eq!(there.calibrate(&reading).unwrap(), within(7, here.calibrate(&reading)));
    }
    assert_eq!(there.runtime().unwrap(), here.runtime());
    assert_eq!(runs.load(Ordering::Relaxed), 8, "once for each async call");
}

#[test]
fn the_built_in_executor_has_no_runtime() {
    let mut here = Thermometer::default();
    let there = coproc::in_thread(|| SensorWorker(Thermometer::default())).unwrap();
    there.power(true).unwrap();
    block_on(here.power(true));
    assert_eq!(there.measure(3).unwrap(), block_on(here.measure(3)));
    assert_eq!(there.calibrate(&(1, vec![2])).unwrap(), block_on(here.calibrate(&(1, vec![2]))));
}

/// Neither the service nor its futures are `Send`: they stay where they are made.
#[coproc::worker]
trait Script<const N: usize> {
    async fn run(&self, lines: [&str; N]) -> [usize; N];
    async fn history<'s>(&'s self, with: &str) -> Vec<String>
    where
        Self: 's;
    async fn swap(&mut self, lines: &mut [String; N]) -> Option<String>;
}

#[derive(Default)]
struct Interpreter {
    ran: Rc<RefCell<Vec<String>>>,
}

impl<const N: usize> Script<N> for Interpreter {
    async fn run(&self, lines: [&str; N]) -> [usize; N] {
        let ran = Rc::clone(&self.ran);
        future::ready(()).await;
        lines.map(|line| {
            ran.borrow_mut().push(line.to_owned());
            ran.borrow().len()
        })
    }
    async fn history<'s>(&'s self, with: &str) -> Vec<String>
    where
        Self: 's,
    {
        self.ran.borrow().iter().filter(|line| line.contains(with)).cloned().collect()
    }
    async fn swap(&mut self, lines: &mut [String; N]) -> Option<String> {
        let mut ran = self.ran.borrow_mut();
        for (line, ran) in lines.iter_mut().zip(ran.iter_mut()) {
            std::mem::swap(line, ran);
        }
        ran.first().cloned()
    }
}

/// Polls from the inside of another future, as `select!` and its like do.
fn nested(future: Pin<&mut (dyn Future<Output = ()> + '_)>) {
    block_on(async {
        future::ready(()).await;
        future.await;
    });
}

#[test]
fn futures_that_stay_on_their_thread() {
    // The worker is made in its thread, for it is not `Send`.
    let there =
        coproc::in_thread(|| ScriptWorker::<_, 2>(Interpreter::default()).with_executor(nested)).unwrap();
    let mut here = Interpreter::default();
    assert_eq!(there.run(["let a", "a + 1"]).unwrap(), block_on(here.run(["let a", "a + 1"])));
    let history = block_on(Script::<2>::history(&here, "let"));
    assert_eq!(there.history("let").unwrap(), history);
    let mut lines_here = ["x".to_owned(), "y".to_owned()];
    let mut lines_there = lines_here.clone();
    assert_eq!(there.swap(&mut lines_there).unwrap(), block_on(here.swap(&mut lines_here)));
    assert_eq!(lines_there, lines_here);
    let later = there.start().run(["b", "c"]);
    assert_eq!(later.wait().unwrap(), block_on(here.run(["b", "c"])));
}
