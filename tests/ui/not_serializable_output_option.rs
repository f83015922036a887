pub struct Document;

#[coproc::worker]
pub trait Index {
    fn first(&self) -> Option<&Document>;
}

fn main() {}
