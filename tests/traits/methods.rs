//! Methods called like those of the standard library, of stubs and of workers, and variants that would be the same.
#![allow(
    clippy::should_implement_trait,
    clippy::wrong_self_convention,
    clippy::new_ret_no_self,
    reason = "so they are called"
)]

use coproc::Stub;

use crate::{remote, same};

/// A process manager: its methods are called like those that a stub has by itself.
#[coproc::worker]
trait Manager {
    fn spawn(&mut self, command: &str) -> Result<u32, String>;
    fn start(&mut self, id: u32) -> bool;
    fn kill(&mut self, id: u32) -> Result<(), String>;
    fn join(&self, id: u32) -> Option<i32>;
    fn handle(&self) -> u64;
    fn on(&mut self, event: &str) -> bool;
    fn priority(&self, level: i32) -> i32;
    fn timeout(&mut self, limit: std::time::Duration) -> std::time::Duration;
    fn pid(&self) -> Option<u32>;
    fn restart(&mut self);
    fn terminate(&mut self) -> u8;
    fn wait(&self) -> String;
    fn status(&self) -> u8;
    fn counters(&self) -> u8;
    fn service() -> String;
    fn from_handle(handle: u8) -> u8;
    fn take_messenger(&self) -> bool;
    #[norequest]
    fn close(&mut self);
    #[norequest]
    fn cancel(&self, handle: &str);
}

#[derive(Default)]
struct Processes(Vec<String>);

impl Manager for Processes {
    fn spawn(&mut self, command: &str) -> Result<u32, String> {
        self.0.push(command.to_owned());
        if command.is_empty() { Err("empty".to_owned()) } else { Ok(self.0.len() as u32) }
    }
    fn start(&mut self, id: u32) -> bool {
        self.0.len() as u32 > id
    }
    fn kill(&mut self, id: u32) -> Result<(), String> {
        self.0.pop().filter(|_| id > 0).map(drop).ok_or("no such process".to_owned())
    }
    fn join(&self, id: u32) -> Option<i32> {
        (id > 0).then_some(self.0.len() as i32)
    }
    fn handle(&self) -> u64 {
        1
    }
    fn on(&mut self, event: &str) -> bool {
        event == "exit"
    }
    fn priority(&self, level: i32) -> i32 {
        -level
    }
    fn timeout(&mut self, limit: std::time::Duration) -> std::time::Duration {
        limit * 2
    }
    fn pid(&self) -> Option<u32> {
        self.0.first().map(|_| 2)
    }
    fn restart(&mut self) {
        self.0.clear();
    }
    fn terminate(&mut self) -> u8 {
        3
    }
    fn wait(&self) -> String {
        "wait".to_owned()
    }
    fn status(&self) -> u8 {
        4
    }
    fn counters(&self) -> u8 {
        5
    }
    fn service() -> String {
        "service".to_owned()
    }
    fn from_handle(handle: u8) -> u8 {
        handle
    }
    fn take_messenger(&self) -> bool {
        true
    }
    fn close(&mut self) {
        self.0.push("closed".to_owned());
    }
    fn cancel(&self, _: &str) {}
}

#[test]
fn methods_of_a_stub_give_way() {
    use std::time::Duration;

    let (mut here, there) = (Processes::default(), remote(ManagerWorker(Processes::default())));
    same!(here, there =>
        spawn("a"), spawn(""), start(1), start(7), pid(), join(1), kill(1), kill(0), join(0), handle(), on("exit"),
        on("start"), priority(5), timeout(Duration::from_secs(1)), restart(), pid(), terminate(), wait(), status(),
        counters(), take_messenger(),
    );
    assert_eq!(there.service().unwrap(), Processes::service());
    assert_eq!(there.from_handle(9).unwrap(), Processes::from_handle(9));
    there.close().unwrap();
    there.cancel("handle").unwrap();
    here.close();
    same!(here, there => join(1));
    let urgent = Stub::priority(&Stub::timeout(&there, Duration::from_secs(60)), 1);
    assert_eq!(Stub::start(&urgent).wait().wait().unwrap(), "wait");
    assert_eq!(Stub::start(&urgent).start(0).wait().unwrap(), here.start(0));
}

/// What the library's traits call their methods; a stub is cloned and shown all the same.
#[coproc::worker]
trait Overlapping {
    fn clone(&self) -> u8;
    fn drop(&mut self) -> u8;
    fn fmt(&self, formatter: &str) -> u8;
    fn into(&self) -> u8;
    fn from(value: u8) -> u8;
    fn new(size: usize) -> usize;
    fn default() -> u8;
    fn eq(&self, other: &u8) -> bool;
    fn cmp(&self, other: &u8) -> i8;
    fn borrow(&self) -> u8;
    fn as_ref(&self) -> u8;
    fn deref(&self) -> u8;
    fn next(&mut self) -> Option<u8>;
    fn hash(&self, state: &mut u64);
    fn poll(&mut self) -> u8;
    fn to_string(&self) -> String;
    fn to_owned(&self) -> u8;
    fn try_into(&self) -> Result<u8, u8>;
    fn type_id(&self) -> u8;
    fn write(&mut self, bytes: &[u8]) -> usize;
    fn call(&self, arguments: (u8,)) -> u8;
    fn serialize(&self, serializer: u8) -> u8;
    fn deserialize(deserializer: u8) -> u8;
    fn encode(&self, value: &str) -> Vec<u8>;
    fn lend(&self) -> u8;
    fn of(&self) -> u8;
    fn form(&self) -> u8;
    fn field(&self) -> u8;
    fn unwrap(&self) -> u8;
}

