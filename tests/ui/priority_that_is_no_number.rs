#[coproc::worker]
pub trait Index {
    #[priority]
    fn no_value(&self);
    #[priority = 1]
    fn equals(&self);
    #[priority(1, 2)]
    fn two(&self);
    #[priority("high")]
    fn text(&self);
    #[priority(1.5)]
    fn fraction(&self);
}

fn main() {}
