//! What the macro knows of a service: its methods, their signatures, and the fingerprint over them.

use std::mem::ManuallyDrop;

use crate::codec::{CodecError, Reply, ReplyWriter};
use crate::proto::handshake::Greeting;
use crate::proto::{ChannelId, Limits, Priority};

/// One method of a service, as its trait declares it.
#[derive(Clone, Debug)]
pub struct Method {
    pub(crate) name: &'static str,
    signature: &'static str,
    /// Its variant in the enum of the calls, and the names of that variant's fields; the index is that of its reply too.
    pub(crate) index: u32,
    variant: &'static str,
    arguments: &'static [&'static str],
    owes: Owes,
    /// Never dropped, for methods are statics, and a constant function can't evaluate a destructor.
    pub(crate) channel: ManuallyDrop<ChannelId>,
    pub(crate) priority: Priority,
}

/// What a method owes its caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Owes {
    Reply,
    Nothing,
}

impl Method {
    /// A method that is answered.
    #[must_use]
    pub const fn request(name: &'static str, signature: &'static str) -> Self {
        let channel = ManuallyDrop::new(ChannelId::DEFAULT);
        let (variant, arguments, owes, priority) = ("", &[], Owes::Reply, Priority::NONE);
        Method { name, signature, index: 0, variant, arguments, owes, channel, priority }
    }

    /// A method that is not.
    #[must_use]
    pub const fn norequest(name: &'static str, signature: &'static str) -> Self {
        Method { owes: Owes::Nothing, ..Method::request(name, signature) }
    }

    /// The method with this variant in the message enums, whose fields have these names.
    #[must_use]
    pub const fn variant(
        self,
        index: u32,
        variant: &'static str,
        arguments: &'static [&'static str],
    ) -> Self {
        Method { index, variant, arguments, ..self }
    }

    /// The method with this priority.
    #[must_use]
    pub const fn priority(self, level: i32) -> Self {
        Method { priority: Priority::new(level), ..self }
    }

    /// The method on this channel.
    #[must_use]
    pub const fn channel(self, channel: ChannelId) -> Self {
        Method { channel: ManuallyDrop::new(channel), ..self }
    }
}

impl Method {
    /// Begins its reply.
    ///
    /// # Errors
    /// The codec's.
    pub fn reply<'v>(&self, into: &'v mut Reply) -> Result<ReplyWriter<'v>, CodecError> {
        ReplyWriter::new(self.index, &mut into.bytes)
    }

    /// Begins its reply, whose value was left without its last bytes.
    ///
    /// # Errors
    /// The codec's.
    pub fn reply_with<'v>(&self, into: &'v mut Reply, tail: Vec<u8>) -> Result<ReplyWriter<'v>, CodecError> {
        into.tail = tail;
        Ok(ReplyWriter::new(self.index, &mut into.bytes)?.with_tail(into.tail.len()))
    }

    /// The priority that its messages have.
    #[must_use]
    pub const fn urgency(&self) -> Priority {
        self.priority
    }

    /// Names the argument that could not be encoded.
    #[cold]
    pub(crate) fn explain(&self, error: CodecError) -> CodecError {
        error.name_arguments(|variant| (variant == self.variant).then_some(self.arguments))
    }
}

/// What becomes of a worker when one of its methods has panicked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AfterPanic {
    /// It exits, for nobody knows what the panic has left behind.
    Exit,
    /// It serves on: the trait's author vows that what implements it survives.
    Continue,
}

/// A service: its name, its methods, and a fingerprint of their signatures.
///
/// The fingerprint sees what the trait's tokens say: names and types as they are written. It can't see into the types:
/// a field added to a struct that an argument has changes nothing here.
#[derive(Debug)]
pub struct Service {
    pub(crate) name: &'static str,
    methods: &'static [&'static Method],
    fingerprint: u64,
    pub(crate) after_panic: AfterPanic,
}

