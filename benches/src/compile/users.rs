//! The crates that use the service, written out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use coproc_benches::cargo::User;

use crate::service::{self, Source};

const RECORDS: &str = include_str!("records.rs.in");
const SERDE: &str = "serde = { version = \"1\", features = [\"derive\"] }\n";
const TARPC: &str = r#"futures = "0.3"
tarpc = { version = "=0.38.0", features = ["serde1", "serde-transport", "serde-transport-bincode", "tokio1"] }
tokio = { version = "1", features = ["io-std", "io-util", "macros", "process", "rt"] }
"#;

/// Writes the three that are compared: coproc's, tarpc's, and the same trait and calls with neither.
pub(crate) fn write() -> io::Result<[User; 3]> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let coproc = format!("coproc = {{ path = {repository:?} }}\n");
    Ok([
        user("coproc", &coproc, include_str!("coproc.rs.in"), &service::lending("?"))?,
        user("tarpc", TARPC, include_str!("tarpc.rs.in"), &service::tarpc())?,
        user("baseline", "", include_str!("baseline.rs.in"), &service::lending(""))?,
    ])
}

/// Where the crates are written.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/compile")
}

fn user(name: &'static str, dependencies: &str, main: &str, source: &Source) -> io::Result<User> {
    let folder = folder().join(name);
    fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"catalogue-{name}\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}{SERDE}"
    );
    let main = main
        .replace("{declarations}", &source.declarations)
        .replace("{definitions}", &source.definitions)
        .replace("{calls}", &source.calls);
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/records.rs"), RECORDS)?;
    fs::write(folder.join("src/main.rs"), main)?;
    Ok(User { name, folder })
}
