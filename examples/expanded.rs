//! What `#[worker]` writes for a small trait: `mod short` is what a user writes, `mod written_out` what it becomes.
//!
//! ```sh
//! cargo run --release --example expanded
//! ```
//!
//! A test sees to it that the second is the macro's own text, to the letter. Both are services like any other.

mod short {
    #[coproc::worker]
    pub(crate) trait Notes {
        /// Keeps a note; returns how many there are.
        fn add(&mut self, text: &str) -> usize;
        /// The notes that hold a word.
        fn find(&self, word: &str) -> Vec<String>;
        /// Forgets all of them. Nothing is sent back.
        #[norequest]
        #[priority(0)]
        fn clear(&mut self);
    }
}

#[rustfmt::skip]
mod written_out {
    pub(crate) trait Notes {
        /// Keeps a note; returns how many there are.
        fn add(&mut self, text: &str) -> usize;
        /// The notes that hold a word.
        fn find(&self, word: &str) -> Vec<String>;
        /// Forgets all of them. Nothing is sent back.
        fn clear(&mut self);
    }
    /// The requests of `Notes`.
    #[allow(
        dead_code,
        deprecated,
        missing_copy_implementations,
        missing_debug_implementations,
        non_camel_case_types,
        non_snake_case,
        unreachable_code,
        unreachable_patterns,
        unreachable_pub,
        unused_mut,
        unused_variables,
        rustdoc::broken_intra_doc_links,
        clippy::all,
        clippy::nursery,
        clippy::pedantic,
        clippy::restriction
    )]
    pub(crate) enum NotesRequest<'message> {
        /// Keeps a note; returns how many there are.
        Add {
            /// The argument `text`.
            text: &'message str,
        },
        /// The notes that hold a word.
        Find {
            /// The argument `word`.
            word: &'message str,
        },
    }
    /// The replies of `Notes`.
    #[allow(
        dead_code,
        deprecated,
        missing_copy_implementations,
        missing_debug_implementations,
        non_camel_case_types,
        non_snake_case,
        unreachable_code,
        unreachable_patterns,
        unreachable_pub,
        unused_mut,
        unused_variables,
        rustdoc::broken_intra_doc_links,
        clippy::all,
        clippy::nursery,
        clippy::pedantic,
        clippy::restriction
    )]
    pub(crate) enum NotesReply {
        /// Keeps a note; returns how many there are.
        Add(usize),
        /// The notes that hold a word.
        Find(Vec<String>),
    }
    /// The messages of `Notes` that are not answered.
    #[allow(
        dead_code,
        deprecated,
        missing_copy_implementations,
        missing_debug_implementations,
        non_camel_case_types,
        non_snake_case,
        unreachable_code,
        unreachable_patterns,
        unreachable_pub,
        unused_mut,
        unused_variables,
        rustdoc::broken_intra_doc_links,
        clippy::all,
        clippy::nursery,
        clippy::pedantic,
        clippy::restriction
    )]
    pub(crate) enum NotesNoRequest {
        /// Forgets all of them. Nothing is sent back.
        Clear {},
    }
    /// Calls the methods of `Notes` in its worker, and waits for what they return.
    #[allow(
        dead_code,
        deprecated,
        missing_copy_implementations,
        missing_debug_implementations,
        non_camel_case_types,
        non_snake_case,
        unreachable_code,
        unreachable_patterns,
        unreachable_pub,
        unused_mut,
        unused_variables,
        rustdoc::broken_intra_doc_links,
        clippy::all,
        clippy::nursery,
        clippy::pedantic,
        clippy::restriction
    )]
    pub(crate) struct NotesHost(NotesStart);
    /// Sends calls of `Notes` now; what they return is waited for later.
    #[allow(
        dead_code,
        deprecated,
        missing_copy_implementations,
        missing_debug_implementations,
        non_camel_case_types,
        non_snake_case,
        unreachable_code,
        unreachable_patterns,
        unreachable_pub,
        unused_mut,
        unused_variables,
        rustdoc::broken_intra_doc_links,
        clippy::all,
        clippy::nursery,
        clippy::pedantic,
        clippy::restriction
    )]
    pub(crate) struct NotesStart(::coproc::__private::Handle);
    /// Serves an implementation of `Notes`: each message that comes in becomes a call of it.
    #[allow(
        dead_code,
        deprecated,
        missing_copy_implementations,
        missing_debug_implementations,
        non_camel_case_types,
        non_snake_case,
        unreachable_code,
        unreachable_patterns,
        unreachable_pub,
        unused_mut,
        unused_variables,
        rustdoc::broken_intra_doc_links,
        clippy::all,
        clippy::nursery,
        clippy::pedantic,
        clippy::restriction
    )]
    #[derive(
        ::coproc::__private::core::clone::Clone,
        ::coproc::__private::core::fmt::Debug,
        ::coproc::__private::core::default::Default
    )]
    pub(crate) struct NotesWorker<T>(pub T);
    #[allow(
        dead_code,
        deprecated,
        missing_copy_implementations,
        missing_debug_implementations,
        non_camel_case_types,
        non_snake_case,
        unreachable_code,
        unreachable_patterns,
        unreachable_pub,
        unused_mut,
        unused_variables,
        rustdoc::broken_intra_doc_links,
        clippy::all,
        clippy::nursery,
        clippy::pedantic,
        clippy::restriction
    )]
    #[allow(non_upper_case_globals)]
    const _: () = {
        #[allow(unused_imports)]
        use ::coproc::__private::{self as __private, probe::levels::*, serde as __serde};
        static __Add: __private::Method = __private::Method::request(
                "add",
                "add(text: &str) -> usize",
            )
            .variant(0u32, "Add", &["text"]);
        static __Find: __private::Method = __private::Method::request(
                "find",
                "find(word: &str) -> Vec<String>",
            )
            .variant(1u32, "Find", &["word"]);
        static __Clear: __private::Method = __private::Method::norequest("clear", "clear()")
            .variant(0u32, "Clear", &[])
            .priority(0);
        static _SERVICE: __private::Service = __private::Service::new(
            "Notes",
            &[&__Add, &__Find, &__Clear],
        );
        impl<'message> NotesRequest<'message> {
            /// The priority that the trait gives to this message.
            pub(crate) fn priority(&self) -> __private::Priority {
                match *self {
                    Self::Add { .. } => __Add.urgency(),
                    Self::Find { .. } => __Find.urgency(),
                }
            }
        }
        impl NotesNoRequest {
            /// The priority that the trait gives to this message.
            pub(crate) fn priority(&self) -> __private::Priority {
                match *self {
                    Self::Clear { .. } => __Clear.urgency(),
                }
            }
        }
        impl NotesHost {
            /// Keeps a note; returns how many there are.
            pub fn add(
                &self,
                text: &str,
            ) -> __private::core::result::Result<usize, __private::Error> {
                __private::Pending::wait(<NotesStart>::add(&self.0, text))
            }
            /// The notes that hold a word.
            pub fn find(
                &self,
                word: &str,
            ) -> __private::core::result::Result<Vec<String>, __private::Error> {
                __private::Pending::wait(<NotesStart>::find(&self.0, word))
            }
            /// Forgets all of them. Nothing is sent back.
            pub fn clear(&self) -> __private::core::result::Result<(), __private::Error> {
                let _message: NotesNoRequest = NotesNoRequest::Clear {};
                __private::send(&self.0.0, &__Clear, &_message)
            }
        }
        impl NotesStart {
            /// Keeps a note; returns how many there are.
            pub fn add(&self, text: &str) -> __private::Pending<usize> {
                let _message: NotesRequest<'_> = NotesRequest::Add { text: text };
                __private::start(
                    &self.0,
                    &__Add,
                    &_message,
                    <usize as __private::Portable<_>>::value_reader(__private::Plain),
                )
            }
            /// The notes that hold a word.
            pub fn find(&self, word: &str) -> __private::Pending<Vec<String>> {
                let _message: NotesRequest<'_> = NotesRequest::Find { word: word };
                __private::start(
                    &self.0,
                    &__Find,
                    &_message,
                    <Vec<String> as __private::Portable<_>>::value_reader(__private::Plain),
                )
            }
        }
        #[automatically_derived]
        impl __private::core::clone::Clone for NotesHost {
            fn clone(&self) -> Self {
                Self(__private::core::clone::Clone::clone(&self.0))
            }
        }
        #[automatically_derived]
        impl __private::core::clone::Clone for NotesStart {
            fn clone(&self) -> Self {
                Self(__private::core::clone::Clone::clone(&self.0))
            }
        }
        #[automatically_derived]
        impl __private::core::fmt::Debug for NotesHost {
            fn fmt(
                &self,
                _formatter: &mut __private::core::fmt::Formatter<'_>,
            ) -> __private::core::fmt::Result {
                __private::core::fmt::Formatter::debug_tuple(_formatter, "NotesHost")
                    .field(&self.0)
                    .finish()
            }
        }
        #[automatically_derived]
        impl __private::core::fmt::Debug for NotesStart {
            fn fmt(
                &self,
                _formatter: &mut __private::core::fmt::Formatter<'_>,
            ) -> __private::core::fmt::Result {
                __private::core::fmt::Formatter::debug_tuple(_formatter, "NotesStart")
                    .field(&self.0)
                    .finish()
            }
        }
        #[automatically_derived]
        impl __private::Stub for NotesHost {
            type Start = NotesStart;
            fn service() -> &'static __private::Service {
                &_SERVICE
            }
            fn from_handle(_handle: __private::Handle) -> Self {
                Self(NotesStart(_handle))
            }
            fn handle(&self) -> &__private::Handle {
                &self.0.0
            }
            fn start(&self) -> NotesStart {
                __private::core::clone::Clone::clone(&self.0)
            }
        }
        #[automatically_derived]
        impl<__T> __private::Worker for NotesWorker<__T>
        where
            __T: Notes + 'static,
        {
            type Host = NotesHost;
            fn request(
                &mut self,
                _payload: __private::Source<'_>,
                _reply: &mut __private::Reply,
                _executor: &mut dyn __private::Executor,
            ) -> __private::core::result::Result<(), __private::CodecError> {
                match __private::Source::decode::<NotesRequest<'_>>(_payload)? {
                    NotesRequest::Add { text: __text } => {
                        let _value = <__T as Notes>::add(&mut self.0, __text);
                        let mut _fields = __private::Method::reply(&__Add, _reply)?;
                        <usize as __private::Portable<
                            _,
                        >>::write_field(&_value, __private::Plain, &mut _fields)?;
                        __serde::ser::SerializeTupleVariant::end(_fields)
                    }
                    NotesRequest::Find { word: __word } => {
                        let _value = <__T as Notes>::find(&self.0, __word);
                        let mut _fields = __private::Method::reply(&__Find, _reply)?;
                        <Vec<
                            String,
                        > as __private::Portable<
                            _,
                        >>::write_field(&_value, __private::Plain, &mut _fields)?;
                        __serde::ser::SerializeTupleVariant::end(_fields)
                    }
                }
            }
            fn norequest(
                &mut self,
                _payload: __private::Source<'_>,
                _executor: &mut dyn __private::Executor,
            ) -> __private::core::result::Result<(), __private::CodecError> {
                match __private::Source::decode::<NotesNoRequest>(_payload)? {
                    NotesNoRequest::Clear {} => {
                        <__T as Notes>::clear(&mut self.0);
                        __private::core::result::Result::Ok(())
                    }
                }
            }
        }
        #[automatically_derived]
        impl<'message> __serde::Serialize for NotesRequest<'message> {
            fn serialize<__S: __serde::Serializer>(
                &self,
                _serializer: __S,
            ) -> __private::core::result::Result<__S::Ok, __S::Error> {
                match *self {
                    Self::Add { text: ref __text } => {
                        let mut _fields = __serde::Serializer::serialize_tuple_variant(
                            _serializer,
                            "NotesRequest",
                            0u32,
                            "Add",
                            1usize,
                        )?;
                        <&'message str as __private::PortableWithin<
                            '_,
                            _,
                        >>::write_field(__text, __private::Plain, &mut _fields)?;
                        __serde::ser::SerializeTupleVariant::end(_fields)
                    }
                    Self::Find { word: ref __word } => {
                        let mut _fields = __serde::Serializer::serialize_tuple_variant(
                            _serializer,
                            "NotesRequest",
                            1u32,
                            "Find",
                            1usize,
                        )?;
                        <&'message str as __private::PortableWithin<
                            '_,
                            _,
                        >>::write_field(__word, __private::Plain, &mut _fields)?;
                        __serde::ser::SerializeTupleVariant::end(_fields)
                    }
                }
            }
        }
        #[automatically_derived]
        impl __serde::Serialize for NotesReply {
            fn serialize<__S: __serde::Serializer>(
                &self,
                _serializer: __S,
            ) -> __private::core::result::Result<__S::Ok, __S::Error> {
                match *self {
                    Self::Add(ref __0) => {
                        let mut _fields = __serde::Serializer::serialize_tuple_variant(
                            _serializer,
                            "NotesReply",
                            0u32,
                            "Add",
                            1usize,
                        )?;
                        <usize as __private::Portable<
                            _,
                        >>::write_field(__0, __private::Plain, &mut _fields)?;
                        __serde::ser::SerializeTupleVariant::end(_fields)
                    }
                    Self::Find(ref __0) => {
                        let mut _fields = __serde::Serializer::serialize_tuple_variant(
                            _serializer,
                            "NotesReply",
                            1u32,
                            "Find",
                            1usize,
                        )?;
                        <Vec<
                            String,
                        > as __private::Portable<
                            _,
                        >>::write_field(__0, __private::Plain, &mut _fields)?;
                        __serde::ser::SerializeTupleVariant::end(_fields)
                    }
                }
            }
        }
        #[automatically_derived]
        impl __serde::Serialize for NotesNoRequest {
            fn serialize<__S: __serde::Serializer>(
                &self,
                _serializer: __S,
            ) -> __private::core::result::Result<__S::Ok, __S::Error> {
                match *self {
                    Self::Clear {} => {
                        let mut _fields = __serde::Serializer::serialize_tuple_variant(
                            _serializer,
                            "NotesNoRequest",
                            0u32,
                            "Clear",
                            0usize,
                        )?;
                        __serde::ser::SerializeTupleVariant::end(_fields)
                    }
                }
            }
        }
        #[automatically_derived]
        impl<'message> __private::Message<'message> for NotesRequest<'message> {
            const NAME: &'static __private::core::primitive::str = "NotesRequest";
            const VARIANTS: &'static [&'static __private::core::primitive::str] = &[
                "Add",
                "Find",
            ];
            const LENGTHS: &'static [__private::core::primitive::usize] = &[
                { 1usize },
                { 1usize },
            ];
            fn read<__A: __serde::de::SeqAccess<'message>>(
                _index: __private::core::primitive::u32,
                _fields: &mut __A,
            ) -> __private::core::result::Result<Self, __A::Error> {
                match _index {
                    0u32 => {
                        __private::core::result::Result::Ok(Self::Add {
                            text: <&'message str as __private::PortableWithin<
                                '_,
                                _,
                            >>::read_field(__private::Plain, _fields)?,
                        })
                    }
                    1u32 => {
                        __private::core::result::Result::Ok(Self::Find {
                            word: <&'message str as __private::PortableWithin<
                                '_,
                                _,
                            >>::read_field(__private::Plain, _fields)?,
                        })
                    }
                    _ => __private::unknown_variant::<Self, __A::Error>(_index),
                }
            }
        }
        #[automatically_derived]
        impl<'message> __serde::Deserialize<'message> for NotesRequest<'message> {
            fn deserialize<__D: __serde::Deserializer<'message>>(
                _deserializer: __D,
            ) -> __private::core::result::Result<Self, __D::Error> {
                __private::read_message(_deserializer)
            }
        }
        #[automatically_derived]
        impl<'message> __private::Message<'message> for NotesReply {
            const NAME: &'static __private::core::primitive::str = "NotesReply";
            const VARIANTS: &'static [&'static __private::core::primitive::str] = &[
                "Add",
                "Find",
            ];
            const LENGTHS: &'static [__private::core::primitive::usize] = &[
                { 1usize },
                { 1usize },
            ];
            fn read<__A: __serde::de::SeqAccess<'message>>(
                _index: __private::core::primitive::u32,
                _fields: &mut __A,
            ) -> __private::core::result::Result<Self, __A::Error> {
                match _index {
                    0u32 => {
                        __private::core::result::Result::Ok(
                            Self::Add(
                                <usize as __private::Portable<
                                    _,
                                >>::read_field(__private::Plain, _fields)?,
                            ),
                        )
                    }
                    1u32 => {
                        __private::core::result::Result::Ok(
                            Self::Find(
                                <Vec<
                                    String,
                                > as __private::Portable<
                                    _,
                                >>::read_field(__private::Plain, _fields)?,
                            ),
                        )
                    }
                    _ => __private::unknown_variant::<Self, __A::Error>(_index),
                }
            }
        }
        #[automatically_derived]
        impl<'message> __serde::Deserialize<'message> for NotesReply {
            fn deserialize<__D: __serde::Deserializer<'message>>(
                _deserializer: __D,
            ) -> __private::core::result::Result<Self, __D::Error> {
                __private::read_message(_deserializer)
            }
        }
        #[automatically_derived]
        impl<'message> __private::Message<'message> for NotesNoRequest {
            const NAME: &'static __private::core::primitive::str = "NotesNoRequest";
            const VARIANTS: &'static [&'static __private::core::primitive::str] = &["Clear"];
            const LENGTHS: &'static [__private::core::primitive::usize] = &[{ 0usize }];
            fn read<__A: __serde::de::SeqAccess<'message>>(
                _index: __private::core::primitive::u32,
                _fields: &mut __A,
            ) -> __private::core::result::Result<Self, __A::Error> {
                match _index {
                    0u32 => __private::core::result::Result::Ok(Self::Clear {}),
                    _ => __private::unknown_variant::<Self, __A::Error>(_index),
                }
            }
        }
        #[automatically_derived]
        impl<'message> __serde::Deserialize<'message> for NotesNoRequest {
            fn deserialize<__D: __serde::Deserializer<'message>>(
                _deserializer: __D,
            ) -> __private::core::result::Result<Self, __D::Error> {
                __private::read_message(_deserializer)
            }
        }
    };
}

