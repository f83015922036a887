//! The messengers as a pair over two OS pipes: every call, from one thread and from many.

#[allow(unreachable_pub, reason = "shared by several test crates")]
mod support;

use std::error::Error;
use std::fmt;
use std::thread;
use std::time::Duration;

use coproc_runtime::proto::{Budget, End, Limits, MessageKind, Priority, SendRefused};
use coproc_runtime::{Failure, MessengerError, MultiMessenger, PriorityMessenger, Received, Wait};
use serde::{Deserialize, Serialize};
use support::in_time;

const WAITS: [Wait; 3] = [Wait::Adaptive, Wait::Block, Wait::Spin(Duration::from_micros(5))];

type Ends = (PriorityMessenger<String, String>, PriorityMessenger<String, String>);

fn pair() -> Ends {
    PriorityMessenger::pair().unwrap()
}

fn values<R>(received: impl Iterator<Item = Result<Received<R>, MessengerError>>) -> Vec<R> {
    received.map(|received| received.unwrap().into_inner()).collect()
}

#[test]
fn norequests_are_kept_apart_by_channel() {
    let (here, there) = pair();
    assert_eq!(there.available(()).unwrap(), 0);
    here.send_norequest("hello".into(), 1).unwrap();
    here.send_norequest("hi".into(), "b").unwrap();
    assert_eq!(there.available(()).unwrap(), 0);
    assert_eq!(there.available(1).unwrap(), 1);
    there.await_available().unwrap();
    assert_eq!(*there.receive_blocking("b").unwrap(), "hi");
    assert_eq!(values(there.receive_available(1)), ["hello"]);
    assert_eq!(there.receive_available(1).count(), 0);
    assert_eq!(here.counters(1).messages_sent, 1);
    assert_eq!(there.counters(1).messages_received, 1);
    assert_eq!(here.remaining(1), 0);
}

#[test]
fn requests_are_counted_until_their_replies_are_taken() {
    let (here, there) = pair();
    let ids = here.send_requests((0..3).map(|n| n.to_string()), "c").unwrap();
    assert_eq!((ids.len(), here.remaining("c")), (3, 3));
    for _ in 0..3 {
        let request = there.receive_blocking("c").unwrap();
        assert_eq!(request.kind(), MessageKind::Request);
        there.send_reply(format!("re {request}"), "c").unwrap();
    }
    here.await_available().unwrap();
    assert_eq!(here.remaining("c"), 3, "it falls when the reply is taken, not when it comes");
    here.send_norequest("stays".into(), "elsewhere").unwrap();
    let replies: Vec<_> = here.receive_remaining("c").map(|reply| reply.unwrap()).collect();
    assert_eq!(replies.iter().map(Received::id).collect::<Vec<_>>(), ids);
    let replies: Vec<_> = replies.into_iter().map(Received::into_inner).collect();
    assert_eq!(replies, ["re 0", "re 1", "re 2"]);
    let counters = here.counters("c");
    assert_eq!((counters.remaining, counters.requests_sent, counters.replies_received), (0, 3, 3));
    assert_eq!(here.receive_remaining("c").count(), 0);
}

#[test]
fn receive_remaining_passes_by_what_is_no_reply() {
    let (here, there) = pair();
    here.send_request("ask".into(), ()).unwrap();
    let request = there.receive_blocking(()).unwrap();
    there.priority(0).send_norequest("news".into(), ()).unwrap();
    there.send_reply_to(&request, "answer".into()).unwrap();
    let replies: Vec<_> = here.receive_remaining(()).map(|reply| reply.unwrap().into_inner()).collect();
    assert_eq!(replies, ["answer"]);
    assert_eq!(*here.receive_blocking(()).unwrap(), "news");
}

