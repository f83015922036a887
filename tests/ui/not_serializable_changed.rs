pub struct Document;

#[coproc::worker]
pub trait Index {
    fn add(&mut self, document: &mut Document);
}

fn main() {}
