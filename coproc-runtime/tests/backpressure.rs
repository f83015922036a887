//! What a send does where there is no room: it waits while another thread receives, or gives its value back.

#[allow(unreachable_pub, reason = "shared by several test crates")]
mod support;

use std::thread;
use std::time::Duration;

use coproc_runtime::proto::{Budget, Limits};
use coproc_runtime::{MessengerError, MultiMessenger, SendError, Wait};
use support::in_time;

const WAITS: [Wait; 3] = [Wait::Adaptive, Wait::Block, Wait::Spin(Duration::from_micros(5))];

type End = MultiMessenger<Vec<u32>, Vec<u32>>;

/// A message of some KiB.
fn message(number: u32) -> Vec<u32> {
    vec![number; 1000]
}

fn small_pair(wait: Wait) -> (End, End) {
    let mut limits = Limits::PAIR;
    limits.unsolicited = Budget { bytes: 64 << 10, messages: 16 };
    limits.replies = limits.unsolicited;
    MultiMessenger::pair_with(limits, wait).unwrap()
}

/// Tries until there is no room; the count of messages that went.
fn fill(mut send: impl FnMut(Vec<u32>) -> Result<(), SendError<Vec<u32>>>) -> u32 {
    for number in 0.. {
        if let Err(refused) = send(message(number)) {
            assert!(matches!(refused.error, MessengerError::Full), "{refused:?}");
            assert_eq!(refused.value, message(number), "the value comes back");
            return number;
        }
    }
    unreachable!()
}

#[test]
fn at_the_limit_a_send_waits_while_another_thread_receives() {
    for wait in WAITS {
        in_time(move || {
            let (here, there) = small_pair(wait);
            let both = [here, there].map(|end| {
                let receiving = end.clone();
                let receiver = thread::spawn(move || {
                    for number in 0..500 {
                        assert_eq!(receiving.receive_blocking(()).unwrap()[0], number);
                    }
                });
                let sender = thread::spawn(move || {
                    for number in 0..500 {
                        end.send_norequest(message(number), ()).unwrap();
                    }
                    end
                });
                (receiver, sender)
            });
            // An end that is dropped ends the other one's receiving too.
            let ends = both.map(|(receiver, sender)| {
                receiver.join().unwrap();
                sender.join().unwrap()
            });
            drop(ends);
        });
    }
}

#[test]
fn what_is_only_tried_is_refused_at_once_with_its_value() {
    for wait in WAITS {
        in_time(move || {
            let (here, there) = small_pair(wait);
            let sent = fill(|value| here.try_send_norequest(value, ()));
            assert!(sent > 10, "the pipe takes some");
            assert_eq!(here.counters(()).messages_sent, u64::from(sent));
            for number in 0..sent {
                assert_eq!(there.receive_blocking(()).unwrap()[0], number, "none is lost, none is doubled");
            }
            here.try_send_norequest(message(7), ()).unwrap();
            assert_eq!(there.receive_blocking(()).unwrap()[0], 7);
        });
    }
}

#[test]
fn a_request_that_is_refused_is_not_waited_for() {
    in_time(|| {
        let (here, there) = small_pair(Wait::Adaptive);
        let sent = fill(|value| here.try_send_request(value, ()).map(drop));
        assert_eq!(here.remaining(()), u64::from(sent));
        let echo = thread::spawn(move || {
            for _ in 0..sent {
                let request = there.receive_blocking(()).unwrap();
                there.send_reply_to(&request, request.to_vec()).unwrap();
            }
            there
        });
        let replies: Vec<u32> = here.receive_remaining(()).map(|reply| reply.unwrap()[0]).collect();
        assert_eq!(replies, (0..sent).collect::<Vec<_>>());
        drop(echo.join().unwrap());
    });
}

#[test]
fn a_reply_that_is_refused_is_still_owed() {
    in_time(|| {
        let (here, there) = small_pair(Wait::Adaptive);
        here.send_request(message(1), ()).unwrap();
        here.send_request(message(2), "other").unwrap();
        let first = there.receive_blocking(()).unwrap();
        let second = there.receive_blocking("other").unwrap();
        let sent = fill(|value| there.try_send_norequest(value, "news"));
        let refused = there.try_send_reply_to(&first, first.to_vec()).unwrap_err();
        assert!(matches!(refused.error, MessengerError::Full));
        let refused = there.try_send_reply(refused.value, "other").unwrap_err();
        assert!(matches!(refused.error, MessengerError::Full));
        for _ in 0..sent {
            here.receive_blocking("news").unwrap();
        }
        there.try_send_reply_to(&first, first.to_vec()).unwrap();
        there.try_send_reply(second.to_vec(), "other").unwrap();
        assert_eq!(here.receive_blocking(()).unwrap()[0], 1);
        assert_eq!(here.receive_blocking("other").unwrap()[0], 2);
    });
}
