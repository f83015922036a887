#[coproc::worker(hots = Stub)]
pub trait Index {
    #[norequest]
    #[priority("soon")]
    fn clear(self) -> usize;
    async fn search<T>(&self, queries: &mut Vec<&str>, visit: fn()) -> &mut String;
    /// Nothing is wrong here.
    fn add(&mut self, text: &str) -> usize;
}

fn main() {}
