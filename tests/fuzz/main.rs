//! The fuzz target `codec` over its seeds, and over bytes that are made up.

mod service;

use proptest::collection::vec;
use proptest::prelude::*;

/// What a line of a file of seeds stands for: two digits a byte; `#` begins a comment.
fn seed(line: &str) -> Vec<u8> {
    // It is shown if the target fails.
    println!("{line}");
    let digits = line.split('#').next().unwrap().trim();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn the_codec_over_its_seeds() {
    include_str!("seeds.txt").lines().for_each(|line| service::codec(&seed(line)));
}

proptest! {
    /// Small numbers are lengths and variants: these get further.
    #[test]
    fn the_codec_over_any_bytes(bytes in vec(any::<u8>(), 0..400), small in vec(0_u8..21, 0..400)) {
        service::codec(&bytes);
        service::codec(&small);
    }
}
