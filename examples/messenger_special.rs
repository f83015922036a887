//! Errors and close requests pass by channels and priorities: `cargo run --release --example messenger_special`.

use std::io;

use coproc::{MessengerError, PriorityMessenger};

fn report(messenger: PriorityMessenger<String, String>, (): ()) -> Result<(), MessengerError> {
    loop {
        match messenger.receive_blocking(()) {
            Ok(message) => messenger.send_norequest(format!("worker got: {message}"), ())?,
            Err(MessengerError::CloseRequested) => break,
            Err(error) => return Err(error),
        }
    }
    for message in messenger.receive_available(()) {
        messenger.send_norequest(format!("worker got: {}", message?), ())?;
    }
    messenger.send_norequest("worker was asked to close".into(), ())?;
    messenger.send_error(&io::Error::other("process was closed successfully"))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let entry = coproc::messenger_entry("report", report);
    let worker = entry.start(())?;
    let messenger = worker.messenger();
    messenger.send_norequest("message 1".into(), ())?;
    messenger.send_close_request()?;
    let mut reports = Vec::new();
    let last = loop {
        match messenger.receive_blocking(()) {
            Ok(report) => reports.push(report),
            Err(error) => break error,
        }
    };
    // An error passes by the messages before it; they can still be received.
    while let Ok(report) = messenger.receive_blocking(()) {
        reports.push(report);
    }
    for report in reports {
        println!("{report}");
    }
    println!("host got: {last}");
    Ok(())
}
