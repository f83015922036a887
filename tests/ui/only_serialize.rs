#[derive(serde::Serialize)]
pub struct Document;

#[coproc::worker]
pub trait Index {
    fn add(&mut self, document: &Document);
}

fn main() {}
