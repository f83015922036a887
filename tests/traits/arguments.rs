//! Arguments called like what generated code calls its own.
#![allow(
    clippy::just_underscores_and_digits,
    clippy::too_many_arguments,
    reason = "odd names are what is tested"
)]

use crate::{remote, same};

/// Names that stand in the code of calls, replies, and serde.
#[coproc::worker]
#[allow(non_snake_case)]
trait Names {
    fn calls(
        &mut self,
        id: u8,
        value: &str,
        request: &[u8],
        message: Option<&u16>,
        reply: &mut Vec<u8>,
        handle: u8,
        host: u8,
        priority: i32,
        self_: u8,
        fields: &[&str],
        index: u32,
        payload: &[u8],
        executor: &mut u64,
    ) -> usize;
    fn serde(
        &self,
        serializer: u8,
        deserializer: &str,
        __serde: u8,
        seq: u8,
        variant: u8,
        visitor: Option<&str>,
        form: u8,
        probe: u8,
        private: u8,
        de: u8,
        ser: u8,
        bytes: &[u8],
        path: &std::path::Path,
        coproc: u8,
    ) -> usize;
    fn outcomes(
        &self,
        method: u8,
        worker: u8,
        start: u8,
        error: Result<u8, String>,
        result: Option<u8>,
        ok: bool,
        err: u8,
        a: &u8,
        b: u8,
        t: u8,
        f: u8,
        s: &str,
        x: (u8, &str),
        this: u8,
        wait: u8,
        pending: u8,
        timeout: u64,
    ) -> usize;
    fn crates(
        &self,
        std: u8,
        core: &str,
        alloc: u8,
        serde: u8,
        String: &str,
        Vec: u8,
        Box: u8,
        Self_: u8,
        T: u8,
        __T: u8,
        __S: &u8,
        __D: u8,
        Output: u8,
    ) -> usize;
    fn keywords(
        &self,
        r#type: u8,
        r#match: &str,
        r#fn: &mut u8,
        r#async: Option<&str>,
        r#dyn: u8,
        r#try: u8,
        union: u8,
        auto: u8,
        default: u8,
        raw: u8,
        macro_rules: u8,
        safe: u8,
        r#gen: u8,
    ) -> usize;
    fn unnamed(
        &self,
        _: u8,
        _0: u8,
        __: u8,
        argument_1: u8,
        argument_3: &str,
        _: &str,
        argument_6_: u8,
    ) -> usize;
    fn bindings(
        &self,
        __value: u8,
        __fields: u8,
        __reply: &mut u8,
        __0: u8,
        __1: &mut u8,
        ___a: u8,
        __self: u8,
    ) -> usize;
    #[norequest]
    fn tell(&mut self, handle: &str, message: u8, description: &[u8], payload: &str, fields: u8, this: u8);
    fn told(&self) -> String;
}

#[derive(Default)]
struct Sum(String);

