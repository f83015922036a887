//! What a worker prints: each line is passed on, and the last of it is kept for the errors of its calls.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use rustix::io::Errno;

use super::stderr::{Destination, Stderr, StderrLine};
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
    /// A line of which the end has not come.
    line: Vec<u8>,
    /// What is to be passed on, a line or a piece of one each.
    waiting: VecDeque<Vec<u8>>,
    waiting_bytes: usize,
    /// Something was taken out of `waiting` and has not arrived yet.
    passing: bool,
    /// Lines that there was no room for in `waiting`.
    left_out: usize,
}

impl Printed {
    pub(super) fn new(service: &'static str, pid: u32, stderr: &Stderr, end: Option<ReadEnd>) -> Self {
        let state = State {
            end: end.map(Arc::new),
            tail: Tail::new(stderr.tail),
            line: Vec::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            passing: false,
            left_out: 0,
        };
        let to = stderr.destination.clone();
        Printed { service, pid, to, state: Mutex::new(state), passed_on: Condvar::new() }
    }

    /// The last of what was printed, from the beginning of a line.
    pub(super) fn tail(&self) -> String {
        lock(&self.state).tail.text()
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

    /// Whether nothing will come any more, and all is passed on.
    pub(super) fn is_over(&self) -> bool {
        let state = lock(&self.state);
        state.end.is_none() && state.is_passed_on()
    }

    /// Takes note of what was printed elsewhere than on stderr.
    pub(super) fn note(&self, bytes: &[u8]) {
        lock(&self.state).push(bytes, &self.to, &self.label());
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
        state.end_line(&self.to, &self.label());
        state.tell_left_out(&self.to, &self.label());
    }

    /// Gives up what is not passed on yet.
    pub(super) fn give_up(&self) {
        let mut state = lock(&self.state);
        state.waiting.clear();
        state.waiting_bytes = 0;
        self.passed_on.notify_all();
    }

    fn read_up_to(&self, reads: usize) {
        let mut buffer = [0; BUFFER];
        let mut state = lock(&self.state);
        for _ in 0..reads {
            let Some(end) = &state.end else { return };
            match end.look(&mut buffer) {
                Ok(Read::Bytes(count)) => {
                    state.push(buffer.get(..count).unwrap_or_default(), &self.to, &self.label());
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

    fn push(&mut self, bytes: &[u8], to: &Destination, label: &str) {
        self.tail.push(bytes);
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            for piece in part.chunks(LONGEST_PIECE) {
                if self.line.len() + piece.len() > LONGEST_PIECE {
                    self.end_line(to, label);
                }
                self.line.extend_from_slice(piece);
            }
            if part.ends_with(b"\n") {
                self.end_line(to, label);
            }
        }
    }

    /// Hands over the line so far.
    fn end_line(&mut self, to: &Destination, label: &str) {
        let mut line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return;
        }
        if line.ends_with(b"\n") {
            line.pop();
        }
        if self.waiting_bytes < MOST_LEFT {
            self.hand_over(line, to, label);
        } else {
            self.left_out += 1;
        }
    }

    fn tell_left_out(&mut self, to: &Destination, label: &str) {
        if self.left_out > 0 {
            self.hand_over(format!("({} lines are left out)", self.left_out).into_bytes(), to, label);
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

/// The last bytes of a stream.
#[derive(Debug)]
struct Tail {
    bytes: VecDeque<u8>,
    most: usize,
    /// Something was dropped in front.
    is_cut: bool,
}

impl Tail {
    fn new(most: usize) -> Self {
        Tail { bytes: VecDeque::new(), most, is_cut: false }
    }

    fn push(&mut self, bytes: &[u8]) {
        let kept = bytes.get(bytes.len().saturating_sub(self.most)..).unwrap_or_default();
        let surplus = (self.bytes.len() + kept.len()).saturating_sub(self.most);
        self.is_cut |= surplus > 0 || kept.len() < bytes.len();
        self.bytes.drain(..surplus);
        self.bytes.extend(kept);
    }

    /// What is kept, without the rest of a line whose beginning is not, unless that is all there is.
    fn text(&self) -> String {
        let bytes: Vec<u8> = self.bytes.iter().copied().collect();
        let start =
            bytes.iter().position(|byte| self.is_cut && *byte == b'\n').map_or(0, |newline| newline + 1);
        let whole = bytes.get(start..).filter(|whole| !whole.is_empty()).unwrap_or(&bytes);
        String::from_utf8_lossy(whole).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(tail: usize) -> State {
        let tail = Tail::new(tail);
        State {
            end: None,
            tail,
            line: vec![],
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            passing: false,
            left_out: 0,
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
            state.push(first, &Destination::Host, "lab[7]: ");
            state.push(second, &Destination::Host, "lab[7]: ");
            assert_eq!(waiting(&state), ["lab[7]: one\n", "lab[7]: \n", "lab[7]: two\n"]);
            state.end_line(&Destination::Host, "lab[7]: ");
            assert_eq!(waiting(&state).last().unwrap(), "lab[7]: the rest\n");
            assert_eq!(state.waiting_bytes, state.waiting.iter().map(cost).sum());
        }
    }

    #[test]
    fn a_line_without_end_is_passed_on_in_pieces() {
        let mut state = state(10);
        for _ in 0..100 {
            state.push(&[b'x'; 1000], &Destination::Host, "");
        }
        assert!(state.waiting.iter().all(|piece| piece.len() <= LONGEST_PIECE + 1));
        assert!(state.line.len() <= LONGEST_PIECE);
        assert!(state.waiting_bytes > 90_000);
        assert_eq!(state.tail.text(), "xxxxxxxxxx");
    }

    #[test]
    fn the_tail_begins_with_a_line() {
        for step in 1..20 {
            let mut tail = Tail::new(9);
            for piece in b"first\nsecond\nthird\n".chunks(step) {
                tail.push(piece);
            }
            assert_eq!(tail.text(), "third");
        }
        let mut all = Tail::new(100);
        all.push(b"first\nsecond\n");
        assert_eq!(all.text(), "first\nsecond");
        let mut nothing = Tail::new(0);
        nothing.push(b"first\n");
        assert_eq!(nothing.text(), "");
    }
}
