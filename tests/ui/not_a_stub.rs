use std::process::Command;

fn main() -> Result<(), coproc::Error> {
    let words: String = coproc::spawn(Command::new("indexer")).start(())?;
    drop(words);
    Ok(())
}
