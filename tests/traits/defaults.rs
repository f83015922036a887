//! Default bodies: those that call other methods, those that are overridden, and those that nobody calls.

use coproc::Stub;

use crate::{remote, same};

#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Error = 1,
    Info = 3,
    Trace = 5,
}

/// A logger: all but one method has a body, and they call one another.
#[coproc::worker]
trait Log {
    fn log(&mut self, level: Level, target: &str, text: &str);
    fn enabled(&self, level: Level, _target: &str) -> bool {
        level <= self.max_level()
    }
    fn max_level(&self) -> Level {
        Level::Info
    }
    fn info(&mut self, text: &str) -> bool {
        self.log_if(Level::Info, text)
    }
    fn trace(&mut self, text: &str) -> bool {
        self.log_if(Level::Trace, text)
    }
    #[doc(hidden)]
    fn log_if(&mut self, level: Level, text: &str) -> bool {
        let enabled = self.enabled(level, module_path!());
        if enabled {
            self.log(level, "default", text);
        }
        enabled
    }
    #[norequest]
    fn flush(&mut self) {
        self.log(Level::Error, "flush", "");
    }
    fn lines(&self) -> Vec<String>;
}

#[derive(Default)]
struct Quiet(Vec<String>);

impl Log for Quiet {
    fn log(&mut self, level: Level, target: &str, text: &str) {
        self.0.push(format!("{level:?} {target} {text}"));
    }
    fn lines(&self) -> Vec<String> {
        self.0.clone()
    }
}

#[derive(Default)]
struct Loud(Quiet);

impl Log for Loud {
    fn log(&mut self, level: Level, target: &str, text: &str) {
        self.0.log(level, target, &text.to_uppercase());
    }
    fn max_level(&self) -> Level {
        Level::Trace
    }
    fn flush(&mut self) {
        self.0.0.clear();
    }
    fn lines(&self) -> Vec<String> {
        self.0.lines()
    }
}

#[test]
fn a_loggers_defaults_call_one_another() {
    fn check<L: Log + Default + Send + 'static>() {
        let (mut here, there) = (L::default(), remote(LogWorker(L::default())));
        same!(here, there =>
            info("a"), trace("b"), log(Level::Error, "direct", "c"), enabled(Level::Trace, "target"),
            max_level(), log_if(Level::Info, "d"), lines(),
        );
        there.flush().unwrap();
        here.flush();
        same!(here, there => lines());
    }
    check::<Quiet>();
    check::<Loud>();
}

/// `std::io::Write` as it is shaped: one method to write, others that go through it.
#[coproc::worker]
trait Sink {
    /// How many bytes were taken.
    fn write(&mut self, buffer: &[u8]) -> Result<usize, u8>;
    fn flush(&mut self) -> Result<(), u8> {
        Ok(())
    }
    fn write_all(&mut self, mut buffer: &[u8]) -> Result<(), u8> {
        while !buffer.is_empty() {
            match self.write(buffer)? {
                0 => return Err(0),
                written => buffer = &buffer[written..],
            }
        }
        self.flush()
    }
    fn write_vectored(&mut self, buffers: &[&[u8]]) -> Result<usize, u8> {
        buffers.iter().map(|buffer| self.write(buffer)).sum()
    }
    fn write_str(&mut self, text: &str) -> Result<(), u8> {
        self.write_all(text.as_bytes())
    }
    fn is_vectored(&self) -> bool {
        false
    }
    fn taken(&self) -> Vec<u8>;
}

/// Takes three bytes at a time, and `.2` in all.
struct Slow(Vec<u8>, u8, usize);

impl Sink for Slow {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, u8> {
        let length = buffer.len().min(3).min(self.2 - self.0.len());
        self.0.extend(&buffer[..length]);
        if buffer.contains(&0) { Err(self.1) } else { Ok(length) }
    }
    fn flush(&mut self) -> Result<(), u8> {
        if self.0.len().is_multiple_of(2) { Ok(()) } else { Err(9) }
    }
    fn is_vectored(&self) -> bool {
        !Sink::is_vectored(&Whole(vec![]))
    }
    fn taken(&self) -> Vec<u8> {
        self.0.clone()
    }
}

struct Whole(Vec<u8>);

impl Sink for Whole {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, u8> {
        self.0.extend(buffer);
        Ok(buffer.len())
    }
    fn taken(&self) -> Vec<u8> {
        self.0.clone()
    }
}

#[test]
fn a_sink_writes_all_through_write() {
    fn check<S: Sink + Send + 'static>(make: fn() -> S) {
        let (mut here, there) = (make(), remote(SinkWorker(make())));
        same!(here, there =>
            write(b"ab"), write(b"abcdef"), write_all(b"abcdefg"), flush(), write_str("héllo"),
            write_vectored(&[b"a", b"bcdef", b""]), write_vectored(&[b"a", &[0]]), is_vectored(),
            write_all(&[]), write_all(&[1; 50]), taken(),
        );
    }
    check(|| Slow(Vec::new(), 7, 40));
    check(|| Whole(Vec::new()));
}

/// A plugin that does nothing unless it wants to: every method has a body, and any is served.
#[coproc::worker]
trait Plugin {
    fn name(&self) -> String {
        std::any::type_name::<Self>().rsplit("::").next().unwrap_or_default().to_owned()
    }
    fn version(&self) -> (u16, u16) {
        const MAJOR: u16 = 1;
        (MAJOR, 0)
    }
    fn on_load(&mut self, _config: Option<&str>) -> Result<(), String> {
        Ok(())
    }
    fn on_event(&mut self, event: &str, mut count: u8, (_, last): (u8, u8)) -> u8 {
        count += last;
        count + event.len() as u8
    }
    #[norequest]
    fn on_unload(&mut self) {}
}

struct Idle;

impl Plugin for Idle {}

struct Counting(u8);

impl Plugin for Counting {
    fn on_load(&mut self, config: Option<&str>) -> Result<(), String> {
        self.0 = config.ok_or("no configuration")?.parse().map_err(|_| "no number".to_owned())?;
        Ok(())
    }
    fn on_event(&mut self, event: &str, _: u8, (first, _): (u8, u8)) -> u8 {
        self.0 += first;
        self.0 + event.len() as u8
    }
}

#[test]
fn a_plugin_may_leave_everything_out() {
    let (mut here, there) = (Idle, remote(PluginWorker(Idle)));
    same!(here, there => name(), version(), on_load(Some("1")), on_event("four", 1, (2, 3)));
    there.on_unload().unwrap();

    let (mut here, there) = (Counting(0), remote(PluginWorker(Counting(0))));
    same!(here, there => name(), version(), on_load(None), on_load(Some("x")), on_load(Some("5")), on_event("", 1, (2, 3)));
    assert_eq!(there.start().on_event("", 1, (2, 3)).wait().unwrap(), here.on_event("", 1, (2, 3)));
}
