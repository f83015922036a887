//! What a small user crate takes to compile, and its worker to run, beside one of tarpc's that does the same.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use coproc_benches::cargo::{self, User};
use coproc_benches::figure::Figure;
use coproc_benches::stats::median;

use crate::contender::Outcome;
use crate::process::{only_child, resident};

/// How many times each is built from nothing.
const REPEATS: usize = 3;

const TARPC: &str = r#"futures = "0.3"
tarpc = { version = "=0.38.0", features = ["serde1", "serde-transport", "serde-transport-bincode", "tokio1"] }
tokio = { version = "1", features = ["io-std", "io-util", "macros", "process", "rt"] }
"#;

/// The time of a clean release build, how many crates are compiled in it, and what the worker has resident, in KiB.
pub(crate) fn measure() -> Outcome<[Figure; 3]> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let coproc = format!("coproc = {{ path = {repository:?} }}\n");
    let users = [
        user("coproc", &coproc, include_str!("coproc.rs.in"))?,
        user("tarpc", TARPC, include_str!("tarpc.rs.in"))?,
    ];
    let mut seconds = [const { Vec::new() }; 2];
    let mut crates = [0; 2];
    for repeat in 1..=REPEATS {
        for ((user, seconds), crates) in users.iter().zip(&mut seconds).zip(&mut crates) {
            eprintln!("hello of {}: build {repeat} of {REPEATS}", user.name);
            cargo::prepare(user)?;
            let run = cargo::build(user, &["build", "--release"])?;
            seconds.push(run.time.as_secs_f64());
            *crates = run.crates;
        }
    }
    let [coproc, tarpc] = seconds.map(|seconds| median(&seconds));
    let time = Figure::new("compile.hello", "s", coproc).beside("tarpc", tarpc);
    let crates = Figure::new("crates.hello", "crates", crates[0] as f64).beside("tarpc", crates[1] as f64);
    let [coproc, tarpc] = &users;
    let memory = Figure::new("rss.hello", "KiB", resident_worker(coproc)?);
    Ok([time, crates, memory.beside("tarpc", resident_worker(tarpc)?)])
}

/// What the worker has resident once it has answered, in KiB.
fn resident_worker(user: &User) -> Outcome<f64> {
    let program = user.folder.join(format!("target/release/hello-{}", user.name));
    let mut host = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut said = String::new();
    BufReader::new(host.stdout.take().ok_or("no stdout")?).read_line(&mut said)?;
    let resident = only_child(host.id()).and_then(resident);
    drop(host.stdin.take());
    match host.wait()?.success() && said == "Hello, world!\n" {
        true => Ok(resident? as f64),
        false => Err(format!("{} said {said:?}", user.name).into()),
    }
}

fn user(name: &'static str, dependencies: &str, main: &str) -> Outcome<User> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/hello").join(name);
    fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"hello-{name}\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), main)?;
    Ok(User { name, folder })
}
