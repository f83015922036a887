//! What the hostile workers do; each plays until its host leaves.

use std::io::Write;
use std::ops::Range;
use std::thread;
use std::time::Duration;

use coproc::proto::frame::{CHUNK, HEADER};
use coproc::proto::handshake::{MAGIC, VERSION};

use crate::raw::{Raw, flag, frame, kind, named_frame, with_header};

/// Bytes of a channel's name: nearly as many as it may have, and more than any other frame in a flood.
const LONG_NAME: usize = 4000;

/// What a message begins with that is to have 100 bytes, of which one is there.
const OPENING: [u8; 9] = [100, 0, 0, 0, 0, 0, 0, 0, 7];

/// Plays a script, given by its name and, for some, a number.
pub(crate) fn play(script: &str) {
    let (name, number) = script.split_once(' ').unwrap_or((script, "0"));
    let number: u64 = number.parse().unwrap();
    let mut raw = Raw::take_over();
    match name {
        "noise" => noise(&mut raw, number),
        "preamble" => preamble(&mut raw),
        "greeting-length" => greet_with(&mut raw, &[0xff; 4]),
        "greeting-counts" => greet_with_huge_counts(&mut raw),
        "greeting-signatures" => greet_with_many_signatures(&mut raw),
        "other-service" => greet_as_another(&mut raw),
        "other-version" => greet_in_another_version(&mut raw),
        "echo" => loop {
            let bytes = raw.read();
            raw.write(&bytes);
        },
        _ => play_greeted(&mut raw, name, number),
    }
    raw.listen();
}

/// The same for those that begin as any worker does.
fn play_greeted(raw: &mut Raw, name: &str, number: u64) {
    raw.greet();
    match name {
        // It reads no more than its host's greeting.
        "deaf" => thread::sleep(Duration::from_secs(100)),
        "noise-behind" => noise(raw, number),
        "frames" => random_frames(raw, number),
        "wrong-ids" => answer(raw, |raw, id, payload| raw.write(&frame(kind::REPLY, 0, id + 1000, payload))),
        "unasked" => raw.write(&frame(kind::REPLY, 0, 7, b"nobody asked")),
        "twice" => answer(raw, |raw, id, payload| {
            raw.write(&[frame(kind::REPLY, 0, id, payload), frame(kind::REPLY, 0, id, payload)].concat());
        }),
        "byte-by-byte" => answer(raw, |raw, id, payload| {
            for byte in frame(kind::REPLY, 0, id, payload) {
                raw.write(&[byte]);
            }
        }),
        "byte-a-second" => answer(raw, |raw, id, payload| {
            for byte in frame(kind::REPLY, 0, id, payload) {
                raw.write(&[byte]);
                std::thread::sleep(std::time::Duration::from_secs(1));
            }
        }),
        "huge-frame" => raw.write(&with_header(u32::MAX, [kind::REPLY, 0, 0, 0], 0, 1, b"")),
        "huge-message" => answer(raw, |raw, id, _| never_end(raw, kind::REPLY, id, 4 << 30)),
        "huge-request" => never_end(raw, kind::REQUEST, 1, 4 << 30),
        "long-message" => answer(raw, |raw, id, _| never_end(raw, kind::REPLY, id, 2 << 20)),
        "endless-message" => never_end(raw, kind::NO_REQUEST, 1, 64 << 20),
        "credit" => raw.write(&frame(kind::CREDIT, 0, 1, &[0xff; 8])),
        "opened" => flood(raw, &frame(kind::NO_REQUEST, flag::MORE, 0, &OPENING)),
        "opened-named" => {
            flood(raw, &named_frame(kind::NO_REQUEST, flag::MORE, 0, &"n".repeat(LONG_NAME), &OPENING))
        }
        "opened-large" => open_large(raw),
        "flood" => flood(raw, &frame(number as u8, 0, 0, &[])),
        "flood-middling" => flood(raw, &frame(number as u8, 0, 0, &[7; 1 << 10])),
        "flood-large" => flood_large(raw),
        "flood-channels" => flood(raw, &named_frame(kind::NO_REQUEST, 0, 0, &"n".repeat(LONG_NAME), b"")),
        "payload" => {
            answer(raw, |raw, id, _| raw.write(&frame(kind::REPLY, 0, id, &hostile_payload(number))))
        }
        "stderr" => print_and_serve(raw),
        other => panic!("no such script: {other}"),
    }
}

/// Bytes that mean nothing.
fn noise(raw: &mut Raw, seed: u64) {
    let mut random = Random(seed);
    for _ in 0..16 {
        let bytes: Vec<u8> = (0..4096).map(|_| random.next() as u8).collect();
        raw.write(&bytes);
    }
}

/// Frames that are well-formed, with anything in their fields.
fn random_frames(raw: &mut Raw, seed: u64) {
    let mut random = Random(seed);
    for _ in 0..1000 {
        let body = vec![random.next() as u8; random.below(64) as usize];
        let kind = random.below(9) as u8;
        let flags = random.below(8) as u8;
        let form = if random.below(4) == 0 { random.below(5) as u8 } else { 0 };
        let channel = if form == 0 { 0 } else { random.below(40) };
        let id = random.below(8);
        raw.write(&with_header(body.len() as u32, [kind, flags, form, 0], channel, id, &body));
    }
}

