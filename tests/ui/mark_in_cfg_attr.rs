#[coproc::worker]
pub trait Index {
    #[cfg_attr(unix, norequest)]
    fn clear(&mut self);
    #[local]
    #[cfg_attr(unix, inline, channel(1))]
    fn first(&mut self) {}
}

fn main() {}
