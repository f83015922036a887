//! Messages on two channels over one pair of pipes: `cargo run --release --example messenger_channels`.

use coproc::{MessengerError, PriorityMessenger};

const CHANNEL_A: u8 = 1;
const CHANNEL_B: u8 = 2;

fn echo(messenger: PriorityMessenger<String, String>, (): ()) -> Result<(), MessengerError> {
    loop {
        messenger.await_available()?;
        for channel in [CHANNEL_A, CHANNEL_B] {
            for data in messenger.receive_available(channel) {
                let data = data?;
                eprintln!("worker got: {data}");
                messenger.send_norequest(data.into_inner(), channel)?;
            }
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let entry = coproc::messenger_entry("echo", echo);
    let worker = entry.start(())?;
    let messenger = worker.messenger();
    println!("available()={}", messenger.available(())?);
    messenger.send_norequest("hello".into(), CHANNEL_A)?;
    messenger.send_norequest("hi".into(), CHANNEL_B)?;
    // Once both echoes are here, none of them waits on the default channel.
    let a = messenger.receive_blocking(CHANNEL_A)?;
    let b = messenger.receive_blocking(CHANNEL_B)?;
    println!("available()={}", messenger.available(())?);
    println!("receive_blocking(A)={a:?}");
    println!("receive_blocking(B)={b:?}");
    Ok(())
}
