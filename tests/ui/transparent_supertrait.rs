pub trait Named {
    fn name(&self) -> String;
}

#[coproc::worker(transparent, on_failure = panic)]
pub trait Index: Named {
    fn count(&self) -> usize;
}

fn main() {}
