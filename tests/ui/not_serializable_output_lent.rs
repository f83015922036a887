pub struct Document;

#[coproc::worker]
pub trait Index {
    fn first(&self) -> &Document;
}

fn main() {}
