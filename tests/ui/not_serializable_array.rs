pub struct Document;

#[coproc::worker]
pub trait Index {
    fn add(&mut self, documents: [Document; 64]);
}

fn main() {}
