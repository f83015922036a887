const BULK: f64 = 1.0;

#[coproc::worker]
pub trait Index {
    #[channel(BULK)]
    fn search(&self);
}

fn main() {}
