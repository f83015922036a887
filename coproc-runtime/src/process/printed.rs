//! What a worker prints: each line is passed on, and the last of it is kept for the errors of its calls.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use rustix::io::Errno;

use super::stderr::{Destination, Stderr, StderrLine};
use super::tail::Tail;
use crate::pipe::{Read, ReadEnd};
use crate::sync::{Arc, Condvar, Mutex, PoisonError, lock};

/// Bytes of a line that are passed on in one piece: with its label less than `PIPE_BUF` (`pipe(7)`), so that lines of
/// several processes are not mixed up. A longer line is passed on in several.
const LONGEST_PIECE: usize = 3840;

/// Bytes that may wait to be passed on, as [`cost`] counts them; past them the worker's own writes wait, as for any stderr
/// that nobody reads.
const MOST_WAITING: usize = 64 << 10;

/// The same for what is left when it has exited, which nobody can make wait: the lines above it are left out. More than a
/// pipe of the default size (`pipe(7)`) gives, labels and all.
const MOST_LEFT: usize = 4 << 20;

/// Bytes of one read.
const BUFFER: usize = 16 << 10;

/// Reads in a row once the worker has exited: more than the largest pipe (`pipe(7)`) holds.
const MOST_READS: usize = 256;

/// What one worker prints, on its way.
#[derive(Debug)]
pub(super) struct Printed {
    service: &'static str,
    pid: u32,
    to: Destination,
    state: Mutex<State>,
    passed_on: Condvar,
}

#[derive(Debug)]
struct State {
    /// The worker's stderr, until it ends.
    end: Option<Arc<ReadEnd>>,
    tail: Tail,
    /// A line of each stream, of which the end has not come.
    lines: [Vec<u8>; 2],
    /// What is to be passed on, a line or a piece of one each.
    waiting: VecDeque<Vec<u8>>,
    waiting_bytes: usize,
    /// Something was taken out of `waiting` and has not arrived yet.
    passing: bool,
    /// Lines that there was no room for in `waiting`.
    left_out: usize,
    /// The last stub of the worker is gone.
    is_abandoned: bool,
}

/// Where a worker prints.
#[derive(Clone, Copy, Debug)]
enum Stream {
    Stderr,
    /// Ahead of its greeting.
    Stdout,
}

