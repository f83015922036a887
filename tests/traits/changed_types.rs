//! Everything that can stand behind `&mut`, several at once, beside what is lent and what is returned.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::convert::identity;
use std::fmt::Debug;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::changed::changes_alike;
use crate::remote;

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone, Default)]
struct State {
    steps: u32,
    log: Vec<String>,
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
struct Cell<'c> {
    text: std::borrow::Cow<'c, str>,
}

/// A step of a simulation.
#[coproc::worker]
trait Stepper<S: Debug, const N: usize> {
    fn number(&self, number: &mut u64) -> u64;
    fn state(&mut self, state: &mut S, by: &S) -> &str;
    fn array(&self, places: &mut [u8; N], at: usize) -> Option<u8>;
    fn optional(&self, value: &mut Option<String>);
    fn maps(
        &self,
        map: &mut HashMap<String, u32>,
        sorted: &mut BTreeMap<u8, Vec<u8>>,
        keys: &[&str],
    ) -> usize;
    fn tuple(&self, pair: (&str, u8), pairs: &mut (u8, String), queue: &mut VecDeque<i8>);
    fn boxed(&self, bytes: &mut Box<[u8]>, paths: &mut Vec<PathBuf>, path: &Path) -> bool;
    fn result(&self, result: &mut Result<u8, String>) -> Result<(), String>;
    fn unit(&self, unit: &mut (), last: &mut char);
    fn lasting(&self, cell: &mut Cell<'static>);
    fn swap(left: &mut S, right: &mut S);
}

struct Walker(String);

impl Stepper<State, 40> for Walker {
    fn number(&self, number: &mut u64) -> u64 {
        std::mem::replace(number, number.wrapping_mul(3))
    }
    fn state(&mut self, state: &mut State, by: &State) -> &str {
        state.steps += by.steps;
        state.log.extend(by.log.iter().cloned());
        self.0 = state.log.concat();
        &self.0
    }
    fn array(&self, places: &mut [u8; 40], at: usize) -> Option<u8> {
        places.get_mut(at).map(|place| std::mem::replace(place, 1))
    }
    fn optional(&self, value: &mut Option<String>) {
        *value = if value.is_some() { None } else { Some(self.0.clone()) };
    }
    fn maps(
        &self,
        map: &mut HashMap<String, u32>,
        sorted: &mut BTreeMap<u8, Vec<u8>>,
        keys: &[&str],
    ) -> usize {
        for key in keys {
            *map.entry((*key).to_owned()).or_default() += 1;
        }
        sorted.insert(0, keys.concat().into());
        map.len()
    }
    fn tuple(&self, (pair, number): (&str, u8), pairs: &mut (u8, String), queue: &mut VecDeque<i8>) {
        *pairs = (pairs.0 + number, pair.to_owned() + &pairs.1);
        queue.rotate_left(1);
    }
    fn boxed(&self, bytes: &mut Box<[u8]>, paths: &mut Vec<PathBuf>, path: &Path) -> bool {
        paths.push(path.to_owned());
        *bytes = path.as_os_str().as_encoded_bytes().into();
        paths.len() > 1
    }
    fn result(&self, result: &mut Result<u8, String>) -> Result<(), String> {
        std::mem::replace(result, Err(self.0.clone())).map(|_| ())
    }
    fn unit(&self, (): &mut (), last: &mut char) {
        *last = self.0.chars().last().unwrap_or('?');
    }
    fn lasting(&self, cell: &mut Cell<'static>) {
        cell.text = format!("{}{}", cell.text, self.0).into();
    }
    fn swap(left: &mut State, right: &mut State) {
        std::mem::swap(left, right);
    }
}

#[test]
fn everything_behind_an_exclusive_reference() {
    let (mut here, there) = (Walker("a".to_owned()), remote(StepperWorker(Walker("a".to_owned()))));
    let state = State { steps: 2, log: vec!["b".to_owned()] };
    changes_alike!(here, there, identity =>
        number(&mut u64::MAX),
        state(&mut state.clone(), &state),
        array(&mut [9; 40], 39),
        array(&mut [9; 40], 40),
        optional(&mut None),
        optional(&mut Some("old".to_owned())),
        result(&mut Ok(1)),
        result(&mut Err("was".to_owned())),
        boxed(&mut Box::default(), &mut vec!["p".into()], Path::new("q")),
        lasting(&mut Cell { text: "one ".into() }),
    );
    let (mut map, mut sorted) = (HashMap::from([("k".to_owned(), 1)]), BTreeMap::from([(7, vec![8])]));
    let (mut map_here, mut sorted_here) = (map.clone(), sorted.clone());
    let keys = ["k", "l", "k"];
    assert_eq!(
        there.maps(&mut map, &mut sorted, &keys).unwrap(),
        here.maps(&mut map_here, &mut sorted_here, &keys)
    );
    assert_eq!((map, sorted), (map_here, sorted_here));
    let (mut pairs, mut queue) = ((1, "p".to_owned()), VecDeque::from([1, 2, 3]));
    let (mut pairs_here, mut queue_here) = (pairs.clone(), queue.clone());
    there.tuple(("q", 4), &mut pairs, &mut queue).unwrap();
    here.tuple(("q", 4), &mut pairs_here, &mut queue_here);
    assert_eq!((pairs, queue), (pairs_here, queue_here));
    let mut last = ['x', 'x'];
    there.unit(&mut (), &mut last[0]).unwrap();
    here.unit(&mut (), &mut last[1]);
    assert_eq!(last[0], last[1]);
    let (mut left, mut right) = (state.clone(), State::default());
    there.swap(&mut left, &mut right).unwrap();
    assert_eq!((left, right), (State::default(), state));
}

/// Places that need not be there.
#[coproc::worker(transparent, on_failure = panic)]
trait Tracer {
    fn trace(&mut self, path: &str, log: Option<&mut Vec<String>>, raw: Option<&mut [u8]>) -> usize;
    fn place(&self, into: Option<&mut (u8, String)>);
}

/// The same out of a macro, which wraps the types.
macro_rules! filler {
    ($name:ident, $place:ty, $maybe:ty) => {
        #[coproc::worker]
        trait $name {
            fn fill(&self, place: $place, maybe: $maybe, inner: Option<$place>) -> usize;
        }
    };
}
filler!(Filler, &mut Vec<u8>, Option<&mut [u8]>);

impl Filler for Plain {
    fn fill(&self, place: &mut Vec<u8>, maybe: Option<&mut [u8]>, inner: Option<&mut Vec<u8>>) -> usize {
        place.push(1);
        inner.map_or(0, |inner| inner.len())
            + maybe.map_or(0, |maybe| std::mem::replace(&mut maybe[0], 9).into())
    }
}

#[test]
fn places_may_be_of_a_macro() {
    let there = crate::remote(FillerWorker(Plain));
    let (mut place, mut maybe, mut inner) = (vec![], [3], vec![0, 0]);
    assert_eq!(there.fill(&mut place, Some(&mut maybe), Some(&mut inner)).unwrap(), 5);
    assert_eq!((&*place, maybe), (&[1][..], [9]));
    let started = coproc::Stub::start(&there).fill(&place, Some(&maybe), Some(&inner));
    assert_eq!(started.wait().unwrap(), (11, vec![1, 1], Some(vec![9]), Some(vec![0, 0])));
}

struct Plain;

impl Tracer for Plain {
    fn trace(&mut self, path: &str, log: Option<&mut Vec<String>>, raw: Option<&mut [u8]>) -> usize {
        if let Some(log) = log {
            log.push(path.to_owned());
        }
        raw.map_or(0, |raw| {
            raw.reverse();
            raw.len()
        })
    }
    fn place(&self, into: Option<&mut (u8, String)>) {
        if let Some((number, text)) = into {
            *number += 1;
            text.push('!');
        }
    }
}

#[test]
fn places_may_be_missing() {
    fn traced(tracer: &mut dyn Tracer) -> String {
        let (mut log, mut raw, mut place) = (vec!["a".to_owned()], [1, 2, 3], (1, "one".to_owned()));
        let both = tracer.trace("b", Some(&mut log), Some(&mut raw));
        let none = tracer.trace("c", None, None);
        let one = tracer.trace("d", Some(&mut log), None);
        tracer.place(Some(&mut place));
        tracer.place(None);
        format!("{both} {none} {one} {log:?} {raw:?} {place:?}")
    }
    let mut there = crate::remote(TracerWorker(Plain));
    assert_eq!(traced(&mut there), traced(&mut Plain));
    let started = coproc::Stub::start(&there).trace("e", None, Some(&[1, 2]));
    assert_eq!(started.wait().unwrap(), (2, None, Some(vec![2, 1])));
}

#[coproc::worker]
trait Pair {
    fn fill(&self, first: &mut [u8], second: &mut [u8], third: Option<&mut u8>);
}

/// Breaks the protocol: what it sends back does not fit.
struct Liar(fn() -> PairReply);

impl coproc::Worker for Liar {
    type Host = PairHost;

    fn request(
        &mut self,
        _: coproc::codec::Source<'_>,
        reply: &mut coproc::codec::Reply,
        _: &mut dyn coproc::Executor,
    ) -> Result<(), coproc::codec::CodecError> {
        coproc::codec::encode(&(self.0)(), reply.bytes())
    }

    fn norequest(
        &mut self,
        _: coproc::codec::Source<'_>,
        _: &mut dyn coproc::Executor,
    ) -> Result<(), coproc::codec::CodecError> {
        Ok(())
    }
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let lies: [fn() -> PairReply; 3] = [
        || PairReply::Fill((), vec![7], vec![7; 3], Some(7)),
        || PairReply::Fill((), vec![7], vec![], Some(7)),
        || PairReply::Fill((), vec![7], vec![7; 2], None),
    ];
    for lie in lies {
        let (mut first, mut second, mut third) = ([1], [1, 2], 1);
        let pair = crate::remote(Liar(lie));
        let error = pair.fill(&mut first, &mut second, Some(&mut third)).unwrap_err();
        assert_eq!(error.kind(), coproc::ErrorKind::Codec);
        assert_eq!((first, second, third), ([1], [1, 2], 1));
    }
}
