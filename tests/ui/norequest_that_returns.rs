#[coproc::worker]
pub trait Index {
    #[norequest]
    fn clear(&mut self) -> usize;
}

fn main() {}
