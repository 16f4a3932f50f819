//! What `codegen` and `codegen --check` promise.

use std::fs;

use anyhow::Result;
use tempfile::TempDir;

use super::{Files, folder};
use crate::document::Document;
use crate::own::{self, document};

/// The files as the committed document gives them, and a folder they have been written to.
fn written() -> (Files, TempDir) {
    let files = generate(&document()).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    folder::write(temporary.path(), &files).unwrap();
    (files, temporary)
}

fn generate(document: &Document) -> Result<Files> {
    Ok(super::generate(document, "openapi/conversations.json")?.api)
}

/// Asserts that one file differs, and that its diff shows these lines.
fn assert_shows(differences: &[String], file: &str, lines: &[&str]) {
    let [difference] = differences else {
        panic!("one file differs, not {}: {differences:#?}", differences.len());
    };
    let header = difference.lines().next().unwrap();
    assert!(header.contains(file), "the header names {file}: {header}");
    for line in lines {
        assert!(difference.lines().any(|shown| shown == *line), "{line:?} is shown:\n{difference}");
    }
}

#[test]
fn generating_twice_gives_the_same_files() {
    let document = document();
    assert_eq!(generate(&document).unwrap(), generate(&document).unwrap());
}

#[test]
fn what_was_written_passes_the_check() {
    let (files, temporary) = written();
    assert_eq!(folder::compare(temporary.path(), "", &files).unwrap(), [""; 0]);
}

#[test]
fn the_committed_folder_is_what_the_committed_document_gives() {
    let files = generate(&document()).unwrap();
    assert_eq!(folder::compare(&own::root(), own::GENERATED, &files).unwrap(), [""; 0]);
}

#[test]
fn differences_are_named_from_the_top_of_the_workspace() {
    let mut files = generate(&document()).unwrap();
    files.get_mut("ids.rs").unwrap().push_str("// More.\n");
    let differences = folder::compare(&own::root(), own::GENERATED, &files).unwrap();
    let header = "--- crates/hubspot-conversations-api/src/generated/ids.rs (as it is)";
    assert_shows(&differences, "ids.rs", &[header, "+// More."]);
}

#[test]
fn a_renamed_field_is_shown() {
    let (_, temporary) = written();
    let mut document = document();
    let fields = &mut document.0["components"]["schemas"]["VisitorToken"];
    fields["required"][0] = "ticket".into();
    let fields = fields["properties"].as_object_mut().unwrap();
    let token = fields.shift_remove("token").unwrap();
    fields.insert("ticket".to_owned(), token);

    let files = generate(&document).unwrap();
    let differences = folder::compare(temporary.path(), "", &files).unwrap();
    let lines = ["-    pub token: Option<String>,", "+    pub ticket: Option<String>,"];
    assert_shows(&differences, "types.rs", &lines);
}

#[test]
fn an_edited_line_is_shown() {
    let (files, temporary) = written();
    let path = temporary.path().join("enums.rs");
    let edited = files["enums.rs"].replacen("Closed = ", "Shut = ", 1);
    fs::write(path, edited).unwrap();

    let differences = folder::compare(temporary.path(), "", &files).unwrap();
    let lines = ["-        Shut = \"CLOSED\",", "+        Closed = \"CLOSED\","];
    assert_shows(&differences, "enums.rs", &lines);
}

#[test]
fn a_deleted_file_is_shown() {
    let (files, temporary) = written();
    fs::remove_file(temporary.path().join("mod.rs")).unwrap();

    let differences = folder::compare(temporary.path(), "", &files).unwrap();
    assert_shows(&differences, "mod.rs (missing)", &["+pub mod client;"]);
}

#[test]
fn an_extra_file_is_shown_and_removed_by_writing() {
    let (files, temporary) = written();
    for (name, text) in [("extra.rs", "// Extra.\n"), ("empty.rs", "")] {
        let extra = temporary.path().join(name);
        fs::write(&extra, text).unwrap();
        let differences = folder::compare(temporary.path(), "", &files).unwrap();
        let lines = if text.is_empty() { vec![] } else { vec!["-// Extra."] };
        assert_shows(&differences, name, &lines);

        folder::write(temporary.path(), &files).unwrap();
        assert!(!extra.exists(), "{name} is removed");
        assert_eq!(folder::compare(temporary.path(), "", &files).unwrap(), [""; 0]);
    }
}

#[test]
fn a_folder_that_is_not_there_is_written() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("src/generated");
    let files = generate(&document()).unwrap();
    assert_eq!(
        folder::compare(temporary.path(), "src/generated", &files).unwrap().len(),
        files.len()
    );
    folder::write(&folder, &files).unwrap();
    assert_eq!(folder::compare(temporary.path(), "src/generated", &files).unwrap(), [""; 0]);
}
