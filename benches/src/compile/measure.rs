//! What is measured: each figure of the three crates in turn.

use std::error::Error;

use coproc_benches::cargo::{self, Run, User};

use crate::figures::Figure;

/// The builds of a user's crate alone, and the figure that each makes.
const BUILDS: [(&str, &[&str]); 3] = [
    ("compile.check", &["check"]),
    ("compile.build", &["build"]),
    ("compile.release", &["build", "--release"]),
];

/// All figures.
pub(crate) fn all(users: &[User; 3], repeats: usize) -> Result<Vec<Figure>, Box<dyn Error>> {
    let clean = in_turn(users, from_clean)?;
    let mut figures = builds(users, repeats)?;
    figures.extend(llvm_lines(users)?);
    figures.push(Figure::new("compile.clean", "s", clean.each_ref().map(|run| run.time.as_secs_f64())));
    figures.push(Figure::new("compile.crates", "crates", clean.map(|run| run.crates as f64)));
    Ok(figures)
}

/// Builds everything in every profile once; what the first build of all took.
fn from_clean(user: &User) -> Result<Run, Box<dyn Error>> {
    eprintln!("{}: all that it depends on", user.name);
    cargo::prepare(user)?;
    let clean = cargo::build(user, &["build"])?;
    cargo::check_that_it_runs(user, &format!("debug/catalogue-{}", user.name))?;
    for (_, arguments) in BUILDS {
        cargo::build(user, arguments)?;
    }
    Ok(clean)
}

fn builds(users: &[User; 3], repeats: usize) -> Result<Vec<Figure>, Box<dyn Error>> {
    let mut times = BUILDS.map(|_| [const { Vec::new() }; 3]);
    for repeat in 1..=repeats {
        eprintln!("each crate alone: {repeat} of {repeats}");
        for ((_, arguments), times) in BUILDS.iter().zip(&mut times) {
            for (user, times) in users.iter().zip(times) {
                times.push(cargo::rebuild(user, arguments)?.as_secs_f64());
            }
        }
    }
    let figures = BUILDS.iter().zip(times);
    Ok(figures.map(|((name, _), times)| Figure::new(name, "s", times.map(median))).collect())
}

fn llvm_lines(users: &[User; 3]) -> Result<Vec<Figure>, Box<dyn Error>> {
    if !cargo::has_llvm_lines() {
        eprintln!("no LLVM lines: `cargo install cargo-llvm-lines` installs what counts them");
        return Ok(Vec::new());
    }
    let counts = in_turn(users, cargo::llvm_lines)?;
    Ok(vec![
        Figure::new("compile.llvm_lines", "lines", counts.map(|(lines, _)| lines)),
        Figure::new("compile.llvm_copies", "copies", counts.map(|(_, copies)| copies)),
    ])
}

fn in_turn<T>(
    [coproc, tarpc, baseline]: &[User; 3],
    measure: impl Fn(&User) -> Result<T, Box<dyn Error>>,
) -> Result<[T; 3], Box<dyn Error>> {
    Ok([measure(coproc)?, measure(tarpc)?, measure(baseline)?])
}

/// The middle one; of an even number, the upper of the two.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
