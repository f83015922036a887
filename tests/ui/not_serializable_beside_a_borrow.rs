pub struct Document;

#[coproc::worker]
pub trait Index {
    fn add(&mut self, both: (&str, Document));
}

fn main() {}
