//! The codec against hostile bytes, against bincode itself, and with the shapes that cannot cross.

mod attacks;
mod garbage;
mod numbers;
mod parted;
mod places;
mod replies;
mod round_trips;
mod shapes;

use serde::{Deserialize, Serialize};

use super::*;

fn encoded<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut payload = Vec::new();
    encode(value, &mut payload).unwrap();
    payload
}

fn encode_error<T: Serialize + ?Sized>(value: &T) -> CodecError {
    let mut payload = b"before".to_vec();
    let error = encode(value, &mut payload).unwrap_err();
    assert_eq!(payload, b"before");
    error
}

fn decode_error<'de, T: Deserialize<'de>>(payload: &'de [u8]) -> CodecError {
    match decode::<T>(payload) {
        Ok(_) => panic!("decoded {payload:?}"),
        Err(error) => error,
    }
}

/// A type whose depth the bytes decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Tree {
    Leaf,
    Number(i64),
    Deep(Box<Tree>),
    Both(Box<Tree>, Box<Tree>),
    Named { name: String, maybe: Option<Box<Tree>> },
    Many(Vec<Tree>),
}
