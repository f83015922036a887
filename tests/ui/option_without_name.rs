#[coproc::worker(host, reply = some::path, worker = "Name")]
pub trait Index {
    fn search(&self);
}

fn main() {}
