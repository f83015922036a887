#[coproc::worker]
pub trait Index {
    fn all(&self, documents: Vec<&mut Vec<u8>>);
    fn pair(&self, both: (&mut str, u32));
    fn each(&self, documents: &[&mut String]);
    fn twice(&self, document: &mut &mut String);
    fn behind(&self, document: &&mut String);
}

fn main() {}