impl Service {
    /// The service of these methods, in the order of their declaration.
    #[must_use]
    pub const fn new(name: &'static str, methods: &'static [&'static Method]) -> Self {
        let mut hash = Fnv::new();
        let mut index = 0;
        while index < methods.len() {
            // In a constant a place out of bounds would be a compile error.
            #[allow(clippy::indexing_slicing, reason = "evaluated at compile time, in bounds by the loop")]
            let method = methods[index];
            hash = hash.text(method.signature).byte(match method.owes {
                Owes::Reply => 1,
                Owes::Nothing => 2,
            });
            index += 1;
        }
        // Zero means none.
        Service { name, methods, fingerprint: hash.0 | 1, after_panic: AfterPanic::Exit }
    }

    /// The service with this after a panic.
    #[must_use]
    pub const fn after_panic(self, after_panic: AfterPanic) -> Self {
        Service { after_panic, ..self }
    }

    /// A conversation without a trait: anything fits.
    pub(crate) const fn untyped(name: &'static str) -> Self {
        Service { name, methods: &[], fingerprint: 0, after_panic: AfterPanic::Exit }
    }

    /// Names the argument that could not be decoded.
    #[cold]
    pub(crate) fn explain(&self, error: CodecError) -> CodecError {
        let method = |variant: &str| self.methods.iter().find(|method| method.variant == variant);
        error.name_arguments(|variant| method(variant).map(|method| method.arguments))
    }

    /// What one side tells the other of the service, and of the types that it has chosen for the trait's parameters.
    pub(crate) fn greeting(&self, parameters: Vec<String>) -> Greeting {
        let signatures = self.methods.iter().map(|method| match method.owes {
            Owes::Reply => method.signature.to_owned(),
            Owes::Nothing => format!("#[norequest] {}", method.signature),
        });
        let chosen = parameters.iter().fold(Fnv(self.fingerprint), |hash, parameter| hash.text(parameter));
        Greeting {
            service: self.name.to_owned(),
            fingerprint: if parameters.is_empty() { self.fingerprint } else { chosen.0 | 1 },
            signatures: signatures.chain(parameters).collect(),
            longest_reply: Limits::HOST.message,
            longest_other: Limits::HOST.unsolicited_message,
            ..Greeting::default()
        }
    }
}

/// What stands for a parameter of a trait: `K = u32`. Where a type is declared doesn't count, for two programs may have it at
/// two places.
#[doc(hidden)]
#[must_use]
pub fn type_parameter<T: ?Sized>(name: &str) -> String {
    let mut short = String::new();
    for part in std::any::type_name::<T>().split_inclusive(|letter: char| !is_of_path(letter)) {
        short.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    format!("{name} = {short}")
}

/// The same for a constant.
#[doc(hidden)]
#[must_use]
pub fn constant_parameter(name: &str, value: &dyn std::fmt::Debug) -> String {
    format!("{name} = {value:?}")
}

fn is_of_path(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | ':')
}

/// The FNV-1a hash of 64 bits (draft-eastlake-fnv), which a constant can compute.
#[derive(Clone, Copy)]
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    const fn byte(self, byte: u8) -> Self {
        Fnv((self.0 ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3))
    }

    const fn text(mut self, text: &str) -> Self {
        let mut rest = text.as_bytes();
        while let [byte, behind @ ..] = rest {
            self = self.byte(*byte);
            rest = behind;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_difference_in_the_parameters_shows() {
        static EMPTY: Service = Service::new("S", &[]);
        let print = |parameters: &[&str]| {
            EMPTY.greeting(parameters.iter().map(ToString::to_string).collect()).fingerprint
        };
        assert_eq!(print(&[]), EMPTY.fingerprint);
        assert_ne!(print(&["K = u8"]), print(&["K = u16"]));
        assert_ne!(print(&["K = u8"]), print(&[]));
    }

    #[test]
    fn a_parameter_is_told_without_its_place() {
        type Nested = std::collections::HashMap<String, [Option<(Service, &'static str)>; 2]>;
        assert_eq!(type_parameter::<Nested>("K"), "K = HashMap<String, [Option<(Service, &str)>; 2]>");
        assert_eq!(type_parameter::<[u8]>("K"), "K = [u8]");
        assert_eq!(constant_parameter("N", &4_usize), "N = 4");
    }

    #[test]
    fn any_difference_in_the_signatures_shows() {
        static ADD: Method = Method::request("add", "add(n: u8)");
        static WIDER: Method = Method::request("add", "add(n: u16)").priority(3);
        static URGENT: Method = Method::request("add", "add(n: u8)").priority(3);
        static ONE_WAY: Method = Method::norequest("add", "add(n: u8)");
        static CLEAR: Method = Method::request("clear", "clear()");
        let print = |methods: &[&'static Method]| Service::new("S", methods.to_vec().leak()).fingerprint;
        let add = print(&[&ADD]);
        assert_eq!(add, print(&[&URGENT]), "a priority is the host's own business");
        for other in [print(&[&WIDER]), print(&[&ONE_WAY]), print(&[&ADD, &CLEAR]), print(&[]), 0] {
            assert_ne!(add, other);
        }
        assert_ne!(print(&[&ADD, &CLEAR]), print(&[&CLEAR, &ADD]));
    }
}
