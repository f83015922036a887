#[coproc::worker]
pub trait Index {
    fn search(&self, query: &'static str);
    fn all(&self, queries: &[&'static str]);
    fn maybe(&self, query: Option<&'static [u8]>);
    fn number(&self, number: &'static u32);
    fn changed(&self, number: &'static mut u32);
}

fn main() {}
