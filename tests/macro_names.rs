//! Names that could meet those of generated code, and do not.

use coproc::Stub;

/// Methods called like those of the standard library's traits, of the stub and of the dispatch.
#[allow(clippy::new_ret_no_self, clippy::should_implement_trait, clippy::wrong_self_convention)]
#[coproc::worker]
trait Busy {
    fn start(&self) -> u8;
    fn spawn(&self) -> u8;
    fn wait(&self) -> u8;
    fn clone(&self) -> u8;
    fn drop(&self) -> u8;
    fn fmt(&self) -> u8;
    fn into(&self) -> u8;
    fn from(&self) -> u8;
    fn new(&self) -> u8;
    fn handle(&self) -> u8;
    fn from_handle(&self) -> u8;
    fn service(&self) -> u8;
    fn request(&mut self, payload: &str) -> u8;
    fn norequest(&mut self) -> u8;
    fn serialize(&self) -> u8;
    fn deserialize(&self) -> u8;
    fn encode(&self) -> u8;
    fn map(&self) -> u8;
    fn r#match(&self) -> u8;
    fn self_(&self) -> u8;
    fn scan_2d(&self) -> u8;
    fn scan2d(&self) -> u8;
    fn _2d(&self) -> u8;
    fn __(&self) -> u8;
    #[norequest]
    fn send(&self);
    #[norequest]
    fn deref(&self, reference: &u8);
}

struct Numbers;

impl Busy for Numbers {
    fn start(&self) -> u8 {
        1
    }
    fn spawn(&self) -> u8 {
        2
    }
    fn wait(&self) -> u8 {
        3
    }
    fn clone(&self) -> u8 {
        4
    }
    fn drop(&self) -> u8 {
        5
    }
    fn fmt(&self) -> u8 {
        6
    }
    fn into(&self) -> u8 {
        7
    }
    fn from(&self) -> u8 {
        8
    }
    fn new(&self) -> u8 {
        9
    }
    fn handle(&self) -> u8 {
        10
    }
    fn from_handle(&self) -> u8 {
        11
    }
    fn service(&self) -> u8 {
        12
    }
    fn request(&mut self, payload: &str) -> u8 {
        payload.len() as u8
    }
    fn norequest(&mut self) -> u8 {
        14
    }
    fn serialize(&self) -> u8 {
        15
    }
    fn deserialize(&self) -> u8 {
        16
    }
    fn encode(&self) -> u8 {
        17
    }
    fn map(&self) -> u8 {
        18
    }
    fn r#match(&self) -> u8 {
        19
    }
    fn self_(&self) -> u8 {
        20
    }
    fn scan_2d(&self) -> u8 {
        21
    }
    fn scan2d(&self) -> u8 {
        22
    }
    fn _2d(&self) -> u8 {
        23
    }
    fn __(&self) -> u8 {
        24
    }
    fn send(&self) {}
    fn deref(&self, _: &u8) {}
}

#[test]
#[allow(clippy::needless_borrow)]
fn methods_may_have_any_name() {
    let busy = host_of(BusyWorker(Numbers));
    let numbers = [
        busy.start().unwrap(),
        busy.spawn().unwrap(),
        busy.wait().unwrap(),
        busy.clone().unwrap(),
        busy.drop().unwrap(),
        busy.fmt().unwrap(),
        // Without the reference, Rust takes the `Into::into` of the prelude.
        (&busy).into().unwrap(),
        busy.from().unwrap(),
        busy.new().unwrap(),
        busy.handle().unwrap(),
        busy.from_handle().unwrap(),
        busy.service().unwrap(),
        busy.request("thirteen here").unwrap(),
        busy.norequest().unwrap(),
        busy.serialize().unwrap(),
        busy.deserialize().unwrap(),
        busy.encode().unwrap(),
        busy.map().unwrap(),
        busy.r#match().unwrap(),
        busy.self_().unwrap(),
        busy.scan_2d().unwrap(),
        busy.scan2d().unwrap(),
        busy._2d().unwrap(),
        busy.__().unwrap(),
    ];
    assert_eq!(numbers, std::array::from_fn(|index| index as u8 + 1));
    busy.send().unwrap();
    busy.deref(&1).unwrap();
    // What the service hides is reached by path.
    assert_eq!(Stub::start(&Clone::clone(&busy)).start().wait().unwrap(), 1);
    assert_eq!(format!("{busy:?}").split('(').next(), Some("BusyHost"));
}

