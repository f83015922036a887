#[coproc::worker]
pub trait Index {
    fn each(&self, visit: impl Fn(&str));
    fn boxed(&self, visit: Box<dyn FnMut(u32) -> u32>);
    fn borrowed(&self, visit: &dyn Fn());
    fn changed(&self, visit: &mut dyn FnMut(&str));
    fn maybe(&self, visit: Option<&dyn Fn(u32)>);
    fn for_ever(&self, visit: &'static dyn Fn());
    fn back(&self) -> impl FnOnce();
}

fn main() {}
