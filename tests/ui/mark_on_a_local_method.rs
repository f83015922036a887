#[coproc::worker(transparent, on_failure = panic)]
pub trait Index {
    #[local]
    #[norequest]
    fn clear(&mut self) {}
    #[priority(1)]
    #[local]
    fn first(&self) {}
    #[local]
    #[channel("bulk")]
    fn second(&self) {}
    #[local]
    #[remote]
    fn third(&self) {}
    #[local]
    #[on_failure(default)]
    fn fourth(&self) -> usize {
        4
    }
}

fn main() {}