#[test]
fn a_reply_without_a_request_is_an_error_here_and_nothing_there() {
    let (here, there) = pair();
    let refused = there.send_reply("for whom".into(), ()).unwrap_err();
    assert_eq!(refused.value, "for whom");
    assert!(matches!(refused.error, MessengerError::Refused(SendRefused::NothingToAnswer(_))));
    here.send_norequest("no request".into(), ()).unwrap();
    let received = there.receive_blocking(()).unwrap();
    let refused = there.send_reply_to(&received, "for whom".into()).unwrap_err();
    assert!(matches!(refused.error, MessengerError::Refused(SendRefused::NotOwed(_))));
    assert_eq!(here.available(()).unwrap(), 0);
}

#[test]
fn a_request_can_be_answered_by_its_id_out_of_order() {
    let (here, there) = pair();
    let ids = here.send_requests(["a".into(), "b".into()], ()).unwrap();
    let (first, second) = (there.receive_blocking(()).unwrap(), there.receive_blocking(()).unwrap());
    there.send_reply_to(&second, "for b".into()).unwrap();
    there.send_reply_to(first.id(), "for a".into()).unwrap();
    assert!(there.send_reply("for whom".into(), ()).is_err());
    let replies: Vec<_> = here.receive_remaining(()).map(|reply| reply.unwrap()).collect();
    assert_eq!(replies.iter().map(Received::id).collect::<Vec<_>>(), [ids[1], ids[0]]);
}

#[test]
fn a_priority_messenger_gives_the_most_urgent_first() {
    let (here, there) = pair();
    let by_length = here.prioritized_by(|text: &String| Priority::new(text.len() as i32));
    here.send_norequest("none".into(), ()).unwrap();
    by_length.send_norequest("low 0".into(), ()).unwrap();
    here.priority(-1).send_norequest("urgent".into(), ()).unwrap();
    by_length.send_norequest("low 1".into(), ()).unwrap();
    by_length.send_norequest("hi".into(), ()).unwrap();
    assert_eq!(there.receive_blocking(()).unwrap().priority(), Priority::new(-1));
    assert_eq!(values(there.receive_available(())), ["hi", "low 0", "low 1", "none"]);
}

#[test]
fn a_multi_messenger_gives_them_as_they_came() {
    let (here, there) = MultiMessenger::<u8, u8>::pair().unwrap();
    for number in [3, 1, 2] {
        here.send_request(number, ()).unwrap();
    }
    assert_eq!(values(there.receive_available(())), [3, 1, 2]);
    there.send_reply(30, ()).unwrap();
    assert_eq!(*here.receive_blocking(()).unwrap(), 30);
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Outer {
    code: u32,
    #[serde(skip)]
    inner: Inner,
}

#[derive(Debug, PartialEq, Default)]
struct Inner;

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "outer {}", self.code)
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("inner")
    }
}

impl Error for Inner {}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.inner)
    }
}

#[test]
fn an_error_fails_the_next_receive_call_and_only_that() {
    let (here, there) = pair();
    there.send_norequest("waits".into(), ()).unwrap();
    there.send_error(&Outer { code: 7, inner: Inner }).unwrap();
    let error = here.receive_blocking("another channel").unwrap_err();
    let MessengerError::Remote(remote) = &error else { panic!("{error:?}") };
    assert!(remote.type_name().ends_with("Outer"), "{}", remote.type_name());
    assert_eq!(error.to_string(), "outer 7");
    assert_eq!(error.source().unwrap().to_string(), "inner");
    assert_eq!(error.value::<Outer>(), None);
    assert_eq!(*here.receive_blocking(()).unwrap(), "waits");
}

#[test]
fn the_value_of_an_error_comes_back() {
    let (here, there) = pair();
    there.send_error_value(&Outer { code: 7, inner: Inner }).unwrap();
    let error = here.available(()).unwrap_err();
    assert_eq!(error.value(), Some(Outer { code: 7, inner: Inner }));
    there.send_error_value(&Outer { code: 8, inner: Inner }).unwrap();
    assert_eq!(here.await_available().unwrap_err().value(), Some(Outer { code: 8, inner: Inner }));
}

