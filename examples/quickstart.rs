//! A trait, served by another process: `cargo run --release --example quickstart`.

#[coproc::worker]
trait Greeter {
    /// Greets, and counts whom it has greeted.
    fn greet(&mut self, name: &str) -> String;
    /// The process that serves.
    fn process(&self) -> u32;
}

struct Polite {
    greeting: String,
    greeted: u32,
}

impl Greeter for Polite {
    fn greet(&mut self, name: &str) -> String {
        self.greeted += 1;
        format!("{}, {name}! You are number {}.", self.greeting, self.greeted)
    }

    fn process(&self) -> u32 {
        std::process::id()
    }
}

fn main() -> Result<(), coproc::Error> {
    let entry = coproc::entry("greeter", |greeting| GreeterWorker(Polite { greeting, greeted: 0 }));
    let greeter = entry.start(String::from("Hello"))?;
    println!("{}", greeter.greet("world")?);
    println!("{}", greeter.greet("again")?);
    println!("Served by another process: {}", greeter.process()? != std::process::id());
    Ok(())
}
