//! Attributes of others on traits, methods and arguments; `_name` and `_`; what is there under a `#[cfg]` only.

use crate::{remote, same};

/// A trait of an RPC crate: attributes on everything, also those that only some compilers see.
#[allow(clippy::too_many_arguments, reason = "that is how it is")]
#[must_use = "a client does nothing by itself"]
#[diagnostic::on_unimplemented(message = "`{Self}` is no client")]
#[coproc::worker]
#[doc(alias = "rpc")]
#[cfg_attr(true, allow(clippy::module_name_repetitions))]
trait Client {
    /// Documented.
    ///
    /// # Errors
    ///
    /// None.
    #[must_use = "it may fail"]
    fn connect(&mut self, #[allow(unused)] address: &str, _port: u16) -> Result<u32, String>;
    #[doc = "Documented in another way."]
    #[cold]
    #[inline(never)]
    fn ping(&self, _: u8, _: u8, #[cfg(true)] mut count: u8) -> u8 {
        count += 1;
        count
    }
    #[deprecated(since = "0.1.0", note = "call `ping`")]
    #[track_caller]
    fn pong(&self) -> bool;
    #[cfg(false)]
    fn never(&self, what: DoesNotExist) -> DoesNotExist;
    #[cfg(true)]
    fn always(&self, #[cfg(false)] not: DoesNotExist, #[cfg(true)] yes: &str, __: u8, _0: &u8) -> usize;
    #[cfg_attr(true, doc = "Documented now and then.", cfg(true), must_use)]
    #[cfg_attr(false, cfg(false))]
    fn sometimes(&self, #[cfg_attr(true, cfg(true))] one: u8, #[cfg_attr(false, cfg(false))] two: u8) -> u8;
    #[expect(unused_variables, reason = "a default body needs none")]
    fn ignore(&self, a: &str, b: &[u8]) -> u8 {
        1
    }
    #[allow(non_snake_case, unused_mut)]
    fn camelCase(&self, fromBlock: u8, mut toBlock: u8) -> u8 {
        fromBlock + toBlock
    }
    #[cfg(debug_assertions)]
    #[norequest]
    #[priority(-1)]
    fn debug(&self, #[allow(unused)] text: &str);
    #[cfg(not(debug_assertions))]
    #[norequest]
    fn debug(&self, text: &str);
}

struct Loopback;

impl Client for Loopback {
    fn connect(&mut self, address: &str, port: u16) -> Result<u32, String> {
        if port == 0 { Err(address.to_owned()) } else { Ok(port.into()) }
    }
    fn pong(&self) -> bool {
        true
    }
    fn always(&self, yes: &str, first: u8, second: &u8) -> usize {
        yes.len() + usize::from(first) + usize::from(*second)
    }
    fn sometimes(&self, one: u8, two: u8) -> u8 {
        one * 10 + two
    }
    fn debug(&self, _: &str) {}
}

#[test]
#[allow(deprecated)]
fn attributes_change_nothing() {
    let (mut here, there) = (Loopback, remote(ClientWorker(Loopback)));
    same!(here, there =>
        connect("host", 0), connect("host", 80), ping(1, 2, 3), pong(), always("yes", 1, &2), sometimes(1, 2),
        ignore("a", &[]), camelCase(1, 2),
    );
    there.debug("text").unwrap();
}

/// Conditional methods before, between and after others, and with equal names.
#[coproc::worker]
pub(crate) trait Platform {
    #[cfg(windows)]
    fn first(&self, handle: u64) -> u64;
    #[cfg(not(windows))]
    fn first(&self, handle: i32) -> i32;
    #[cfg(windows)]
    fn registry(&self) -> String;
    fn middle(
        &mut self,
        #[cfg(windows)] wide: &[u16],
        #[cfg(not(windows))] narrow: &[u8],
        #[cfg(unix)] mode: Option<&u32>,
        last: bool,
    ) -> usize;
    #[cfg(unix)]
    #[cfg(not(windows))]
    fn signal(&self, #[cfg(unix)] number: i32, #[cfg(windows)] number: &str) -> i32 {
        -number
    }
    #[cfg(false)]
    #[norequest]
    fn missing(&self);
    #[norequest]
    fn last(&self, #[cfg(false)] missing: Missing, #[cfg(true)] there: &str);
}

struct Unix(usize);

impl Platform for Unix {
    #[cfg(windows)]
    fn first(&self, handle: u64) -> u64 {
        handle
    }
    #[cfg(not(windows))]
    fn first(&self, handle: i32) -> i32 {
        handle
    }
    #[cfg(windows)]
    fn registry(&self) -> String {
        String::new()
    }
    fn middle(
        &mut self,
        #[cfg(windows)] wide: &[u16],
        #[cfg(not(windows))] narrow: &[u8],
        #[cfg(unix)] mode: Option<&u32>,
        last: bool,
    ) -> usize {
        #[cfg(windows)]
        let length = wide.len();
        #[cfg(not(windows))]
        let length = narrow.len() + mode.map_or(0, |mode| *mode as usize);
        self.0 += length + usize::from(last);
        self.0
    }
    fn last(&self, there: &str) {
        assert_eq!(there, "there");
    }
}

#[cfg(unix)]
#[test]
fn what_is_conditional_is_there_or_not() {
    let (mut here, there) = (Unix(0), remote(PlatformWorker(Unix(0))));
    same!(here, there => first(-1), middle(b"abc", Some(&0o7), true), middle(b"", None, false), signal(9));
    there.last("there").unwrap();
    assert!(matches!(PlatformNoRequest::Last { there: "x" }, PlatformNoRequest::Last { there: "x" }));
}

/// A trait that is not there.
#[cfg(false)]
#[coproc::worker]
trait Absent {
    fn missing(&self) -> DoesNotExist;
}

/// A trait that is there under a condition, with the mark behind it.
#[cfg_attr(true, coproc::worker)]
#[cfg(true)]
trait Conditional {
    fn value(&self) -> u8;
}

impl Conditional for u8 {
    fn value(&self) -> u8 {
        *self
    }
}

#[test]
fn the_mark_itself_may_be_conditional() {
    let (here, there) = (3_u8, remote(ConditionalWorker(3_u8)));
    same!(here, there => value());
}