#[test]
fn a_close_request_comes_once_and_leaves_what_was_sent_before() {
    let (here, there) = pair();
    here.send_norequest("before".into(), ()).unwrap();
    here.send_close_request().unwrap();
    there.await_available().map_or_else(
        |error| assert_close(&error),
        |()| {
            assert_close(&there.receive_blocking(()).unwrap_err());
        },
    );
    assert_eq!(*there.receive_blocking(()).unwrap(), "before");
    drop(here);
    let error = there.receive_blocking(()).unwrap_err();
    assert!(matches!(&error, MessengerError::Gone(gone) if gone.end == End::Closed), "{error:?}");
}

fn assert_close(error: &MessengerError) {
    assert!(matches!(error, MessengerError::CloseRequested), "{error:?}");
}

#[test]
fn an_end_that_nobody_asked_for_is_told_apart() {
    for wait in WAITS {
        let (here, there) = PriorityMessenger::<u8, u8>::pair_with(Limits::PAIR, wait).unwrap();
        here.send_norequest(1, ()).unwrap();
        drop(here);
        assert_eq!(*there.receive_blocking(()).unwrap(), 1);
        let errors = [
            there.receive_blocking(()).err(),
            there.available(()).err(),
            there.receive_available(()).find_map(Result::err),
        ];
        for error in errors.map(Option::unwrap) {
            assert!(matches!(&error, MessengerError::Gone(gone) if gone.end == End::Dropped), "{error:?}");
        }
        let refused = there.send_request(2, ()).unwrap_err();
        assert!(matches!(refused, coproc_runtime::SendError { value: 2, error: MessengerError::Gone(_) }));
    }
}

#[test]
fn a_receive_call_ends_in_time() {
    for wait in WAITS {
        let (_here, there) = PriorityMessenger::<u8, u8>::pair_with(Limits::PAIR, wait).unwrap();
        let error = there.receive_timeout((), Duration::from_millis(3)).unwrap_err();
        assert!(matches!(error, MessengerError::TimedOut));
    }
}

/// A number that any side can send and only odd ones can be received.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[serde(try_from = "u8")]
struct Odd(u8);

impl TryFrom<u8> for Odd {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        if number % 2 == 1 { Ok(Odd(number)) } else { Err(format!("{number} is even")) }
    }
}

#[test]
fn what_does_not_decode_is_an_error_on_both_sides_and_takes_nothing_with_it() {
    let (here, there) = PriorityMessenger::<Odd, Odd>::pair().unwrap();
    for number in [1, 2, 3] {
        here.send_request(Odd(number), ()).unwrap();
    }
    let mut received = there.receive_available(());
    assert_eq!(*received.next().unwrap().unwrap(), Odd(1));
    let error = received.next().unwrap().unwrap_err();
    assert!(error.source().unwrap().to_string().contains("2 is even"), "{error:?}");
    assert_eq!(values(received), [Odd(3)]);
    there.send_reply(Odd(11), ()).unwrap();
    there.send_reply(Odd(33), ()).unwrap();
    there.send_reply(Odd(0), ()).unwrap_err();
    let mut replies = here.receive_remaining(());
    let error = replies.next().unwrap().unwrap_err();
    assert!(matches!(error, MessengerError::Failed(Failure::Codec(_))), "{error:?}");
    assert_eq!(replies.map(|reply| *reply.unwrap()).collect::<Vec<_>>(), [Odd(11), Odd(33)]);
}

#[test]
fn several_threads_wait_on_different_channels_at_once() {
    for wait in WAITS {
        in_time(move || {
            let (here, there) = PriorityMessenger::<u32, u32>::pair_with(Limits::PAIR, wait).unwrap();
            let echo = thread::spawn(move || {
                while let Ok(()) = there.await_available() {
                    for channel in 0..8 {
                        for request in there.receive_available(channel).flatten() {
                            there.send_reply_to(&request, *request + 1).unwrap();
                        }
                    }
                }
            });
            let callers: Vec<_> = (0..8)
                .map(|channel| {
                    let here = here.clone();
                    thread::spawn(move || {
                        for number in 0..500 {
                            let id = here.send_request(number, channel).unwrap();
                            let reply = here.receive_blocking(channel).unwrap();
                            assert_eq!((reply.id(), *reply), (id, number + 1));
                        }
                    })
                })
                .collect();
            for caller in callers {
                caller.join().unwrap();
            }
            drop(here);
            echo.join().unwrap();
        });
    }
}

