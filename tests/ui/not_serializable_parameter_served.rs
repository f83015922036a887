pub struct Document;

#[coproc::worker]
pub trait Store<T> {
    fn add(&mut self, item: T);
}

pub struct Shelf;

impl Store<Document> for Shelf {
    fn add(&mut self, _: Document) {}
}

pub fn serve() {
    coproc::serve(|()| StoreWorker(Shelf));
}

fn main() {}
