#[coproc::worker]
pub trait Index {
    #[norequest(now)]
    fn clear(&mut self);
}

fn main() {}
