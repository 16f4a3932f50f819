//! `cargo xtask codegen`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use hubspot_openapi::Document;
use hubspot_openapi::generate::{self, Files, Package, RequestLayer, Runtime, folder};

use crate::workspace;

/// Makes the generated folders what the document gives.
pub(crate) fn write() -> Result<()> {
    for (path, files) in generated()? {
        folder::write(&workspace::root().join(path), &files)?;
    }
    Ok(())
}

/// Shows on stdout how the generated folders differ from what the document gives, and fails if they do.
pub(crate) fn check() -> Result<()> {
    let mut differences = Vec::new();
    for (path, files) in generated()? {
        differences.extend(folder::compare(workspace::root(), path, &files)?);
    }
    io::stdout().lock().write_all(differences.concat().as_bytes())?;
    ensure!(
        differences.is_empty(),
        "{} generated file(s) are not what {} gives: run `cargo xtask codegen`",
        differences.len(),
        workspace::DOCUMENT
    );
    Ok(())
}

/// The generated folders with their files.
fn generated() -> Result<[(&'static str, Files); 3]> {
    let document = Document::read(&workspace::document())?;
    let generated = generate::generate(&document, workspace::DOCUMENT)?;
    let RequestLayer { requests, every_request } = generated.requests()?;
    Ok([
        (workspace::GENERATED, generated.api().clone()),
        (workspace::REQUESTS, requests),
        (workspace::EVERY_REQUEST, every_request),
    ])
}

/// Writes a crate that is generated from the document in a file.
pub(crate) fn write_package(spec: &Path, out: &Path) -> Result<()> {
    Package::write_new(spec, out, &runtime()?, &mut |note| eprintln!("{note}"))
}

fn runtime() -> Result<Runtime> {
    Runtime::read(workspace::root(), &workspace::root().join(workspace::API))
}

/// A document whose names mean something in Rust, in the generated code, or in its runtime.
const AWKWARD: &str = "xtask/tests/awkward.json";

/// Generates a crate from that document, and compiles it, with the versions that the workspace has locked
/// and with what is built of them already.
pub(crate) fn compile_awkward() -> Result<()> {
    let root = workspace::root();
    let out = root.join("target/awkward");
    let mut package =
        Package::read(&root.join(AWKWARD), &runtime()?, &mut |note| eprintln!("{note}"))?;
    package.make_standalone();
    package.write(&out)?;
    fs::copy(root.join("Cargo.lock"), out.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
    let status = workspace::cargo()
        .args(["check", "--offline", "--features", "schemars", "--target-dir", "target"])
        .arg("--manifest-path")
        .arg(out.join("Cargo.toml"))
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "the crate that {AWKWARD} gives does not compile: {status}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use hubspot_openapi::normalize::normalize;

    use super::*;

    #[test]
    fn no_name_is_lost() {
        let text = fs::read(workspace::root().join(AWKWARD)).unwrap();
        let (_, report) = normalize(&text).unwrap();
        let report = report.to_string();
        assert!(!report.contains("dropped"), "{report}");
    }
}
