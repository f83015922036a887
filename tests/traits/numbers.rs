//! Lists of numbers in every place, under aliases and shadowed names.

use std::collections::BTreeMap;
use std::io;

use crate::{remote, same};

type Sample = f64;
type Samples = Vec<Sample>;

/// No number, whatever its name says.
#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
#[allow(non_camel_case_types)]
struct i16(String);

#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq, Default)]
struct Track {
    rate: u32,
    left: Samples,
    #[serde(with = "coproc::carry::numbers")]
    right: Samples,
}

/// A mixer.
#[coproc::worker]
trait Mixer {
    fn owned(&self, values: Vec<f64>, aliased: Samples, integers: Vec<i32>) -> Vec<f64>;
    fn lent(&self, values: &[f64], aliased: &[Sample], integers: &[u32], long: &[i128]) -> Samples;
    fn collected(&self, values: &[&f32]) -> Vec<f32>;
    fn changed(&self, values: &mut [i64], grown: &mut Vec<u16>, whole: &mut Samples) -> usize;
    fn optional(&self, values: Option<&[i8]>, other: Option<Samples>) -> Option<Vec<i8>>;
    fn fails(&self, values: Box<[f32]>) -> Result<Vec<f32>, Vec<u16>>;
    fn of_io(&self, nested: Vec<Vec<u16>>) -> io::Result<Vec<u16>>;
    fn tracks(&self, tracks: &[Track], named: &BTreeMap<u32, Vec<u32>>) -> (Samples, Vec<u32>);
    fn shadowed(&self, names: Vec<i16>, lent: &[i16]) -> Vec<i16>;
}

struct Sum;

impl Mixer for Sum {
    fn owned(&self, values: Vec<f64>, aliased: Samples, integers: Vec<i32>) -> Vec<f64> {
        [values, aliased, integers.into_iter().map(f64::from).collect()].concat()
    }
    fn lent(&self, values: &[f64], aliased: &[Sample], integers: &[u32], long: &[i128]) -> Samples {
        let integers: Samples = integers.iter().map(|integer| f64::from(*integer)).collect();
        [values, aliased, &integers, &[long.iter().sum::<i128>() as f64]].concat()
    }
    fn collected(&self, values: &[&f32]) -> Vec<f32> {
        values.iter().map(|value| **value * 2.0).collect()
    }
    fn changed(&self, values: &mut [i64], grown: &mut Vec<u16>, whole: &mut Samples) -> usize {
        values.reverse();
        grown.push(1000);
        whole.clear();
        grown.len()
    }
    fn optional(&self, values: Option<&[i8]>, other: Option<Samples>) -> Option<Vec<i8>> {
        values.map(<[i8]>::to_vec).or(other.map(|other| vec![other.len() as i8]))
    }
    fn fails(&self, values: Box<[f32]>) -> Result<Vec<f32>, Vec<u16>> {
        if values.is_empty() { Err(vec![1, 300]) } else { Ok(values.into()) }
    }
    fn of_io(&self, nested: Vec<Vec<u16>>) -> io::Result<Vec<u16>> {
        Ok(nested.concat())
    }
    fn tracks(&self, tracks: &[Track], named: &BTreeMap<u32, Vec<u32>>) -> (Samples, Vec<u32>) {
        let samples = tracks.iter().flat_map(|track| [&track.left[..], &track.right].concat()).collect();
        (samples, named.values().flatten().copied().chain(tracks.iter().map(|track| track.rate)).collect())
    }
    fn shadowed(&self, names: Vec<i16>, lent: &[i16]) -> Vec<i16> {
        [&names, lent].concat()
    }
}

#[test]
fn lists_of_numbers_cross() {
    let (here, there) = (Sum, remote(MixerWorker(Sum)));
    let many: Samples = (0..10_000).map(|number| f64::from(number) / 3.0).collect();
    let track = Track { rate: 44_100, left: many.clone(), right: vec![f64::MIN, -0.0, f64::INFINITY] };
    let named = BTreeMap::from([(u32::MAX, vec![1, 300, 70_000]), (1, vec![])]);
    let names = ["one", "two"].map(|name| i16(name.to_owned()));
    same! { here, there =>
        owned(many.clone(), vec![], vec![-1, i32::MAX]),
        lent(&many, &[0.5], &[u32::MAX, 3], &[i128::MAX, i128::MIN]),
        collected(&[&1.0, &2.5]),
        optional(Some(&[-1, i8::MIN]), None),
        optional(None, Some(many.clone())),
        optional(None, None),
        fails([1.5; 300].into()),
        fails([].into()),
        tracks(&[track.clone(), Track::default()], &named),
        shadowed(names.to_vec(), &names),
    }
    assert_eq!(there.of_io(vec![vec![1, 65_535], vec![]]).unwrap().unwrap(), [1, 65_535]);

    let (mut values, mut grown, mut whole) = ([1, -2, i64::MAX], vec![7], many);
    assert_eq!(there.changed(&mut values, &mut grown, &mut whole).unwrap(), 2);
    assert_eq!((values, grown, whole), ([i64::MAX, -2, 1], vec![7, 1000], vec![]));
}
