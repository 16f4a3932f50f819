//! A crate that must compile, whatever its document calls things.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::read;
use crate::workspace;

/// Its names mean something in Rust, in the generated code, or in what that stands on.
const DOCUMENT: &str = "xtask/tests/awkward.json";

/// Generates a crate from that document, and compiles it, with the versions that the workspace has locked
/// and with what is built of them already.
pub(crate) fn compile() -> Result<()> {
    let root = workspace::root();
    let out = root.join("target/awkward");
    let mut package = read(&root.join(DOCUMENT))?;
    package.set_apart();
    package.write(&out)?;
    fs::copy(root.join("Cargo.lock"), out.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
    let status = workspace::cargo()
        .args(["check", "--offline", "--target-dir", "target", "--manifest-path"])
        .arg(out.join("Cargo.toml"))
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "the crate that {DOCUMENT} gives does not compile: {status}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::normalize::normalize;

    #[test]
    fn no_name_is_lost() {
        let text = fs::read(workspace::root().join(DOCUMENT)).unwrap();
        let (_, report) = normalize(&text).unwrap();
        let report = report.to_string();
        assert!(!report.contains("dropped"), "{report}");
    }
}
