#[coproc::worker(host = Stub, start = Stub)]
pub trait Index {
    fn search(&self);
}

#[coproc::worker(worker = Words)]
pub trait Words {
    fn count(&self);
}

#[coproc::worker(request = LinesReply)]
pub trait Lines {
    fn count(&self);
}

fn main() {}
