//! The fuzz targets over their seeds, and over bytes that are made up.

use proptest::collection::vec;
use proptest::prelude::*;

/// What a line of a file of seeds stands for: two digits a byte; `#` begins a comment.
fn seed(line: &str) -> Vec<u8> {
    // It is shown if the target fails.
    println!("{line}");
    let digits = line.split('#').next().unwrap().trim();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

macro_rules! targets {
    ($($target:ident)*) => {$(
        mod $target {
            use super::*;

            #[test]
            fn over_its_seeds() {
                let seeds = include_str!(concat!("seeds/", stringify!($target), ".txt"));
                seeds.lines().for_each(|line| super::super::$target(&seed(line)));
            }

            proptest! {
                #[test]
                fn over_any_bytes(bytes in vec(any::<u8>(), 0..500)) {
                    super::super::$target(&bytes);
                }
            }
        }
    )*};
}

targets! { frame inbox handshake peer pair }
