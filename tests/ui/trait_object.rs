use std::{error::Error, fmt::Display, sync::Arc};

#[coproc::worker]
pub trait Index {
    fn lent(&mut self, word: &dyn ToString);
    fn changed(&mut self, to: &mut dyn std::io::Write);
    fn boxed(&mut self, word: Box<dyn Display>);
    fn all(&mut self, words: Vec<Arc<dyn Display + Send>>);
    fn some(&mut self, word: impl Into<String>);
    fn failure(&self) -> Result<(), Box<dyn Error>>;
    fn source(&self) -> Option<&(dyn Error + 'static)>;
    fn word(&self) -> impl ToString;
}

fn main() {}
