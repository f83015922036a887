pub struct Document;

#[coproc::worker]
pub trait Index {
    fn add(&mut self, both: (u32, Document));
}

fn main() {}
