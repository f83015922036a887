#[coproc::worker]
pub trait Index {
    #[norequest]
    #[norequest]
    fn clear(&mut self);
    #[priority(1)]
    #[priority(2)]
    fn search(&self);
}

fn main() {}
