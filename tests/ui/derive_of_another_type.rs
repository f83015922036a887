#[derive(serde::Serialize, serde::Deserialize)]
pub struct Document;

#[coproc::worker(derive(Debug))]
pub trait Index {
    fn add(&mut self, document: Document);
}

fn main() {}
