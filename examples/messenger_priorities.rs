//! A message's own priority decides when it is received: `cargo run --release --example messenger_priorities`.
//!
//! The worker prints, on stderr, all that is of high priority before all that is of low, though they were sent in turn.

use coproc::{MessengerError, Priority, PriorityMessenger};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Message {
    text: String,
    /// Lower is more important.
    priority: i32,
}

fn print(messenger: PriorityMessenger<(), Message>, (): ()) -> Result<(), MessengerError> {
    // Nothing comes on this channel: the wait ends with the close request, behind everything that was sent before it.
    let closing = messenger.receive_blocking("nothing comes here").map(drop);
    assert!(matches!(closing, Err(MessengerError::CloseRequested)));
    for message in messenger.receive_available(()) {
        eprintln!("{}", message?.text);
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let entry = coproc::messenger_entry("print", print);
    let worker = entry.start(())?;
    let messenger = worker.messenger().prioritized_by(|message| Priority::new(message.priority));
    for number in 0..3 {
        messenger.send_norequest(Message { text: format!("low {number}"), priority: 1 }, ())?;
        messenger.send_norequest(Message { text: format!("high {number}"), priority: 0 }, ())?;
    }
    worker.join()?;
    Ok(())
}
