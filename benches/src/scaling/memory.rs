//! The protocol alone: two peers in memory, so that nothing hides what a message costs them.

use std::error::Error;
use std::time::Instant;

use coproc::proto::{Addressee, ChannelId, Limits, Order, Peer, Priority, Terms};
use coproc_benches::stats::median;

type Cost = Result<f64, Box<dyn Error>>;

/// Messages of one measurement at least.
const MESSAGES: usize = 20_000;

const ROUNDS: usize = 7;

/// A message on each of so many channels, one after the other.
pub(crate) fn by_channel(count: usize) -> Cost {
    let channels: Vec<ChannelId> = (0..count as u64).map(ChannelId::from).collect();
    let (mut here, mut there) = pair();
    measure(MESSAGES.max(count), |messages| {
        for number in 0..messages {
            let channel = &channels[number % count];
            let _ = here.send_norequest(channel, Priority::NONE, &mut vec![1])?;
            carry(&mut here, &mut there)?;
            taken(there.take(channel).is_some())?;
        }
        Ok(())
    })
}

/// A message that is taken while so many others are queued, of a few priorities.
pub(crate) fn behind_queued(count: usize) -> Cost {
    let (mut here, mut there) = serving();
    let mut priorities = (0..).map(|number| Priority::new(number % 7));
    let mut send = |here: &mut Peer, there: &mut Peer| -> Result<(), Box<dyn Error>> {
        let priority = priorities.next().unwrap_or_default();
        let _ = here.send_norequest(&ChannelId::DEFAULT, priority, &mut vec![1])?;
        carry(here, there)
    };
    for _ in 1..count {
        send(&mut here, &mut there)?;
    }
    measure(MESSAGES, |messages| {
        for _ in 0..messages {
            send(&mut here, &mut there)?;
            taken(there.take_next().is_some())?;
        }
        Ok(())
    })
}

/// A request that is cancelled, in a read of its own, while so many others are queued.
pub(crate) fn cancel_among_queued(count: usize) -> Cost {
    let (mut here, mut there) = serving();
    let request = |here: &mut Peer| {
        here.send_request(
            &ChannelId::DEFAULT,
            Priority::NONE,
            Terms::default(),
            Addressee::Caller,
            &mut vec![1],
        )
    };
    for _ in 1..count {
        let _ = request(&mut here)?;
        carry(&mut here, &mut there)?;
    }
    measure(MESSAGES, |messages| {
        for _ in 0..messages {
            let (id, _) = request(&mut here)?;
            carry(&mut here, &mut there)?;
            here.cancel(id);
            carry(&mut here, &mut there)?;
            carry(&mut there, &mut here)?;
        }
        Ok(())
    })
}

/// A message that is sent while the pipe is full and so many others wait, and one of them that is written.
pub(crate) fn behind_unwritten(count: usize) -> Cost {
    let (mut here, mut there) = pair();
    let mut priorities = (0..).map(|number| Priority::new(number % 7));
    let mut send = |here: &mut Peer| {
        here.send_norequest(&ChannelId::DEFAULT, priorities.next().unwrap_or_default(), &mut vec![1])
    };
    let _ = send(&mut here)?;
    // The pipe is offered something, and takes nothing.
    let _ = here.output();
    for _ in 1..count {
        let _ = send(&mut here)?;
    }
    measure(MESSAGES, |messages| {
        for _ in 0..messages {
            let _ = send(&mut here)?;
        }
        let mut received = 0;
        while received < messages {
            carry_once(&mut here, &mut there)?;
            while there.take(&ChannelId::DEFAULT).is_some() {
                received += 1;
            }
        }
        Ok(())
    })
}

/// A message of each of so many priorities, all of them queued at once.
pub(crate) fn by_priority(count: usize) -> Cost {
    let (mut here, mut there) = serving();
    measure(MESSAGES.div_ceil(count) * count, |messages| {
        for _ in 0..messages / count {
            for number in 0..count {
                // In no order.
                let priority = Priority::new((number * 7919 % count) as i32);
                let _ = here.send_norequest(&ChannelId::DEFAULT, priority, &mut vec![1])?;
                carry(&mut here, &mut there)?;
            }
            for _ in 0..count {
                taken(there.take_next().is_some())?;
            }
        }
        Ok(())
    })
}

fn pair() -> (Peer, Peer) {
    (Peer::new(Order::Priority, Limits::PAIR), Peer::new(Order::Priority, Limits::PAIR))
}

fn serving() -> (Peer, Peer) {
    (Peer::new(Order::Priority, Limits::PAIR), Peer::serving(Order::Priority, Limits::PAIR))
}

/// Brings all that one side has to write to the other.
fn carry(from: &mut Peer, to: &mut Peer) -> Result<(), Box<dyn Error>> {
    while from.has_output() {
        carry_once(from, to)?;
    }
    Ok(())
}

/// One write, and one read.
fn carry_once(from: &mut Peer, to: &mut Peer) -> Result<(), Box<dyn Error>> {
    let mut count = 0;
    for piece in from.output() {
        to.handle_bytes(piece)?;
        count += piece.len();
    }
    from.wrote(count);
    Ok(())
}

fn taken(is_taken: bool) -> Result<(), Box<dyn Error>> {
    if is_taken { Ok(()) } else { Err("a message is lost".into()) }
}

/// Microseconds a message, the median of some rounds of so many; the first, which finds everything new, doesn't count.
fn measure(messages: usize, mut round: impl FnMut(usize) -> Result<(), Box<dyn Error>>) -> Cost {
    let mut times = Vec::new();
    for number in 0..=ROUNDS {
        let start = Instant::now();
        round(messages)?;
        if number > 0 {
            times.push(start.elapsed().as_secs_f64() * 1e6 / messages as f64);
        }
    }
    Ok(median(&times))
}