#[coproc::worker]
trait Words {
    #[allow(clippy::too_many_arguments)]
    fn add(
        &self,
        ctx: u32,
        id: u32,
        self_: u32,
        reply: u32,
        payload: u32,
        handle: u32,
        value: u32,
        request: u32,
        serializer: u32,
        tuple: u32,
        decoded: u32,
        r#type: u32,
        r#match: &u32,
        _name: Option<&u32>,
        argument_2: u32,
    ) -> u32;

    /// A default body may use what the trait's declaration hides.
    fn skip(&self, _: &str, mut counted: u32, _: u32, argument_1: u32) -> u32 {
        counted += argument_1;
        counted
    }

    #[norequest]
    fn tell(&self, ctx: &str, value: &[u32], _: u8);
}

struct Sum;

impl Words for Sum {
    fn add(
        &self,
        ctx: u32,
        id: u32,
        self_: u32,
        reply: u32,
        payload: u32,
        handle: u32,
        value: u32,
        request: u32,
        serializer: u32,
        tuple: u32,
        decoded: u32,
        r#type: u32,
        r#match: &u32,
        _name: Option<&u32>,
        argument_2: u32,
    ) -> u32 {
        ctx + id
            + self_
            + reply
            + payload
            + handle
            + value
            + request
            + serializer
            + tuple
            + decoded
            + r#type
            + r#match
            + _name.copied().unwrap_or(0)
            + argument_2
    }
    fn tell(&self, ctx: &str, value: &[u32], _: u8) {
        assert_eq!((ctx, value), ("ctx", &[1, 2][..]));
    }
}

#[test]
fn arguments_may_have_any_name() {
    let words = host_of(WordsWorker(Sum));
    let bits: [u32; 15] = std::array::from_fn(|bit| 1 << bit);
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = bits;
    assert_eq!(words.add(a, b, c, d, e, f, g, h, i, j, k, l, &m, Some(&n), o).unwrap(), 0x7FFF);
    assert_eq!(words.skip("text", 1, 2, 4).unwrap(), 5);
    words.tell("ctx", &[1, 2], 3).unwrap();
}

mod renamed {
    // What users call their own types, and generated items would be called.
    pub(crate) struct SearchRequest;
    pub(crate) struct SearchReply;
    pub(crate) struct SearchHost;

    #[coproc::worker(
        request = Question,
        reply = Answer,
        norequest = Remark,
        host = Remote,
        start = Pipelined,
        worker = Service,
        crate = coproc,
    )]
    pub(crate) trait Search {
        fn find(&self, word: &str) -> usize;
        #[norequest]
        fn note(&self, word: &str);
    }
}

struct Length;

impl renamed::Search for Length {
    fn find(&self, word: &str) -> usize {
        word.len()
    }
    fn note(&self, _: &str) {}
}

#[test]
fn generated_items_can_be_renamed() {
    let _ = (renamed::SearchRequest, renamed::SearchReply, renamed::SearchHost);
    let remote: renamed::Remote = host_of(renamed::Service(Length));
    let pipelined: renamed::Pipelined = remote.start();
    assert_eq!(pipelined.find("four").wait().unwrap(), 4);
    remote.note("four").unwrap();
    assert!(matches!(renamed::Question::Find { word: "x" }, renamed::Question::Find { word: "x" }));
    assert!(matches!(renamed::Answer::Find(1), renamed::Answer::Find(1)));
    assert!(matches!(renamed::Remark::Note { word: "x" }, renamed::Remark::Note { word: "x" }));
}

/// A trait with the name of what generated code would call its type parameter.
#[coproc::worker]
trait T {
    fn twice(&self, number: u32) -> u32;
}

impl T for Length {
    fn twice(&self, number: u32) -> u32 {
        number * 2
    }
}

#[test]
fn a_trait_may_be_called_like_a_parameter() {
    assert_eq!(host_of(TWorker(Length)).twice(4).unwrap(), 8);
}

#[coproc::worker]
trait r#Yield {
    fn r#fn(&self, r#in: &str) -> usize;
}

impl r#Yield for Length {
    fn r#fn(&self, r#in: &str) -> usize {
        r#in.len()
    }
}

#[test]
fn raw_identifiers_lose_their_mark_in_other_names() {
    let host: YieldHost = host_of(YieldWorker(Length));
    assert_eq!(host.r#fn("in").unwrap(), 2);
    assert!(matches!(YieldRequest::Fn { r#in: "x" }, YieldRequest::Fn { r#in: "x" }));
}

/// A worker in a thread, and the stub that calls it.
#[allow(clippy::unwrap_used, reason = "only tests call it")]
fn host_of<W: coproc::Worker + Send>(worker: W) -> W::Host {
    coproc::in_thread(|| worker).unwrap()
}
