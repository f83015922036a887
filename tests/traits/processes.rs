//! Some of the same in worker processes, as users run them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::same;

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
enum Error {
    NoTable(String),
    Duplicate { key: Vec<u8> },
}

type Result<T, E = Error> = std::result::Result<T, E>;

/// A database: mixed receivers, borrowed arguments, default bodies, a method without `self`, and a crate's own result.
#[coproc::worker]
trait Database: Send + 'static
where
    Self: Sized,
{
    fn create(&mut self, table: &str) -> bool;
    fn insert(&mut self, table: &str, pairs: &[(&[u8], &str)]) -> Result<usize>;
    fn get(&self, table: &str, key: Option<&[u8]>) -> Result<Option<&str>>;
    fn dump(&self, id: &[u8; 36], buffer: &mut Vec<u8>) -> usize;
    fn count(&self, tables: &HashMap<&str, Vec<&str>>) -> Result<HashMap<String, usize>> {
        let count = |table: &str| {
            Ok((table.to_owned(), self.get(table, None).map(|first| first.map_or(0, str::len))?))
        };
        tables.iter().flat_map(|(table, more)| more.iter().chain([table])).map(|table| count(table)).collect()
    }
    fn pid(_value: u8) -> u32 {
        std::process::id()
    }
    #[norequest]
    fn clear(&mut self) {}
}

#[derive(Default)]
struct Tables(HashMap<String, Vec<(Vec<u8>, String)>>);

impl Database for Tables {
    fn create(&mut self, table: &str) -> bool {
        self.0.insert(table.to_owned(), Vec::new()).is_none()
    }
    fn insert(&mut self, table: &str, pairs: &[(&[u8], &str)]) -> Result<usize> {
        let rows = self.0.get_mut(table).ok_or_else(|| Error::NoTable(table.to_owned()))?;
        for (key, value) in pairs {
            if rows.iter().any(|(known, _)| known == key) {
                return Err(Error::Duplicate { key: key.to_vec() });
            }
            rows.push((key.to_vec(), (*value).to_owned()));
        }
        Ok(rows.len())
    }
    fn get(&self, table: &str, key: Option<&[u8]>) -> Result<Option<&str>> {
        let rows = self.0.get(table).ok_or_else(|| Error::NoTable(table.to_owned()))?;
        let found = rows.iter().find(|(known, _)| key.is_none_or(|key| known == key));
        Ok(found.map(|(_, value)| value.as_str()))
    }
    fn dump(&self, id: &[u8; 36], buffer: &mut Vec<u8>) -> usize {
        buffer.extend(id);
        buffer.extend(self.0.values().flatten().flat_map(|(key, _)| key));
        buffer.len()
    }
}

fn database() -> coproc::Entry<DatabaseHost, ()> {
    coproc::test_entry("processes::database_worker", |()| DatabaseWorker(Tables::default()))
}

#[test]
fn database_worker() {
    let _ = database();
}

#[test]
fn a_database_runs_in_a_process() {
    let (mut here, there) = (Tables::default(), database().start(()).unwrap());
    let tables = HashMap::from([("a", vec!["a"]), ("b", vec![])]);
    macro_rules! same_text {
        ($($table:literal $key:expr),*) => {$(
            let text = here.get($table, $key).map(|found| found.map(str::to_owned));
            assert_eq!(there.get($table, $key).unwrap(), text);
        )*};
    }
    same!(here, there =>
        create("a"), create("a"), insert("b", &[]), insert("a", &[(b"k", "value"), (&[0, 255], "")]),
        insert("a", &[(b"k", "again")]), count(&tables), create("b"), count(&tables),
    );
    same_text!("a" Some(b"k"), "a" None, "a" Some(b""), "c" None);
    let (mut far, mut near) = (vec![1], vec![1]);
    assert_eq!(there.dump(&[7; 36], &mut far).unwrap(), here.dump(&[7; 36], &mut near));
    assert_eq!(far, near);
    assert_ne!(there.pid(1).unwrap(), Tables::pid(1));
    there.clear().unwrap();
    here.clear();
    same!(here, there => insert("a", &[]));
}

/// A game that is given at its start: traits of one's own, characters, and names that collide.
#[coproc::worker]
trait Game: std::fmt::Display {
    fn start(&mut self, host: &str, id: u8) -> Option<char>;
    fn r#move(&mut self, _: char, (x, y): (usize, usize)) -> std::result::Result<char, String>
    where
        Self: Sized,
    {
        self.put(y * 3 + x).map(|_| self.next())
    }
    fn put(&mut self, index: usize) -> std::result::Result<(), String>;
    fn next(&self) -> char;
    fn board(&self) -> String {
        self.to_string()
    }
}

#[derive(Serialize, Deserialize, Clone)]
struct TicTacToe([char; 9], Vec<usize>);

impl std::fmt::Display for TicTacToe {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.chunks(3).try_for_each(|row| writeln!(formatter, "{}", row.iter().collect::<String>()))
    }
}

impl Game for TicTacToe {
    fn start(&mut self, host: &str, id: u8) -> Option<char> {
        self.1.clear();
        self.0 = ['.'; 9];
        host.chars().nth(id.into())
    }
    fn put(&mut self, index: usize) -> std::result::Result<(), String> {
        let next = self.next();
        let place = self.0.get_mut(index).ok_or("outside")?;
        *place = next;
        self.1.push(index);
        Ok(())
    }
    fn next(&self) -> char {
        if self.1.len().is_multiple_of(2) { '✕' } else { '○' }
    }
}

fn game() -> coproc::Entry<GameHost, TicTacToe> {
    coproc::test_entry("processes::game_worker", GameWorker)
}

#[test]
fn game_worker() {
    let _ = game();
}

#[test]
fn a_game_runs_in_a_process() {
    let mut here = TicTacToe(['?'; 9], vec![1]);
    let there = game().start(here.clone()).unwrap();
    same!(here, there =>
        board(), start("höst", 1), start("", 1), r#move('x', (1, 2)), r#move('o', (2, 2)), next(), put(9), put(0), board(),
    );
}
