//! Arrays that are longer than serde's, in arguments and results, and inside others.

use crate::{remote, same};

const KEY: usize = 64;

type Block = [u8; 4096];

#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq, Default)]
struct Cell(u16, Option<String>);

/// A cipher.
#[coproc::worker]
trait Cipher {
    fn set_key(&mut self, key: [u8; KEY]) -> [u8; KEY];
    fn encrypt(&self, block: &[u8; 128]) -> [u8; 128];
    fn encrypt_in_place(&mut self, block: &mut [u8; 33]) -> bool;
    fn maybe(&self, key: Option<&[u8; 33]>, other: Option<[u16; 33]>) -> Option<[u16; 33]>;
    fn fails(&self, with: [bool; 50]) -> Result<[i32; 50], char>;
    fn blocks(&self, blocks: &[[u8; 64]], owned: Vec<[u64; 40]>, nested: [[u8; 40]; 40]) -> Vec<[u8; 64]>;
    fn cells(&self, cells: [Cell; 36], names: &[String; 40], pair: ([u8; 36], [u32; 32])) -> [Cell; 36];
    fn aliased(&self, block: Block, lent: &Block) -> Box<Block>;
    fn nothing(&self, none: [u8; 0], one: [String; 1], edge: ([u8; 32], [u8; 33])) -> [u8; 0];
    fn texts(&self, texts: [&str; 33], bytes: &[&[u8]; 34]) -> usize;
    #[norequest]
    fn forget(&mut self, key: &[u8; KEY]);
}

struct Xor([u8; KEY]);

impl Cipher for Xor {
    fn set_key(&mut self, key: [u8; KEY]) -> [u8; KEY] {
        std::mem::replace(&mut self.0, key)
    }
    fn encrypt(&self, block: &[u8; 128]) -> [u8; 128] {
        std::array::from_fn(|index| block[index] ^ self.0[index % KEY])
    }
    fn encrypt_in_place(&mut self, block: &mut [u8; 33]) -> bool {
        block.iter_mut().zip(self.0).for_each(|(byte, key)| *byte ^= key);
        block[32] == 0
    }
    fn maybe(&self, key: Option<&[u8; 33]>, other: Option<[u16; 33]>) -> Option<[u16; 33]> {
        other.or(key.map(|key| key.map(u16::from)))
    }
    fn fails(&self, with: [bool; 50]) -> Result<[i32; 50], char> {
        if with[49] { Err('ä') } else { Ok(with.map(i32::from)) }
    }
    fn blocks(&self, blocks: &[[u8; 64]], owned: Vec<[u64; 40]>, nested: [[u8; 40]; 40]) -> Vec<[u8; 64]> {
        let number = owned.iter().flatten().sum::<u64>() as u8 + nested[39][39];
        blocks.iter().map(|block| block.map(|byte| byte ^ number)).collect()
    }
    fn cells(&self, mut cells: [Cell; 36], names: &[String; 40], pair: ([u8; 36], [u32; 32])) -> [Cell; 36] {
        for (cell, name) in cells.iter_mut().zip(names) {
            *cell = Cell(cell.0 + u16::from(pair.0[35]) + pair.1[31] as u16, Some(name.clone()));
        }
        cells
    }
    fn aliased(&self, block: Block, lent: &Block) -> Box<Block> {
        Box::new(std::array::from_fn(|index| block[index] ^ lent[index]))
    }
    fn nothing(&self, none: [u8; 0], _: [String; 1], _: ([u8; 32], [u8; 33])) -> [u8; 0] {
        none
    }
    fn texts(&self, texts: [&str; 33], bytes: &[&[u8]; 34]) -> usize {
        texts.concat().len() + bytes.concat().len()
    }
    fn forget(&mut self, key: &[u8; KEY]) {
        self.0 = *key;
    }
}

#[test]
fn long_arrays_cross() {
    let key = |start: u8| std::array::from_fn(|index| index as u8 ^ start);
    let (mut here, there) = (Xor([0; KEY]), remote(CipherWorker(Xor([0; KEY]))));
    let names = std::array::from_fn(|index| index.to_string());
    let mut fails = [false; 50];
    same!(here, there => set_key(key(7)), set_key(key(9)), encrypt(&[1; 128]), fails(fails));
    fails[49] = true;
    same!(here, there =>
        maybe(Some(&[1; 33]), None), maybe(None, None), maybe(None, Some([u16::MAX; 33])), fails(fails),
        blocks(&[[1; 64], [2; 64]], vec![[1; 40]], [[3; 40]; 40]), blocks(&[], vec![], [[0; 40]; 40]),
        cells(std::array::from_fn(|index| Cell(index as u16, None)), &names, ([1; 36], [2; 32])),
        aliased([1; 4096], &[3; 4096]), nothing([], [String::new()], ([1; 32], [2; 33])),
        texts(["text"; 33], &[b"bytes"; 34]),
    );
    let (mut far, mut near) = ([5; 33], [5; 33]);
    assert_eq!(there.encrypt_in_place(&mut far).unwrap(), here.encrypt_in_place(&mut near));
    assert_eq!(far, near);
    there.forget(&[1; KEY]).unwrap();
    here.forget(&[1; KEY]);
    same!(here, there => set_key(key(0)));
}

/// Arrays whose length is a parameter, and ones of lengths that have to be worked out.
#[coproc::worker]
trait Tensor<T: Copy, const ROWS: usize, const COLUMNS: usize> {
    fn row(&self, index: usize) -> [T; COLUMNS];
    fn set(&mut self, rows: &[[T; COLUMNS]; ROWS]) -> [[T; COLUMNS]; ROWS];
    fn push(&mut self, rows: &[[T; COLUMNS]]) -> Vec<[T; COLUMNS]>;
    fn diagonal(&self, rows: [T; ROWS]) -> Option<[T; ROWS]>;
    fn fixed(&self, flags: [bool; 8 * KEY + 1]) -> [u8; KEY + KEY];
}

struct Matrix([[f32; 50]; 3]);

impl Tensor<f32, 3, 50> for Matrix {
    fn row(&self, index: usize) -> [f32; 50] {
        self.0[index]
    }
    fn set(&mut self, rows: &[[f32; 50]; 3]) -> [[f32; 50]; 3] {
        std::mem::replace(&mut self.0, *rows)
    }
    fn push(&mut self, rows: &[[f32; 50]]) -> Vec<[f32; 50]> {
        self.0.iter().chain(rows).rev().copied().collect()
    }
    fn diagonal(&self, rows: [f32; 3]) -> Option<[f32; 3]> {
        (rows[0] > 0.0).then(|| std::array::from_fn(|index| self.0[index][index] * rows[index]))
    }
    fn fixed(&self, flags: [bool; 8 * KEY + 1]) -> [u8; KEY + KEY] {
        std::array::from_fn(|index| flags[index].into())
    }
}

#[test]
fn lengths_may_be_parameters() {
    let (mut here, there) = (Matrix([[0.5; 50]; 3]), remote(TensorWorker(Matrix([[0.5; 50]; 3]))));
    same!(here, there => row(2), set(&[[1.5; 50]; 3]), row(0), push(&[[1.0; 50], [2.0; 50]]), push(&[]), diagonal([2.0; 3]), diagonal([0.0; 3]), fixed([true; 8 * KEY + 1]));
}