#[test]
fn who_waits_for_the_rest_is_woken_when_another_thread_takes_the_last() {
    in_time(|| {
        let (here, there) = PriorityMessenger::<u32, u32>::pair().unwrap();
        here.send_requests(0..200, ()).unwrap();
        let takers: Vec<_> = (0..4)
            .map(|_| {
                let here = here.clone();
                thread::spawn(move || {
                    here.receive_remaining(()).inspect(|reply| assert!(reply.is_ok())).count()
                })
            })
            .collect();
        for _ in 0..200 {
            let request = there.receive_blocking(()).unwrap();
            there.send_reply_to(&request, *request).unwrap();
        }
        assert_eq!(takers.into_iter().map(|taker| taker.join().unwrap()).sum::<usize>(), 200);
    });
}

#[test]
fn a_million_requests_before_the_first_reply_is_read() {
    in_time(|| {
        const COUNT: u64 = 1_000_000;
        let (here, there) = PriorityMessenger::<[u64; 8], [u64; 8]>::pair().unwrap();
        let echo = thread::spawn(move || {
            for _ in 0..COUNT {
                let request = there.receive_blocking(()).unwrap();
                there.send_reply_to(&request, *request).unwrap();
            }
        });
        for number in 0..COUNT {
            here.send_request([u64::MAX - number; 8], ()).unwrap();
        }
        assert_eq!(here.remaining(()), COUNT);
        let sum: u64 = here.receive_remaining(()).map(|reply| u64::MAX - reply.unwrap()[0]).sum();
        assert_eq!(sum, COUNT * (COUNT - 1) / 2);
        echo.join().unwrap();
    });
}

#[derive(Serialize, Deserialize)]
struct Blob(#[serde(with = "coproc_runtime::carry::bytes")] Vec<u8>);

#[test]
fn ten_messages_of_64_mib_both_ways_at_once() {
    for wait in [Wait::Adaptive, Wait::Block] {
        in_time(move || {
            let (here, there) = MultiMessenger::<Blob, Blob>::pair_with(Limits::PAIR, wait).unwrap();
            let run = |end: MultiMessenger<Blob, Blob>| {
                thread::spawn(move || {
                    for byte in 0..10 {
                        end.send_norequest(Blob(vec![byte; 64 << 20]), ()).unwrap();
                    }
                    for byte in 0..10 {
                        let blob = end.receive_blocking(()).unwrap().into_inner().0;
                        assert_eq!(
                            (blob.len(), blob.first(), blob.last()),
                            (64 << 20, Some(&byte), Some(&byte))
                        );
                    }
                })
            };
            let (one, other) = (run(here), run(there));
            one.join().unwrap();
            other.join().unwrap();
        });
    }
}

#[test]
fn two_sides_that_only_send_come_to_an_error_with_the_value() {
    for wait in WAITS {
        in_time(move || {
            let mut limits = Limits::PAIR;
            limits.unsolicited = Budget { bytes: 1 << 20, messages: 1 << 10 };
            let (here, there) = PriorityMessenger::<Vec<u32>, Vec<u32>>::pair_with(limits, wait).unwrap();
            let run = |end: PriorityMessenger<Vec<u32>, Vec<u32>>| {
                thread::spawn(move || {
                    for number in 0.. {
                        if let Err(refused) = end.send_norequest(vec![number; 1000], ()) {
                            assert_eq!(refused.value[0], number);
                            assert!(matches!(refused.error, MessengerError::Full), "{refused:?}");
                            return end;
                        }
                    }
                    unreachable!()
                })
            };
            let (one, other) = (run(here), run(there));
            let (one, _other) = (one.join().unwrap(), other.join().unwrap());
            assert_eq!(one.receive_blocking(()).unwrap()[0], 0, "what has come is still there");
        });
    }
}
