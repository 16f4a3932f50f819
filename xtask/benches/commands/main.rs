//! How long the commands take that a maintainer waits for, process and all.
//!
//! `cargo bench -p xtask`. Normalizing a megabyte should take less than a second, and generating the
//! code of our own document less than two.

mod large_document;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use divan::Bencher;
use divan::counter::BytesCount;
use tempfile::TempDir;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 20)]
fn normalize_a_megabyte(bencher: Bencher<'_, '_>) {
    let (folder, input, size) = large_document();
    let output = folder.path().join("normalized.json");
    bencher.counter(BytesCount::new(size)).bench_local(|| {
        run(Command::new(XTASK).args(["spec", "normalize"]).arg(&input).arg("-o").arg(&output));
    });
}

#[divan::bench(sample_count = 5)]
fn generate_a_crate_from_a_megabyte(bencher: Bencher<'_, '_>) {
    let (folder, input, size) = large_document();
    let output = folder.path().join("crate");
    bencher.counter(BytesCount::new(size)).bench_local(|| {
        run(Command::new(XTASK).arg("codegen").arg("--spec").arg(&input).arg("--out").arg(&output));
    });
}

#[divan::bench(sample_count = 20)]
fn generate_our_own_code(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| run(Command::new(XTASK).args(["codegen", "--check"])));
}

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

fn large_document() -> (TempDir, PathBuf, usize) {
    let folder = TempDir::new().expect("a folder for temporary files");
    let path = folder.path().join("large.json");
    let text = large_document::large_document().to_string();
    std::fs::write(&path, &text).expect("the document is written");
    (folder, path, text.len())
}

fn run(command: &mut Command) {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    command.current_dir(xtask).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().expect("xtask starts");
    assert!(status.success(), "{command:?} succeeds");
}
