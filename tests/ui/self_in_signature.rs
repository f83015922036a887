#[coproc::worker]
pub trait Index {
    fn merge(&mut self, other: Vec<Self>)
    where
        Self: Sized;
    fn like(&self, other: &Self);
    fn copy(&self) -> Option<Self>
    where
        Self: Sized;
    fn new() -> Self;
}

fn main() {}