impl Printed {
    pub(super) fn new(service: &'static str, pid: u32, stderr: &Stderr, end: Option<ReadEnd>) -> Self {
        let state = State {
            end: end.map(Arc::new),
            tail: Tail::new(stderr.tail),
            lines: Default::default(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            passing: false,
            left_out: 0,
            is_abandoned: false,
        };
        let to = stderr.destination.clone();
        Printed { service, pid, to, state: Mutex::new(state), passed_on: Condvar::new() }
    }

    /// The last of what was printed, from the beginning of a line.
    pub(super) fn tail(&self) -> String {
        let state = lock(&self.state);
        let mut tail = state.tail.clone();
        for line in state.lines.iter().filter(|line| !line.is_empty()) {
            tail.push(line);
            tail.push(b"\n");
        }
        tail.text()
    }

    /// The worker's stderr, if more of it is to be read now.
    pub(super) fn wanted(&self) -> Option<Arc<ReadEnd>> {
        let state = lock(&self.state);
        state.end.clone().filter(|_| state.waiting_bytes < MOST_WAITING)
    }

    /// Whether something waits for room in this process's own stderr.
    pub(super) fn waits_for_room(&self) -> bool {
        self.to.is_host() && !lock(&self.state).waiting.is_empty()
    }

    /// Whether something waits for a function of the user's.
    pub(super) fn waits_for_sink(&self) -> bool {
        !self.to.is_host() && !lock(&self.state).waiting.is_empty()
    }

    /// Whether all that has come is passed on.
    pub(super) fn is_passed_on(&self) -> bool {
        lock(&self.state).is_passed_on()
    }

    /// Whether nothing will come any more, and all is passed on.
    pub(super) fn is_over(&self) -> bool {
        let state = lock(&self.state);
        state.end.is_none() && state.is_passed_on()
    }

    /// Takes note of what was printed elsewhere than on stderr.
    pub(super) fn note(&self, bytes: &[u8]) {
        lock(&self.state).push(Stream::Stdout, bytes, &self.to, &self.label());
    }

    /// Reads what is there, without waiting.
    pub(super) fn read(&self) {
        self.read_up_to(1);
    }

    /// Reads what is left once the worker has exited, and no more: something else may hold its stderr open.
    pub(super) fn finish(&self) {
        self.read_up_to(MOST_READS);
        let mut state = lock(&self.state);
        state.end = None;
        state.finish(&self.to, &self.label());
    }

    /// Takes note that nobody is left to whom it matters whether all of it arrives.
    pub(super) fn abandon(&self) {
        lock(&self.state).is_abandoned = true;
    }

    /// Whether nobody is left to whom it matters.
    pub(super) fn is_abandoned(&self) -> bool {
        lock(&self.state).is_abandoned
    }

    /// Gives up what is not passed on yet.
    pub(super) fn give_up(&self) {
        let mut state = lock(&self.state);
        state.waiting.clear();
        state.waiting_bytes = 0;
    }

    fn read_up_to(&self, reads: usize) {
        let mut buffer = [0; BUFFER];
        let mut state = lock(&self.state);
        for _ in 0..reads {
            let Some(end) = &state.end else { return };
            match end.look(&mut buffer) {
                Ok(Read::Bytes(count)) => {
                    let bytes = buffer.get(..count).unwrap_or_default();
                    state.push(Stream::Stderr, bytes, &self.to, &self.label());
                }
                Ok(Read::Nothing) => return,
                Ok(Read::End) | Err(_) => state.end = None,
            }
        }
    }

    /// Passes one piece on; whether there may be more.
    pub(super) fn pass_on(&self) -> bool {
        let mut state = lock(&self.state);
        let Some(piece) = state.waiting.pop_front() else { return false };
        state.waiting_bytes -= cost(&piece);
        state.passing = true;
        drop(state);
        let left = match &self.to {
            Destination::Host | Destination::Command => write_to_stderr(piece),
            Destination::Sink(sink) => {
                let text = String::from_utf8_lossy(&piece);
                let line = StderrLine { service: self.service, pid: self.pid, text: &text };
                // A panic of it is its own: the hook has told of it, and the next line is another try.
                let _ = catch_unwind(AssertUnwindSafe(|| sink.take(&line)));
                None
            }
            Destination::Nowhere => None,
        };
        let mut state = lock(&self.state);
        state.passing = false;
        let more = left.is_none();
        if let Some(left) = left {
            state.waiting_bytes += cost(&left);
            state.waiting.push_front(left);
        }
        if state.is_passed_on() {
            self.passed_on.notify_all();
        }
        more
    }

    /// Waits until all that was printed is passed on, at most so long.
    pub(super) fn wait_until_passed_on(&self, patience: Duration) {
        let state = lock(&self.state);
        let waited = self.passed_on.wait_timeout_while(state, patience, |state| !state.is_passed_on());
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn label(&self) -> String {
        format!("{}[{}]: ", self.service, self.pid)
    }
}

impl State {
    fn is_passed_on(&self) -> bool {
        self.waiting.is_empty() && !self.passing
    }

    fn push(&mut self, stream: Stream, bytes: &[u8], to: &Destination, label: &str) {
        let mut line = std::mem::take(self.line(stream));
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            for piece in part.chunks(LONGEST_PIECE) {
                if line.len() + piece.len() > LONGEST_PIECE {
                    self.end_line(&mut line, to, label);
                }
                line.extend_from_slice(piece);
            }
            if part.ends_with(b"\n") {
                self.end_line(&mut line, to, label);
            }
        }
        *self.line(stream) = line;
    }

    /// Ends the lines that nothing will be added to.
    fn finish(&mut self, to: &Destination, label: &str) {
        for stream in [Stream::Stdout, Stream::Stderr] {
            if !self.line(stream).is_empty() {
                self.push(stream, b"\n", to, label);
            }
        }
        if self.left_out > 0 {
            self.hand_over(format!("({} lines are left out)", self.left_out).into_bytes(), to, label);
        }
    }

    fn line(&mut self, stream: Stream) -> &mut Vec<u8> {
        let [stderr, stdout] = &mut self.lines;
        match stream {
            Stream::Stderr => stderr,
            Stream::Stdout => stdout,
        }
    }

    /// Hands over the line so far.
    fn end_line(&mut self, line: &mut Vec<u8>, to: &Destination, label: &str) {
        let mut line = std::mem::take(line);
        self.tail.push(&line);
        if line.ends_with(b"\n") {
            line.pop();
        }
        if self.waiting_bytes < MOST_LEFT {
            self.hand_over(line, to, label);
        } else {
            self.left_out += 1;
        }
    }

    fn hand_over(&mut self, line: Vec<u8>, to: &Destination, label: &str) {
        let piece = match to {
            Destination::Host | Destination::Command => [label.as_bytes(), &line, b"\n"].concat(),
            Destination::Sink(_) => line,
            Destination::Nowhere => return,
        };
        self.waiting_bytes += cost(&piece);
        self.waiting.push_back(piece);
    }
}

/// Bytes that a piece takes while it waits: many are empty.
fn cost(piece: &Vec<u8>) -> usize {
    piece.len() + size_of_val(piece)
}

/// Writes a piece to this process's stderr where there is room; what is left to be written, if anything.
fn write_to_stderr(mut piece: Vec<u8>) -> Option<Vec<u8>> {
    match rustix::io::write(std::io::stderr(), &piece) {
        Ok(count) if count < piece.len() => Some(piece.split_off(count)),
        Err(Errno::AGAIN | Errno::INTR) => Some(piece),
        // It belongs to the user; where there is no stderr there is nobody to tell.
        Ok(_) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(tail: usize) -> State {
        State {
            end: None,
            tail: Tail::new(tail),
            lines: Default::default(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            passing: false,
            left_out: 0,
            is_abandoned: false,
        }
    }

    fn waiting(state: &State) -> Vec<String> {
        state.waiting.iter().map(|piece| String::from_utf8(piece.clone()).unwrap()).collect()
    }

    #[test]
    fn lines_are_labelled_at_any_split() {
        let text = b"one\n\ntwo\nthe rest";
        for cut in 0..text.len() {
            let mut state = state(1000);
            let (first, second) = text.split_at(cut);
            state.push(Stream::Stderr, first, &Destination::Host, "lab[7]: ");
            state.push(Stream::Stderr, second, &Destination::Host, "lab[7]: ");
            assert_eq!(waiting(&state), ["lab[7]: one\n", "lab[7]: \n", "lab[7]: two\n"]);
            state.finish(&Destination::Host, "lab[7]: ");
            assert_eq!(waiting(&state).last().unwrap(), "lab[7]: the rest\n");
            assert_eq!(state.waiting_bytes, state.waiting.iter().map(cost).sum());
            assert_eq!(state.tail.text(), "one\n\ntwo\nthe rest");
        }
    }

    #[test]
    fn a_line_of_one_stream_is_not_torn_by_the_other() {
        let mut state = state(1000);
        for (stream, text) in [
            (Stream::Stderr, "it "),
            (Stream::Stdout, "welcome"),
            (Stream::Stderr, "burns\nhel"),
            (Stream::Stdout, "!\nlog"),
            (Stream::Stderr, "p"),
        ] {
            state.push(stream, text.as_bytes(), &Destination::Host, "");
        }
        state.finish(&Destination::Host, "");
        assert_eq!(waiting(&state), ["it burns\n", "welcome!\n", "log\n", "help\n"]);
        assert_eq!(state.tail.text(), "it burns\nwelcome!\nlog\nhelp");
    }

    #[test]
    fn a_line_without_end_is_passed_on_in_pieces() {
        let mut state = state(10);
        for _ in 0..100 {
            state.push(Stream::Stderr, &[b'x'; 1000], &Destination::Host, "");
        }
        assert!(state.waiting.iter().all(|piece| piece.len() <= LONGEST_PIECE + 1));
        assert!(state.lines[0].len() <= LONGEST_PIECE);
        assert!(state.waiting_bytes > 90_000);
        assert_eq!(state.tail.text(), "xxxxxxxxxx");
    }

    #[test]
    fn what_nobody_takes_is_counted_in_the_end() {
        let mut state = state(4);
        let printed = MOST_LEFT / 16;
        for _ in 0..printed {
            state.push(Stream::Stderr, b"\n", &Destination::Host, "");
        }
        state.push(Stream::Stderr, b"end", &Destination::Host, "");
        state.finish(&Destination::Host, "");
        let held = state.waiting.len() - 1;
        assert_eq!(
            waiting(&state).last().unwrap(),
            &format!("({} lines are left out)\n", printed + 1 - held)
        );
        assert!(held < MOST_LEFT / 24 + 1);
        assert_eq!(state.tail.text(), "end");
    }
}
