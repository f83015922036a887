//! Traits with type parameters and constants: bounds, where clauses, defaults.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::{AddAssign, RangeInclusive};

use serde::{Deserialize, Serialize};

use crate::{remote, same};

/// A storage engine: keys and values of any type, nodes of any size.
#[coproc::worker]
trait Store<K: Ord + Clone, V, const N: usize>
where
    V: Clone,
    K: Debug,
{
    type Error;

    fn get(&self, key: &K) -> Option<&V>;
    fn insert(&mut self, key: K, value: V) -> Result<Option<V>, Self::Error>;
    fn insert_node(&mut self, node: [(K, V); N]) -> usize;
    fn range(&self, keys: RangeInclusive<K>) -> Vec<(&K, &V)>;
    fn node(&self, from: Option<&K>) -> [Option<V>; N];
    fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }
    fn first_or(&self, value: V) -> V
    where
        V: PartialEq,
    {
        self.node(None).into_iter().flatten().find(|found| *found != value).unwrap_or(value)
    }
    #[norequest]
    fn remove(&mut self, key: &K);
}

/// Neither `Clone` is asked of the error, nor `Debug` of the value.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Full;

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
struct Row {
    cells: Vec<u8>,
}

struct Tree<K, V>(BTreeMap<K, V>);

impl<K: Ord + Clone + Debug, V: Clone, const N: usize> Store<K, V, N> for Tree<K, V> {
    type Error = Full;

    fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key)
    }
    fn insert(&mut self, key: K, value: V) -> Result<Option<V>, Full> {
        if self.0.len() >= N && !self.0.contains_key(&key) {
            return Err(Full);
        }
        Ok(self.0.insert(key, value))
    }
    fn insert_node(&mut self, node: [(K, V); N]) -> usize {
        self.0.extend(node);
        self.0.len()
    }
    fn range(&self, keys: RangeInclusive<K>) -> Vec<(&K, &V)> {
        self.0.range(keys).collect()
    }
    fn node(&self, from: Option<&K>) -> [Option<V>; N] {
        let mut values = self.0.iter().filter(|(key, _)| from.is_none_or(|from| *key >= from));
        [(); N].map(|()| values.next().map(|(_, value)| value.clone()))
    }
    fn remove(&mut self, key: &K) {
        self.0.remove(key);
    }
}

fn row(byte: u8) -> Row {
    Row { cells: vec![byte; 3] }
}

fn rows_are_kept(there: &StoreHost<String, Row, 3, Full>) {
    let mut tree: Tree<String, Row> = Tree(BTreeMap::new());
    let here: &mut dyn Store<String, Row, 3, Error = Full> = &mut tree;
    let key = |text: &str| text.to_owned();
    same!(here, there =>
        insert(key("b"), row(1)),
        insert(key("b"), row(2)),
        insert_node([(key("a"), row(3)), (key("c"), row(4)), (key("d"), row(5))]),
        insert(key("e"), row(6)),
        contains(&key("a")),
        contains(&key("z")),
        node(None),
        node(Some(&key("c"))),
        first_or(row(3)),
    );
    assert_eq!(there.get(&key("c")).unwrap().as_ref(), here.get(&key("c")));
    let range = there.range(key("b")..=key("c")).unwrap();
    assert_eq!(
        range.iter().map(|(key, row)| (key, row)).collect::<Vec<_>>(),
        here.range(key("b")..=key("c"))
    );
    there.remove(&key("a")).unwrap();
    here.remove(&key("a"));
    same!(here, there => node(None), contains(&key("a")));
}

#[test]
fn a_store_of_any_type() {
    rows_are_kept(&remote(StoreWorker::<_, String, Row, 3>(Tree(BTreeMap::new()))));
    let numbers = remote(StoreWorker::<_, u8, (), 40>(Tree(BTreeMap::from([(1, ())]))));
    assert_eq!(numbers.node(None).unwrap().iter().flatten().count(), 1);
    assert_eq!(numbers.insert_node(std::array::from_fn(|number| (number as u8, ()))).unwrap(), 40);
}

