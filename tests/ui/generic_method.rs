#[coproc::worker]
pub trait Index {
    fn search<T: ToString>(&self, query: T);
    fn lifetime<'t>(&self, query: &'t str);
    fn size<const N: usize>(&self, query: [u8; N]);
    fn condition(&self)
    where
        Self: Clone;
}

fn main() {}
