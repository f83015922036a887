//! Generated code means what it says, whatever the names around it mean.

/// All that generated code could name by accident means something else here.
mod shadowed {
    #![allow(dead_code, non_camel_case_types)]

    pub(crate) struct Vec;
    pub(crate) struct Result;
    pub(crate) struct Option;
    pub(crate) struct Box;
    pub(crate) struct Ok;
    pub(crate) struct Err;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct Clone;
    pub(crate) struct Debug;
    pub(crate) struct Default;
    pub(crate) struct Deref;
    pub(crate) struct Self_;
    pub(crate) trait Send {}
    pub(crate) trait Sized {}
    pub(crate) trait Into {}
    pub(crate) trait Serialize {}
    pub(crate) trait Deserialize {}
    pub(crate) trait Serializer {}
    pub(crate) trait Fn {}
    pub(crate) mod std {}
    pub(crate) mod core {}
    pub(crate) mod serde {}
    pub(crate) mod coproc {}

    #[::coproc::worker]
    pub(crate) trait Shadow {
        fn text(&self, text: &str, bytes: &[u8], number: &u32) -> ::std::string::String;
        fn result(&self, list: ::std::vec::Vec<u8>) -> ::std::result::Result<(), ::std::string::String>;
        fn maybe(&self, number: ::std::option::Option<&u32>) -> ::std::option::Option<u32>;
        fn conditional(&self, #[cfg(unix)] first: &str, #[cfg(not(unix))] second: &str) -> usize;
        #[norequest]
        fn tell(&self, text: &str);
    }
}

struct Here;

impl shadowed::Shadow for Here {
    fn text(&self, text: &str, bytes: &[u8], number: &u32) -> String {
        format!("{text} {bytes:?} {number}")
    }
    fn result(&self, list: Vec<u8>) -> Result<(), String> {
        if list.is_empty() { Err("empty".to_owned()) } else { Ok(()) }
    }
    fn maybe(&self, number: Option<&u32>) -> Option<u32> {
        number.copied()
    }
    fn conditional(&self, first: &str) -> usize {
        first.len()
    }
    fn tell(&self, _: &str) {}
}

#[test]
fn a_scope_may_shadow_everything() {
    let host = host_of(shadowed::ShadowWorker(Here));
    assert_eq!(host.text("a", b"b", &3).unwrap(), "a [98] 3");
    assert_eq!(host.result(vec![]).unwrap(), Err("empty".to_owned()));
    assert_eq!(host.maybe(Some(&4)).unwrap(), Some(4));
    assert_eq!(host.maybe(None).unwrap(), None);
    assert_eq!(host.conditional("four").unwrap(), 4);
    host.tell("text").unwrap();
}

#[test]
fn a_trait_may_live_in_a_function() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Local(u32);

    #[coproc::worker]
    trait Inner {
        fn twice(&self, local: &Local) -> Local;
        fn list(&self, locals: Vec<Local>) -> usize {
            locals.len()
        }
    }

    impl Inner for Here {
        fn twice(&self, local: &Local) -> Local {
            Local(local.0 * 2)
        }
    }

    let host = host_of(InnerWorker(Here));
    assert_eq!(host.twice(&Local(4)).unwrap().0, 8);
    assert_eq!(host.list(vec![Local(1), Local(2)]).unwrap(), 2);
}

mod outer {
    #[derive(serde::Serialize, serde::Deserialize)]
    pub(crate) struct Outer(pub(crate) u8);

    pub(crate) mod inner {
        #[derive(serde::Serialize, serde::Deserialize)]
        pub(crate) struct Own(pub(crate) u8);

        #[coproc::worker]
        pub(crate) trait Crate {
            fn add(&self, outer: &super::Outer, own: self::Own) -> crate::outer::Outer;
        }

        #[coproc::worker]
        pub(in crate::outer) trait Restricted {
            fn zero(&self) -> u8;
        }

        #[coproc::worker]
        trait Private {
            fn one(&self) -> u8;
        }

        impl Private for () {
            fn one(&self) -> u8 {
                1
            }
        }

        pub(super) fn one() -> Result<u8, coproc::Error> {
            crate::host_of(PrivateWorker(())).one()
        }
    }

    impl inner::Restricted for () {
        fn zero(&self) -> u8 {
            0
        }
    }

    pub(crate) fn zero_and_one() -> Result<(u8, u8), coproc::Error> {
        Ok((crate::host_of(inner::RestrictedWorker(())).zero()?, inner::one()?))
    }
}

impl outer::inner::Crate for Here {
    fn add(&self, outer: &outer::Outer, own: outer::inner::Own) -> outer::Outer {
        outer::Outer(outer.0 + own.0)
    }
}

#[test]
fn a_trait_may_have_any_visibility() {
    let host = host_of(outer::inner::CrateWorker(Here));
    assert_eq!(host.add(&outer::Outer(1), outer::inner::Own(2)).unwrap().0, 3);
    assert_eq!(outer::zero_and_one().unwrap(), (0, 1));
}

/// coproc under another name.
use coproc as remote;

/// Makes a whole service of fragments.
macro_rules! service {
    ($(#[$attribute:meta])* $visibility:vis $name:ident, $argument:ident: $type:ty, $lent:ty => $output:ty, $priority:expr, $channel:literal) => {
        $(#[$attribute])*
        #[coproc::worker(crate = $crate::remote)]
        $visibility trait $name {
            fn plain(&self, $argument: $type) -> $output;
            fn lent(&self, $argument: $lent, lent: &$type) -> $output;
            fn maybe(&self, $argument: Option<$lent>) -> $output;
            #[norequest]
            #[priority($priority)]
            #[channel($channel)]
            fn tell(&self, value: $lent);
        }
    };
}

service!(/// Made by a macro.
    pub(crate) Made, value: u32, &[u8] => Vec<u8>, -1, "made");

impl Made for Here {
    fn plain(&self, value: u32) -> Vec<u8> {
        vec![value as u8]
    }
    fn lent(&self, value: &[u8], lent: &u32) -> Vec<u8> {
        [value, &[*lent as u8]].concat()
    }
    fn maybe(&self, value: Option<&[u8]>) -> Vec<u8> {
        value.unwrap_or(b"none").to_vec()
    }
    fn tell(&self, _: &[u8]) {}
}

#[test]
fn a_trait_may_be_made_by_a_macro() {
    let host = host_of(MadeWorker(Here));
    assert_eq!(host.plain(7).unwrap(), [7]);
    assert_eq!(host.lent(&[1], &2).unwrap(), [1, 2]);
    assert_eq!(host.maybe(None).unwrap(), b"none");
    host.tell(b"told").unwrap();
}

/// A worker in a thread, and the stub that calls it.
#[allow(clippy::unwrap_used, reason = "only tests call it")]
fn host_of<W: coproc::Worker + Send>(worker: W) -> W::Host {
    coproc::in_thread(|| worker).unwrap()
}
