//! Requests, counted until their replies are taken: `cargo run --release --example messenger_requests`.

use coproc::{MessengerError, PriorityMessenger};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
enum Data {
    Text(String),
    Number(u32),
}

fn echo(messenger: PriorityMessenger<Data, Data>, (): ()) -> Result<(), MessengerError> {
    loop {
        let request = messenger.receive_blocking(())?;
        messenger.send_reply(request.into_inner(), ())?;
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let entry = coproc::messenger_entry("echo", echo);
    let worker = entry.start(())?;
    let messenger = worker.messenger();
    println!("remaining()={}", messenger.remaining(()));
    messenger.send_request(Data::Text("hello".into()), ())?;
    println!("remaining()={}", messenger.remaining(()));
    if let Data::Text(text) = messenger.receive_blocking(())?.into_inner() {
        println!("receive_blocking()={text:?}");
    }
    println!("remaining()={}", messenger.remaining(()));
    messenger.send_requests((0..3).map(Data::Number), ())?;
    println!("remaining()={}", messenger.remaining(()));
    for reply in messenger.receive_remaining(()) {
        if let Data::Number(number) = reply?.into_inner() {
            println!("{number}");
        }
    }
    Ok(())
}
