#[coproc::worker(hots = Stub)]
pub trait Index {
    type Error;
    #[norequest]
    #[priority("soon")]
    fn clear(self) -> usize;
    async fn search<T>(&self, queries: &mut Vec<T>, visit: fn()) -> &str;
    /// Nothing is wrong here.
    fn add(&mut self, text: &str) -> usize;
}

fn main() {}
