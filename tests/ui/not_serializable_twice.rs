pub struct Document;

#[coproc::worker]
pub trait Index {
    fn add(&mut self, document: Document) -> Result<u32, Document>;
    fn again(&mut self, documents: &[Document]);
}

fn main() {}
