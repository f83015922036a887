pub struct Words;

fn main() {
    coproc::serve(|()| Words);
}
