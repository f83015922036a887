//! Results under aliases that hide what a parameter is for, in traits that leave it open.

use std::io;

use serde::{Deserialize, Serialize};

use crate::{alike, remote};

/// Nothing is sent of a table itself.
trait Table: 'static {
    type Key;
    type Value;
}

type Pair<T> = (<T as Table>::Key, <T as Table>::Value);
type PairResult<T> = Result<Option<Pair<T>>, Failure>;
type IoResult<T> = io::Result<T>;
type Answer<T> = (T, Failure);

#[derive(Serialize, Deserialize, Debug, Clone, Copy)]
enum Failure {
    Absent,
}

#[coproc::worker]
trait Cursor<T: Table> {
    type Position;

    fn first(&mut self) -> PairResult<T>;
    fn position(&self) -> IoResult<Self::Position>;
    fn told(&self) -> Answer<Option<&Self::Position>>;
}

struct Users;

impl Table for Users {
    type Key = u32;
    type Value = String;
}

struct Rows(Vec<(u32, String)>, u64);

impl Cursor<Users> for Rows {
    type Position = u64;

    fn first(&mut self) -> PairResult<Users> {
        if self.0.is_empty() { Err(Failure::Absent) } else { Ok(self.0.pop()) }
    }
    fn position(&self) -> IoResult<u64> {
        if self.0.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(self.1) }
    }
    fn told(&self) -> Answer<Option<&u64>> {
        (Some(&self.1), Failure::Absent)
    }
}

#[test]
fn aliases_of_results_cross() {
    let rows = || Rows(vec![(1, "one".to_owned())], 7);
    let (mut here, there) = (rows(), remote(CursorWorker(rows())));
    alike!(here, there => told(), position(), first(), first(), position(), told());
}
