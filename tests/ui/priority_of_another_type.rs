const URGENT: &str = "urgent";

#[coproc::worker]
pub trait Index {
    #[priority(URGENT)]
    fn search(&self);
}

fn main() {}
