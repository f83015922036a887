pub struct Document;

#[coproc::worker]
pub trait Index {
    fn add(&mut self, documents: Vec<Document>);
}

fn main() {}