fn store() -> coproc::Entry<StoreHost<String, Row, 3, Full>, ()> {
    coproc::test_entry("generics::store_worker", |()| StoreWorker(Tree(BTreeMap::new())))
}

#[test]
fn store_worker() {
    let _ = store();
}

#[test]
fn a_generic_store_in_a_process() {
    rows_are_kept(&store().start(()).unwrap());
}

/// Defaults are taken where nothing else is said.
#[coproc::worker]
trait Matrix<T = f64, const ROWS: usize = 2, const COLUMNS: usize = 3>
where
    T: AddAssign + Copy,
{
    fn rows(&self) -> [[T; COLUMNS]; ROWS];
    fn diagonal(&self) -> [T; ROWS];
    fn row(&self, number: usize) -> Option<&[T; COLUMNS]>;
    fn add(&mut self, row: usize, other: &[T; COLUMNS]) -> &[T];
    fn add_all(&mut self, others: &[[T; COLUMNS]; ROWS], sum: &mut [[T; COLUMNS]; ROWS]);
    fn fill(&mut self, with: T, corners: Option<[(usize, usize); 4]>) -> T;
    fn size(&self) -> (usize, usize) {
        (ROWS, COLUMNS)
    }
}

struct Dense<T, const ROWS: usize, const COLUMNS: usize>([[T; COLUMNS]; ROWS]);

impl<T: AddAssign + Copy, const ROWS: usize, const COLUMNS: usize> Matrix<T, ROWS, COLUMNS>
    for Dense<T, ROWS, COLUMNS>
{
    fn rows(&self) -> [[T; COLUMNS]; ROWS] {
        self.0
    }
    fn diagonal(&self) -> [T; ROWS] {
        std::array::from_fn(|at| self.0[at][at])
    }
    fn row(&self, number: usize) -> Option<&[T; COLUMNS]> {
        self.0.get(number)
    }
    fn add(&mut self, row: usize, other: &[T; COLUMNS]) -> &[T] {
        self.0[row].iter_mut().zip(other).for_each(|(cell, other)| *cell += *other);
        self.0.as_flattened()
    }
    fn add_all(&mut self, others: &[[T; COLUMNS]; ROWS], sum: &mut [[T; COLUMNS]; ROWS]) {
        for (row, other) in others.iter().enumerate() {
            self.add(row, other);
        }
        *sum = self.0;
    }
    fn fill(&mut self, with: T, corners: Option<[(usize, usize); 4]>) -> T {
        for (row, column) in corners.into_iter().flatten() {
            self.0[row][column] = with;
        }
        self.0[0][0]
    }
}

#[test]
fn a_matrix_of_any_size() {
    let (mut here, there) = (Dense([[0.5; 3]; 2]), remote(MatrixWorker(Dense([[0.5; 3]; 2]))));
    // All of them have defaults.
    let there: MatrixHost = there;
    same!(here, there =>
        add(0, &[1.0, 2.0, -0.25]),
        fill(9.0, Some([(0, 0), (0, 2), (1, 0), (1, 2)])),
        fill(1.0, None),
        diagonal(),
        rows(),
        size(),
    );
    assert_eq!(there.row(1).unwrap().as_ref(), here.row(1));
    assert_eq!(there.row(2).unwrap().as_ref(), here.row(2));

    let (mut here, there) = (Dense([[1_u8; 64]; 33]), remote(MatrixWorker(Dense([[1_u8; 64]; 33]))));
    same!(here, there => add(32, &[2; 64]), diagonal(), rows(), size());
    let (mut sum_here, mut sum_there) = ([[0; 64]; 33], [[0; 64]; 33]);
    there.add_all(&[[3; 64]; 33], &mut sum_there).unwrap();
    here.add_all(&[[3; 64]; 33], &mut sum_here);
    assert_eq!(sum_there, sum_here);
}
