#[coproc::worker]
pub trait Index<'t, T, const N: usize> {
    fn search(&self, query: [T; N]) -> T;
}

fn main() {}
