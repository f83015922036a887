#[coproc::worker(host, reply = some::path, worker = "Name", start = crate)]
pub trait Index {
    fn search(&self);
}

fn main() {}
