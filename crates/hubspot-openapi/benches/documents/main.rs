//! How long normalizing and generating take.
//!
//! `cargo bench -p hubspot-openapi`. Normalizing a megabyte should take less than a second, and generating the code
//! of our own document less than two.

mod large_document;

use std::path::{Path, PathBuf};

use divan::Bencher;
use divan::counter::BytesCount;
use hubspot_openapi::Document;
use hubspot_openapi::generate::{Package, Runtime, generate};
use hubspot_openapi::normalize::normalize;
use tempfile::TempDir;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 20)]
fn normalize_a_megabyte(bencher: Bencher<'_, '_>) {
    let text = large_document::large_document().to_string();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| normalize(text.as_bytes()).expect("it can be normalized"));
}

#[divan::bench(sample_count = 5)]
fn generate_a_crate_from_a_megabyte(bencher: Bencher<'_, '_>) {
    let folder = TempDir::new().expect("a folder for temporary files");
    let (spec, out) = (folder.path().join("large.json"), folder.path().join("crate"));
    let text = large_document::large_document().to_string();
    std::fs::write(&spec, &text).expect("the document is written");
    let api = workspace().join("crates/hubspot-conversations-api");
    let runtime = Runtime::read(&workspace(), &api).expect("the api crate is read");
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        Package::write_new(&spec, &out, &runtime, &mut |_| {}).expect("the crate is written");
    });
}

#[divan::bench(sample_count = 20)]
fn generate_our_own_code(bencher: Bencher<'_, '_>) {
    let path = workspace().join("openapi/conversations.json");
    bencher.bench_local(|| {
        let document = Document::read(&path).expect("the document is read");
        let generated = generate(&document, "conversations.json").expect("it is generated");
        generated.requests().expect("the request layer is generated")
    });
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
