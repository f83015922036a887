#[coproc::worker]
pub trait Index {
    type Word<'t>
    where
        Self: 't;
    type List<T>;
    fn first(&self) -> Self::Word<'_>;
    fn all(&self) -> Option<<Self as Index>::List<u32>>;
    fn add(&mut self, word: Self::Word<'_>);
}

fn main() {}
