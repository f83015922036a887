//! Cargo, run on a crate, with the settings that make its times comparable.

use std::error::Error;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant, SystemTime};

/// A crate that is built.
pub struct User {
    /// As `coproc`, `tarpc`.
    pub name: &'static str,
    /// Where it lies.
    pub folder: PathBuf,
}

/// What cargo did in a timed run.
pub struct Run {
    pub time: Duration,
    /// How many crates were compiled or checked.
    pub crates: usize,
}

/// Fetches the dependencies, so that no run after this one waits for a network, and forgets what was built.
pub fn prepare(user: &User) -> Result<(), Box<dyn Error>> {
    finish(&mut cargo(user, &["fetch"]))?;
    match fs::remove_dir_all(user.folder.join("target")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Runs a command of cargo's that builds.
pub fn build(user: &User, arguments: &[&str]) -> Result<Run, Box<dyn Error>> {
    let start = Instant::now();
    let output = finish(cargo(user, arguments).arg("--offline"))?;
    let time = start.elapsed();
    let messages = String::from_utf8_lossy(&output.stderr);
    let compiled =
        |line: &&str| ["Compiling ", "Checking "].iter().any(|word| line.trim_start().starts_with(word));
    Ok(Run { time, crates: messages.lines().filter(compiled).count() })
}

/// The same for the user's crate alone, as if it had just been edited.
pub fn rebuild(user: &User, arguments: &[&str]) -> Result<Duration, Box<dyn Error>> {
    File::options().append(true).open(user.folder.join("src/main.rs"))?.set_modified(SystemTime::now())?;
    match build(user, arguments)? {
        Run { time, crates: 1 } => Ok(time),
        Run { crates, .. } => Err(format!(
            "{crates} crates were built for {}, not its own alone; did another change?",
            user.name
        )
        .into()),
    }
}

/// Runs a program that was built, below `target`: what is timed has to work.
pub fn check_that_it_runs(user: &User, program: &str) -> Result<(), Box<dyn Error>> {
    let program = format!("target/{program}");
    finish(&mut Command::new(user.folder.join(program))).map(drop)
}

/// Whether the command that counts LLVM's lines is there.
pub fn has_llvm_lines() -> bool {
    let output = Command::new("cargo").args(["llvm-lines", "--version"]).output();
    output.is_ok_and(|output| output.status.success())
}

/// How many lines of LLVM's language rustc makes of the crate, and in how many functions.
pub fn llvm_lines(user: &User) -> Result<(f64, f64), Box<dyn Error>> {
    let output = finish(cargo(user, &["llvm-lines"]).arg("--offline"))?;
    let table = String::from_utf8_lossy(&output.stdout);
    let total =
        table.lines().find(|line| line.contains("(TOTAL)")).ok_or("cargo llvm-lines printed no total")?;
    let mut words = total.split_whitespace();
    let mut number = || words.next().unwrap_or_default().parse();
    Ok((number()?, number()?))
}

/// The compiler that is used.
pub fn version() -> Result<String, Box<dyn Error>> {
    let output = finish(Command::new("rustc").arg("--version"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

fn cargo(user: &User, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(&user.folder);
    command.env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", "target").env("CARGO_TERM_COLOR", "never");
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
        command.env_remove(variable);
    }
    command
}

/// What the command printed, if it succeeded; otherwise what it said as the error.
fn finish(command: &mut Command) -> Result<Output, Box<dyn Error>> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} failed ({}):\n{said}", output.status).into())
}
