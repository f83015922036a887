#[coproc::worker]
pub trait Index {
    fn search(&'static self);
    fn add(self: &'static mut Self);
}

fn main() {}
