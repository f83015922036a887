//! Methods without `self`: what a tarpc service has, and what factories, clocks and registers have beside their methods.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use crate::remote;

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
struct Context {
    deadline: Option<u64>,
    trace: [u8; 16],
}

/// A service of tarpc's shape: no method has a `self`, and the first argument is a context.
#[coproc::worker]
trait World {
    fn hello(context: Context, name: &str) -> String;
    fn add(_: Context, numbers: Vec<i64>) -> Result<i64, String>;
    fn echo(context: &Context) -> Context {
        context.clone()
    }
    fn parse(text: &str, radix: u32) -> Result<i64, String> {
        i64::from_str_radix(text, radix).map_err(|error| error.to_string())
    }
    fn pause() {}
    #[norequest]
    fn note(text: &str);
}

struct Server;

impl World for Server {
    fn hello(context: Context, name: &str) -> String {
        format!("hello, {name}, until {:?}", context.deadline)
    }
    fn add(_: Context, numbers: Vec<i64>) -> Result<i64, String> {
        let sum = numbers.into_iter().try_fold(0_i64, i64::checked_add);
        sum.ok_or_else(|| "too much".to_owned())
    }
    fn note(_: &str) {}
}

/// The same call of a type and of a stub.
macro_rules! same_of {
    ($here:ty, $there:expr => $($method:ident($($argument:expr),* $(,)?)),* $(,)?) => {$(
        assert_eq!($there.$method($($argument),*).unwrap(), <$here>::$method($($argument),*), stringify!($method));
    )*};
}

#[test]
fn a_service_without_self_is_served() {
    let there = remote(WorldWorker(Server));
    let context = || Context { deadline: Some(7), trace: [1; 16] };
    same_of!(Server, there =>
        hello(context(), "you"), hello(Context::default(), ""), add(context(), vec![1, 2]),
        add(context(), vec![i64::MAX, 1]), echo(&context()), parse("ff", 16), parse("x", 10), pause(),
    );
    there.note("noted").unwrap();
}

/// Registers of a device, some of which belong to no device: both kinds of method, and a constant.
#[coproc::worker]
trait Adc {
    const BITS: u8;
    fn bits() -> u8 {
        Self::BITS
    }
    fn full_scale() -> u32
    where
        Self: Sized,
    {
        (1 << Self::bits()) - 1
    }
    fn sample(&mut self, channel: u8) -> u32;
    fn volts(&mut self, channel: u8, reference: &f32) -> f32
    where
        Self: Sized,
    {
        self.sample(channel) as f32 / Self::full_scale() as f32 * reference
    }
    #[local]
    fn calibrated(with: u32) -> Self
    where
        Self: Sized;
    fn counted(step: u32) -> u32;
}

thread_local! {
    static COUNTED: Cell<u32> = const { Cell::new(0) };
}

struct Twelve(u32);

impl Adc for Twelve {
    const BITS: u8 = 12;
    fn sample(&mut self, channel: u8) -> u32 {
        self.0 += u32::from(channel);
        self.0 & Self::full_scale()
    }
    fn calibrated(with: u32) -> Twelve {
        Twelve(with)
    }
    fn counted(step: u32) -> u32 {
        COUNTED.with(|counted| counted.replace(counted.get() + step))
    }
}

#[test]
fn methods_with_and_without_self_stand_beside_each_other() {
    let there = remote(AdcWorker(Twelve::calibrated(4000)));
    let mut here = Twelve::calibrated(4000);
    same_of!(Twelve, there => bits(), full_scale());
    crate::same!(here, there => sample(1), sample(200), volts(3, &3.3));
    // The worker's thread has a count of its own.
    same_of!(Twelve, there => counted(2), counted(3), counted(0));
    assert_eq!(there.counted(0).unwrap(), 5);
}
