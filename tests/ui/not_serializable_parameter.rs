pub struct Document;

#[coproc::worker]
pub trait Store<T> {
    fn add(&mut self, item: T);
    fn first(&self) -> Option<&T>;
}

pub fn add(store: &StoreHost<Document>) {
    let _ = store.add(Document);
}

fn main() {}
