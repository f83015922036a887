#[coproc::worker(transparent, on_failure = panic)]
pub trait Index {
    #[local]
    fn each(&self, visit: &dyn Fn(&str));
    fn search(&self);
}

fn main() {}