macro_rules! all_return {
    ($($name:ident $number:literal)*) => {$( fn $name(&self) -> u8 { $number } )*};
}

struct Plain(u8);

impl Overlapping for Plain {
    all_return!(clone 1 into 2 borrow 3 as_ref 4 deref 5 to_owned 6 type_id 7 lend 8 of 9 form 10 field 11 unwrap 12);
    fn drop(&mut self) -> u8 {
        self.0
    }
    fn fmt(&self, formatter: &str) -> u8 {
        formatter.len() as u8
    }
    fn from(value: u8) -> u8 {
        value
    }
    fn new(size: usize) -> usize {
        size
    }
    fn default() -> u8 {
        13
    }
    fn eq(&self, other: &u8) -> bool {
        self.0 == *other
    }
    fn cmp(&self, other: &u8) -> i8 {
        Ord::cmp(&self.0, other) as i8
    }
    fn next(&mut self) -> Option<u8> {
        self.0 = self.0.checked_add(1)?;
        Some(self.0)
    }
    fn hash(&self, state: &mut u64) {
        *state ^= u64::from(self.0) << 8;
    }
    fn poll(&mut self) -> u8 {
        14
    }
    fn to_string(&self) -> String {
        "text".into()
    }
    fn try_into(&self) -> Result<u8, u8> {
        Err(self.0)
    }
    fn write(&mut self, bytes: &[u8]) -> usize {
        bytes.len()
    }
    fn call(&self, (number,): (u8,)) -> u8 {
        number
    }
    fn serialize(&self, serializer: u8) -> u8 {
        serializer
    }
    fn deserialize(deserializer: u8) -> u8 {
        deserializer
    }
    fn encode(&self, value: &str) -> Vec<u8> {
        value.bytes().collect()
    }
}

#[test]
fn methods_of_the_library_give_way() {
    let (mut here, there) = (Plain(1), remote(OverlappingWorker(Plain(1))));
    same!(here, there =>
        clone(), drop(), fmt("four"), eq(&1), eq(&2), cmp(&0), cmp(&1), cmp(&2), next(), next(), poll(), to_string(), write(b"12"),
        call((3,)), serialize(4), encode("ä"), lend(), of(), form(), field(), unwrap(), deref(),
    );
    macro_rules! same_by_path {
        ($($method:ident)*) => {$(
            assert_eq!(OverlappingHost::$method(&there).unwrap(), Overlapping::$method(&here));
        )*};
    }
    same_by_path!(into borrow as_ref to_owned type_id try_into);
    assert_eq!(there.from(1).unwrap(), <Plain as Overlapping>::from(1));
    assert_eq!(there.new(2).unwrap(), <Plain as Overlapping>::new(2));
    assert_eq!(there.default().unwrap(), <Plain as Overlapping>::default());
    assert_eq!(there.deserialize(3).unwrap(), <Plain as Overlapping>::deserialize(3));
    let (mut state, mut same_state) = (1, 1);
    there.hash(&mut state).unwrap();
    Overlapping::hash(&here, &mut same_state);
    assert_eq!(state, same_state);
    assert_eq!(Clone::clone(&there).drop().unwrap(), here.drop());
    assert!(format!("{there:?}").starts_with("OverlappingHost("));
}

/// Variants that would have the same name, no name, or that of something else in the enum's scope.
#[coproc::worker]
#[allow(non_snake_case)]
trait Clash {
    fn add_one(&self) -> u8;
    fn addOne(&self) -> u8;
    fn AddOne(&self) -> u8;
    fn add__one(&self) -> u8;
    fn add_one_(&self) -> u8;
    fn self_(&self) -> u8;
    fn r#type(&self) -> u8;
    fn Type(&self) -> u8;
    fn _1(&self) -> u8;
    fn __1(&self) -> u8;
    fn ok(&self) -> u8;
    fn some(&self) -> u8;
    fn none(&self) -> u8;
    fn string(&self) -> u8;
    fn __never(&self) -> u8;
    fn Error(&self) -> u8;
    fn NAME(&self) -> u8;
    fn variants(&self) -> u8;
    fn service(&self) -> u8;
    fn SERVICE(&self) -> u8;
    fn größe(&self) -> u8;
}

#[allow(non_snake_case)]
impl Clash for Plain {
    all_return!(add_one 1 addOne 2 AddOne 3 add__one 4 add_one_ 5 self_ 6 r#type 7 Type 8 _1 9 __1 10 ok 11 some 12 none 13
        string 14 __never 15 Error 16 NAME 17 variants 18 service 19 SERVICE 20 größe 21);
}

#[test]
fn variants_are_told_apart() {
    let (here, there) = (Plain(0), remote(ClashWorker(Plain(0))));
    same!(here, there =>
        add_one(), addOne(), AddOne(), add__one(), add_one_(), self_(), r#type(), Type(), _1(), __1(), ok(), some(), none(),
        string(), __never(), Error(), NAME(), variants(), service(), SERVICE(), größe(),
    );
}
