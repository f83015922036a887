//! Replies as generated code writes and reads them: field by field, without the enum around them.
//!
//! On the wire a reply is the variant of its method in the service's reply enum: its index, what the method returned, and
//! the arguments that it changed.

use serde::Serialize;
use serde::de::{DeserializeSeed, SeqAccess};
use serde::ser::SerializeTupleVariant;

use super::CodecError;
use super::decoder::{self, Decoder};
use super::encoder::{self, Encoder, Output};
use super::error::Step;
use super::payload::{Last, Payload};

/// A reply's bytes.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Reply {
    pub(crate) bytes: Vec<u8>,
    /// What follows them and stays where it is: the last value's own buffer, or nothing.
    pub(crate) tail: Vec<u8>,
}

impl Reply {
    /// Where its bytes are written, but for the tail's.
    pub fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Makes it empty, for another.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        if !self.tail.is_empty() {
            self.tail = Vec::new();
        }
    }
}

/// A reply that is being written.
#[doc(hidden)]
#[expect(missing_debug_implementations, reason = "only generated code sees one, between two lines")]
pub struct ReplyWriter<'v> {
    output: Output<'v>,
    written: usize,
    /// Bytes that stand behind what is written here, and are the end of it.
    tail: usize,
}

impl<'v> ReplyWriter<'v> {
    /// Begins the reply that is variant `index` of its enum, in an empty buffer.
    pub(crate) fn new(index: u32, into: &'v mut Vec<u8>) -> Result<Self, CodecError> {
        let mut output = Output::new(into);
        Encoder::new(&mut output).index(index)?;
        Ok(Self { output, written: 0, tail: 0 })
    }

    /// The same, where the last value was left without its last bytes, of which there are so many.
    pub(crate) fn with_tail(self, tail: usize) -> Self {
        ReplyWriter { tail, ..self }
    }
}

impl SerializeTupleVariant for ReplyWriter<'_> {
    type Ok = ();
    type Error = CodecError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        let field = self.written;
        self.written += 1;
        // It stands inside the variant.
        let written = Encoder::new(&mut self.output).deeper().and_then(|encoder| value.serialize(encoder));
        match written {
            Ok(()) => Ok(()),
            Err(error) => Err(within(error, field)),
        }
    }

    fn end(mut self) -> Result<(), CodecError> {
        if self.tail > 0 {
            self.output.note_tail(self.tail)?;
        }
        encoder::finish(&self.output)
    }
}

/// A reply that is being read.
#[doc(hidden)]
#[expect(missing_debug_implementations, reason = "only generated code sees one, between two lines")]
pub struct ReplyReader<'de> {
    payload: Payload<'de>,
    read: usize,
}

impl<'de> ReplyReader<'de> {
    /// Reads a reply that has to be variant `index` of its enum, all of it.
    pub(crate) fn read<T>(
        index: u32,
        payload: &'de [u8],
        read: fn(&mut ReplyReader<'_>) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        ReplyReader { payload: Payload::new(payload), read: 0 }.read_all(index, read)
    }

    /// The same; the bytes or text that a large payload ends with are not copied, but have its buffer. What is left of the
    /// payload then is of no meaning.
    pub(crate) fn read_owned<T>(
        index: u32,
        payload: &mut Vec<u8>,
        read: fn(&mut ReplyReader<'_>) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        match Last::find(payload) {
            Some((head, last)) => {
                let (outcome, buffer) = ReplyReader::read_parted(index, &head, last, read);
                *payload = buffer;
                outcome
            }
            None => ReplyReader::read(index, payload, read),
        }
    }

    /// The same of a payload whose last part is in a buffer of its own; with a buffer that nobody needs any more.
    pub(crate) fn read_parted<T>(
        index: u32,
        head: &[u8],
        last: Last,
        read: fn(&mut ReplyReader<'_>) -> Result<T, CodecError>,
    ) -> (Result<T, CodecError>, Vec<u8>) {
        let payload = Payload::with_last(head, &last);
        let mut outcome = ReplyReader { payload, read: 0 }.read_all(index, read);
        if outcome.is_err()
            && let Some(whole) = last.whole(head)
        {
            outcome = ReplyReader::read(index, whole, read);
        }
        (outcome, last.into_buffer().unwrap_or_default())
    }

    fn read_all<T>(
        mut self,
        index: u32,
        read: fn(&mut ReplyReader<'_>) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        let found = Decoder::new(&mut self.payload).index()?;
        if found != index {
            return Err(CodecError::wrong_reply());
        }
        let value = read(&mut self)?;
        decoder::finish(self.payload)?;
        Ok(value)
    }
}

impl<'de> SeqAccess<'de> for ReplyReader<'de> {
    type Error = CodecError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, CodecError> {
        let field = self.read;
        self.read += 1;
        let read = Decoder::new(&mut self.payload).deeper().and_then(|decoder| seed.deserialize(decoder));
        match read {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(within(error, field)),
        }
    }
}

/// Names the place: what was returned is the reply itself, and the changed arguments stand behind it.
#[cold]
fn within(error: CodecError, field: usize) -> CodecError {
    let error = if field == 0 { error } else { error.at(Step::Position(field)) };
    error.at(Step::Type("reply"))
}
