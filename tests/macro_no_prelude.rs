//! Generated code needs no prelude, and nobody's warnings are its.
#![no_implicit_prelude]
#![deny(warnings)]
#![warn(
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    unreachable_pub,
    single_use_lifetimes,
    unused_qualifications,
    unused_results,
    unused_lifetimes,
    variant_size_differences,
    elided_lifetimes_in_paths,
    let_underscore_drop,
    non_ascii_idents,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unused_import_braces,
    rust_2018_idioms,
    clippy::all,
    clippy::pedantic
)]

use ::std::{
    assert_eq,
    convert::From,
    option::Option::{self, Some},
    path::Path,
    result::Result,
    string::String,
    vec::Vec,
};

/// A service with everything that is usual.
#[::coproc::worker]
pub trait Index {
    /// Adds a document; returns how many terms it held.
    fn add(&mut self, path: &str, text: &str) -> usize;
    /// The documents that hold every term of `query`; see [`Self::add`].
    ///
    /// # Errors
    ///
    /// When the query is empty.
    fn search(&self, query: &str, _limit: Option<&usize>) -> Result<Vec<String>, String>;
    /// Opens a file.
    #[must_use]
    fn open(&mut self, file: &Path, bytes: Option<&[u8]>) -> bool;
    /// Was called otherwise once.
    #[deprecated = "use `add`"]
    fn insert(&mut self, path: &str);
    /// Forgets everything. Nothing is sent back.
    #[norequest]
    #[priority(0)]
    #[channel("admin")]
    fn clear(&mut self);
    /// The number of documents.
    #[channel(7)]
    fn size(&self) -> usize {
        0
    }
    #[doc(hidden)]
    fn hidden(&self, _: bool) {}
}

/// A service that only tells.
#[::coproc::worker]
pub trait OnlyNorequests {
    /// Says it.
    #[norequest]
    fn tell(&self, what: &str);
}

/// A service that only asks.
#[::coproc::worker]
pub trait OnlyRequests {
    /// Asks it.
    fn ask(&self, what: String) -> String;
}

/// A service that does nothing.
#[::coproc::worker]
pub trait Nothing {}

mod private {
    use ::std::string::String;

    // Of what follows nothing is used: that is no news.
    #[::coproc::worker]
    trait Unused {
        fn ask(&self, what: &str) -> String;
        #[norequest]
        fn tell(&self, what: &str);
    }
}

struct Words(usize);

impl Index for Words {
    fn add(&mut self, path: &str, text: &str) -> usize {
        self.0 += 1;
        path.len() + text.len() + self.0
    }
    fn search(&self, query: &str, limit: Option<&usize>) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        found.resize(*limit.unwrap_or(&1), String::from(query));
        Result::Ok(found)
    }
    fn open(&mut self, file: &Path, bytes: Option<&[u8]>) -> bool {
        file.is_absolute() && bytes.is_some()
    }
    fn insert(&mut self, _: &str) {}
    fn clear(&mut self) {
        self.0 = 0;
    }
}

impl OnlyNorequests for Words {
    fn tell(&self, _: &str) {}
}

impl OnlyRequests for Words {
    fn ask(&self, what: String) -> String {
        what
    }
}

impl Nothing for Words {}

#[test]
fn calls_work_without_a_prelude() {
    let index = host_of(IndexWorker(Words(0)));
    assert_eq!(index.add("a", "bc").unwrap(), 4);
    assert_eq!(index.search("word", Some(&2)).unwrap().unwrap().len(), 2);
    ::std::assert!(index.open(Path::new("/file"), Some(&[])).unwrap());
    index.clear().unwrap();
    assert_eq!(index.add("a", "bc").unwrap(), 4);
    assert_eq!(index.size().unwrap(), 0);
    index.hidden(true).unwrap();
}

#[test]
fn services_may_lack_requests_norequests_or_both() {
    host_of(OnlyNorequestsWorker(Words(0))).tell("it").unwrap();
    assert_eq!(host_of(OnlyRequestsWorker(Words(0))).ask(String::from("it")).unwrap(), "it");
    let _nothing: NothingHost = host_of(NothingWorker(Words(0)));
}

/// A worker in a thread, and the stub that calls it.
#[allow(clippy::unwrap_used, reason = "only tests call it")]
fn host_of<W: ::coproc::Worker + ::std::marker::Send>(worker: W) -> W::Host {
    ::coproc::in_thread(|| worker).unwrap()
}