/// Text, and nothing else, without end.
fn preamble(raw: &mut Raw) {
    loop {
        raw.write(b"still starting, please wait\n");
    }
}

/// A greeting's magic and version, and then this.
fn greet_with(raw: &mut Raw, rest: &[u8]) {
    raw.write(&[&MAGIC[..], &VERSION.to_le_bytes(), rest].concat());
}

/// A service's name and a table of signatures of four billion bytes and entries each.
fn greet_with_huge_counts(raw: &mut Raw) {
    let mut body = vec![1];
    body.extend_from_slice(&0_u32.to_le_bytes());
    body.extend_from_slice(&[0; 8]);
    body.extend_from_slice(&[0xff; 8]);
    let length = (body.len() as u32).to_le_bytes();
    greet_with(raw, &[&length[..], &body].concat());
}

/// As many signatures as fit into a greeting.
fn greet_with_many_signatures(raw: &mut Raw) {
    let mut greeting = raw.meet();
    greeting.fingerprint ^= 1;
    greeting.signatures = vec![String::new(); 250_000];
    raw.write(&greeting.to_bytes());
}

fn greet_as_another(raw: &mut Raw) {
    let mut greeting = raw.meet();
    greeting.service = "Predator".into();
    raw.write(&greeting.to_bytes());
}

fn greet_in_another_version(raw: &mut Raw) {
    let mut bytes = raw.meet().to_bytes();
    bytes[MAGIC.len()] += 1;
    raw.write(&bytes);
}

/// Answers each request in its own way.
fn answer(raw: &mut Raw, mut answer: impl FnMut(&mut Raw, u64, &[u8])) {
    loop {
        let request = raw.request();
        answer(raw, request.id.get(), &request.payload);
    }
}

/// Announces a message, and sends empty chunks of it.
fn never_end(raw: &mut Raw, kind: u8, id: u64, length: u64) {
    raw.write(&frame(kind, flag::MORE, id, &length.to_le_bytes()));
    let chunk = frame(kind, flag::MORE | flag::CONTINUES, id, &[]).repeat(1000);
    loop {
        raw.write(&chunk);
    }
}

/// Sends such frames as fast as it can, each with an id of its own; a name begins with it too.
fn flood(raw: &mut Raw, frame: &[u8]) {
    const ID: Range<usize> = 16..24;
    const NAME: Range<usize> = HEADER..HEADER + 16;

    let mut id = 0_u64;
    let mut batch = frame.repeat((64 << 10) / frame.len());
    loop {
        for frame in batch.chunks_mut(frame.len()) {
            id += 1;
            frame[ID].copy_from_slice(&id.to_le_bytes());
            if frame.len() > LONG_NAME {
                frame[NAME].copy_from_slice(format!("{id:016x}").as_bytes());
            }
        }
        raw.write(&batch);
    }
}

/// Norequests that are almost as long as they may be.
fn flood_large(raw: &mut Raw) {
    let (chunks, chunk) = (900, vec![7; CHUNK]);
    for id in 0.. {
        raw.write(&first(id, chunks * CHUNK, &chunk));
        for _ in 2..chunks {
            raw.write(&frame(kind::NO_REQUEST, flag::MORE | flag::CONTINUES, id, &chunk));
        }
        raw.write(&frame(kind::NO_REQUEST, flag::CONTINUES, id, &chunk));
    }
}

/// The same, of which each lacks most.
fn open_large(raw: &mut Raw) {
    let chunk = vec![7; CHUNK];
    for id in 0.. {
        raw.write(&first(id, 64 << 20, &chunk));
        raw.write(&frame(kind::NO_REQUEST, flag::MORE | flag::CONTINUES, id, &chunk));
    }
}

/// The first chunk of a norequest.
fn first(id: u64, length: usize, chunk: &[u8]) -> Vec<u8> {
    frame(kind::NO_REQUEST, flag::MORE, id, &[&(length as u64).to_le_bytes()[..], chunk].concat())
}

/// Payloads that announce more than they hold, or nest without end.
fn hostile_payload(number: u64) -> Vec<u8> {
    let length = [253, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
    match number {
        // A text, a list of lists, a list of nothings, of so many bytes and elements.
        0..=2 => [&[number as u8][..], &length].concat(),
        // Lists in lists.
        3 => [&[1][..], &[1; 1 << 19]].concat(),
        // Another method's reply, or none's.
        4 => vec![9],
        5 => vec![],
        // Something behind the value.
        _ => vec![0, 0, 0],
    }
}

/// Serves well, and prints as fast as it can.
fn print_and_serve(raw: &mut Raw) {
    thread::spawn(|| {
        let text = [&[b'x'; 100][..], b"\n"].concat().repeat(100);
        while std::io::stderr().write_all(&text).is_ok() {}
    });
    answer(raw, |raw, id, payload| raw.write(&frame(kind::REPLY, 0, id, payload)));
}

/// Numbers that look random (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        let mut x = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.0 = x;
        x >> 11
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
