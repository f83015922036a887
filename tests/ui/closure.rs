#[coproc::worker]
pub trait Index {
    fn each(&self, visit: impl Fn(&str));
    fn boxed(&self, visit: Box<dyn FnMut(u32) -> u32>);
    fn borrowed(&self, visit: &dyn Fn());
    fn back(&self) -> impl FnOnce();
}

fn main() {}