impl Names for Sum {
    fn calls(
        &mut self,
        id: u8,
        value: &str,
        request: &[u8],
        message: Option<&u16>,
        reply: &mut Vec<u8>,
        handle: u8,
        host: u8,
        priority: i32,
        self_: u8,
        fields: &[&str],
        index: u32,
        payload: &[u8],
        executor: &mut u64,
    ) -> usize {
        reply.push(id);
        *executor += 1;
        self.0 = format!(
            "{id}{value}{request:?}{message:?}{handle}{host}{priority}{self_}{fields:?}{index}{payload:?}"
        );
        self.0.len()
    }
    fn serde(
        &self,
        serializer: u8,
        deserializer: &str,
        __serde: u8,
        seq: u8,
        variant: u8,
        visitor: Option<&str>,
        form: u8,
        probe: u8,
        private: u8,
        de: u8,
        ser: u8,
        bytes: &[u8],
        path: &std::path::Path,
        coproc: u8,
    ) -> usize {
        format!("{serializer}{deserializer}{__serde}{seq}{variant}{visitor:?}{form}").len()
            + format!("{probe}{private}{de}{ser}{bytes:?}{path:?}{coproc}").len()
    }
    fn outcomes(
        &self,
        method: u8,
        worker: u8,
        start: u8,
        error: Result<u8, String>,
        result: Option<u8>,
        ok: bool,
        err: u8,
        a: &u8,
        b: u8,
        t: u8,
        f: u8,
        s: &str,
        x: (u8, &str),
        this: u8,
        wait: u8,
        pending: u8,
        timeout: u64,
    ) -> usize {
        format!("{method}{worker}{start}{error:?}{result:?}{ok}{err}").len()
            + format!("{a}{b}{t}{f}{s}{x:?}{this}{wait}{pending}{timeout}").len()
    }
    fn crates(
        &self,
        std: u8,
        core: &str,
        alloc: u8,
        serde: u8,
        string: &str,
        vec: u8,
        r#box: u8,
        self_: u8,
        t: u8,
        t_: u8,
        s: &u8,
        d: u8,
        output: u8,
    ) -> usize {
        format!("{std}{core}{alloc}{serde}{string}{vec}{box}{self_}{t}{t_}{s}{d}{output}", r#box = r#box)
            .len()
    }
    fn keywords(
        &self,
        r#type: u8,
        r#match: &str,
        r#fn: &mut u8,
        r#async: Option<&str>,
        r#dyn: u8,
        r#try: u8,
        union: u8,
        auto: u8,
        default: u8,
        raw: u8,
        macro_rules: u8,
        safe: u8,
        r#gen: u8,
    ) -> usize {
        *r#fn += r#type + r#dyn + r#try + union + auto + default + raw + macro_rules + safe + r#gen;
        r#match.len() + r#async.map_or(0, str::len)
    }
    fn unnamed(
        &self,
        first: u8,
        _0: u8,
        __: u8,
        argument_1: u8,
        argument_3: &str,
        last: &str,
        argument_6_: u8,
    ) -> usize {
        format!("{first}{_0}{__}{argument_1}{argument_3}{last}{argument_6_}").len()
    }
    fn bindings(
        &self,
        __value: u8,
        __fields: u8,
        __reply: &mut u8,
        __0: u8,
        __1: &mut u8,
        ___a: u8,
        __self: u8,
    ) -> usize {
        std::mem::swap(__reply, __1);
        usize::from(__value + __fields + __0 + ___a + __self)
    }
    fn tell(&mut self, handle: &str, message: u8, description: &[u8], payload: &str, fields: u8, this: u8) {
        self.0 = format!("{handle}{message}{description:?}{payload}{fields}{this}");
    }
    fn told(&self) -> String {
        self.0.clone()
    }
}

#[test]
fn names_of_arguments_are_the_users() {
    let (mut here, there) = (Sum::default(), remote(NamesWorker(Sum::default())));
    let (mut list, mut other, mut count, mut another) = (vec![1], vec![1], 5, 5);
    let path = std::path::Path::new("path");
    assert_eq!(
        there.calls(1, "v", b"r", Some(&3), &mut list, 4, 5, -6, 7, &["f"], 8, b"p", &mut count).unwrap(),
        here.calls(1, "v", b"r", Some(&3), &mut other, 4, 5, -6, 7, &["f"], 8, b"p", &mut another),
    );
    assert_eq!((list, count), (other, another));
    same!(here, there =>
        told(),
        serde(1, "22", 3, 4, 5, Some("6"), 7, 8, 9, 10, 11, b"12", path, 14),
        outcomes(1, 2, 3, Err("4".to_owned()), None, true, 7, &8, 9, 10, 11, "12", (13, "14"), 15, 16, 17, 18),
        crates(1, "2", 3, 4, "5", 6, 7, 8, 9, 10, &11, 12, 13),
        keywords(1, "2", &mut 3, None, 5, 6, 7, 8, 9, 10, 11, 12, 13),
        unnamed(1, 22, 3, 4, "5", "66", 7),
        bindings(1, 2, &mut 3, 4, &mut 5, 6, 7),
    );
    let (mut number, mut first, mut second) = (1, 2, 3);
    there.keywords(1, "", &mut number, Some("async"), 1, 1, 1, 1, 1, 1, 1, 1, 1).unwrap();
    there.bindings(1, 1, &mut first, 1, &mut second, 1, 1).unwrap();
    assert_eq!((number, first, second), (11, 3, 2));
    there.tell("handle", 1, b"d", "payload", 2, 3).unwrap();
    here.tell("handle", 1, b"d", "payload", 2, 3);
    same!(here, there => told());
}
