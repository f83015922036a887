#[coproc::worker]
pub trait Index {
    #[channel]
    fn no_value(&self);
    #[channel(true)]
    fn truth(&self);
    #[channel(9223372036854775808)]
    fn above(&self);
}

fn main() {}
