pub struct Document;

#[coproc::worker]
pub trait Index {
    fn add(&mut self, document: Option<&Document>);
}

fn main() {}
