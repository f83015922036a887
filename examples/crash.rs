//! What a host sees of a worker that panics, aborts, is killed or hangs: `cargo run --release --example crash`.

use std::fmt::Debug;
use std::time::Duration;
use std::{process, thread};

use coproc::{Error, Stub};

#[coproc::worker]
trait Fragile {
    /// Panics if `divisor` is 0.
    fn divide(&self, dividend: u32, divisor: u32) -> u32;
    /// Ends the process on the spot, as a fault in a C library would.
    fn abort(&self);
    /// Never returns.
    fn hang(&self);
}

struct Glass;

impl Fragile for Glass {
    fn divide(&self, dividend: u32, divisor: u32) -> u32 {
        dividend / divisor
    }

    fn abort(&self) {
        process::abort()
    }

    fn hang(&self) {
        loop {
            thread::park();
        }
    }
}

fn main() -> Result<(), Error> {
    let entry = coproc::entry("fragile", |()| FragileWorker(Glass));

    println!("A worker that panics:");
    let worker = entry.start(())?;
    show("divide(1, 0)", worker.divide(1, 0));
    show("divide(6, 3)", worker.divide(6, 3));
    println!("  join(): {}", worker.join()?);

    println!("A worker that aborts:");
    let worker = worker.restart()?;
    show("abort()", worker.abort());

    println!("A worker that is killed while it is called:");
    let worker = worker.restart()?;
    let call = worker.start().hang();
    println!("  kill(): {}", worker.kill()?);
    show("hang()", call.wait());

    println!("A worker that hangs:");
    let worker = worker.restart()?;
    show("hang()", worker.timeout(Duration::from_millis(200)).hang());
    println!("  is_alive(): {}", worker.is_alive());
    println!("  kill(): {}", worker.kill()?);

    println!("A worker that takes its place:");
    let worker = worker.restart()?;
    show("divide(6, 3)", worker.divide(6, 3));
    Ok(())
}

/// Prints what a call gave; of an error its kind and its cause, without the process id.
fn show<T: Debug>(call: &str, outcome: Result<T, Error>) {
    match outcome {
        Ok(value) => println!("  {call}: {value:?}"),
        Err(error) => match error.messenger_error() {
            Some(cause) => println!("  {call}: {:?}, {cause}", error.kind()),
            None => println!("  {call}: {error}"),
        },
    }
}
