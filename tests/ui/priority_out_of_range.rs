#[coproc::worker]
pub trait Index {
    #[priority(2147483648)]
    fn above(&self);
    #[priority(-2147483649)]
    fn below(&self);
    #[priority(-2147483648)]
    fn lowest(&self);
}

fn main() {}
