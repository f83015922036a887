//! What workers print as events of `tracing`.

use std::fmt::{Debug, Write};
use std::sync::Mutex;
use std::sync::mpsc::{self, Sender};

use coproc::Stderr;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::support::in_time;
use crate::victim;

/// Passes on the fields of each event in one line.
struct Notes(Mutex<Sender<String>>);

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "coproc" && *metadata.level() == Level::INFO
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        self.0.lock().unwrap().send(line.0).unwrap();
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

#[derive(Default)]
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{}={value:?} ", field.name()).unwrap();
    }
}

#[test]
fn each_line_is_an_event() {
    in_time(|| {
        let (sender, lines) = mpsc::channel();
        tracing::subscriber::set_global_default(Notes(Mutex::new(sender))).unwrap();
        let victim = victim::entry().spawn().stderr(Stderr::tracing()).start(()).unwrap();
        let pid = victim.process().unwrap();
        victim.count(2).unwrap();
        for number in 0..2 {
            let line = lines.recv().unwrap();
            assert_eq!(line, format!("message=line {number} service=\"Victim\" pid={pid} "));
        }
    });
}
