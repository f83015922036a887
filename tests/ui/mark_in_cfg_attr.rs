#[coproc::worker]
pub trait Index {
    #[cfg_attr(unix, norequest)]
    fn clear(&mut self);
}

fn main() {}