// Here ends what the macro writes.

/// Notes in memory.
#[derive(Default)]
struct Memory(Vec<String>);

impl short::Notes for Memory {
    fn add(&mut self, text: &str) -> usize {
        self.0.push(text.to_owned());
        self.0.len()
    }
    fn find(&self, word: &str) -> Vec<String> {
        self.0.iter().filter(|note| note.split(' ').any(|found| found == word)).cloned().collect()
    }
    fn clear(&mut self) {
        self.0.clear();
    }
}

impl written_out::Notes for Memory {
    fn add(&mut self, text: &str) -> usize {
        short::Notes::add(self, text)
    }
    fn find(&self, word: &str) -> Vec<String> {
        short::Notes::find(self, word)
    }
    fn clear(&mut self) {
        short::Notes::clear(self);
    }
}

fn main() -> Result<(), coproc::Error> {
    let short = coproc::entry("short", |()| short::NotesWorker(Memory::default()));
    let written_out = coproc::entry("written_out", |()| written_out::NotesWorker(Memory::default()));

    let notes = short.start(())?;
    notes.add("buy milk")?;
    println!("short: {} notes, {:?}", notes.add("drink milk")?, notes.find("buy")?);

    let notes = written_out.start(())?;
    notes.add("buy milk")?;
    println!("written out: {} notes, {:?}", notes.add("drink milk")?, notes.find("buy")?);
    notes.clear()?;
    println!("written out, after clear: {:?}", notes.find("buy")?);
    Ok(())
}
