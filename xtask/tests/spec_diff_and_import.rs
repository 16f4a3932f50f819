//! What the two tasks tell the shell: exit codes, one sentence for what cannot be read, and files
//! that are left alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const OURS: &str = r#"{"openapi":"3.0.3","paths":{"/a/v3/b":{"get":{"operationId":"get_b",
    "responses":{"204":{"description":"Done."}},"security":[]}}},"components":{"schemas":{}}}"#;
const NEW: &str = r#"{"openapi":"3.0.1","paths":{"/a/v3/b":{"get":{"responses":{"204":{}}}},
    "/a/v3/c":{"get":{"responses":{"204":{}}}}}}"#;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().expect("xtask runs")
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).expect("a temporary file can be written");
    path
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal ended it")
}

#[test]
fn diff_exits_by_what_it_finds() {
    let folder = tempfile::tempdir().unwrap();
    let ours = file(folder.path(), "ours.json", OURS);
    let ours = ours.to_str().unwrap();
    let new = file(folder.path(), "new.json", NEW);
    let none = file(folder.path(), "deviations.json", "[]");
    let none = none.to_str().unwrap();
    let diff = |upstream: &str| {
        xtask(&["spec", "diff", "--ours", ours, "--deviations", none, "--upstream", upstream])
    };

    let same = diff(ours);
    assert_eq!((code(&same), &*String::from_utf8_lossy(&same.stdout)), (0, "no drift\n"));
    let drift = diff(new.to_str().unwrap());
    assert_eq!(code(&drift), 1);
    assert!(String::from_utf8_lossy(&drift.stdout).contains("GET /a/v3/c  new operation"));

    let deep = "[".repeat(200) + &"]".repeat(200);
    for (text, says) in [
        ("", "bad.json: it is empty"),
        ("\u{1b}[31m", "is not JSON"),
        ("[]", "it is JSON, but not an OpenAPI document"),
        (r#"{"swagger":"2.0"}"#, "is Swagger 2.0"),
        (r#"{"openapi":"3.1.0"}"#, "is OpenAPI 3.1.0"),
        (&deep, "is nested too deeply"),
        ("openapi: 3.0.1\npaths: {}\n", "bad.json: it is YAML, and JSON is needed"),
        (r#"{"openapi":"3.0.1","paths":{}}"#, "bad.json describes no operation"),
        (
            r#"{"openapi":"3.0.1","paths":{"/x/v3/y":{"get":{"responses":{"204":{}}}}}}"#,
            "bad.json has none of our operations",
        ),
    ] {
        let bad = file(folder.path(), "bad.json", text);
        let output = diff(bad.to_str().unwrap());
        let said = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(code(&output), 2, "{said}");
        assert!(said.contains(says) && said.lines().count() == 1, "{said}");
        assert!(output.stdout.is_empty());
    }
    assert_eq!(code(&diff("/no/such/file.json")), 2);
    assert_eq!(code(&diff(folder.path().to_str().unwrap())), 2);
}

#[test]
fn diff_reads_what_normalize_reads() {
    let folder = tempfile::tempdir().unwrap();
    let ours = file(folder.path(), "ours.json", OURS);
    let marked = file(folder.path(), "marked.json", &format!("\u{feff}{OURS}"));
    let dangling = OURS.replace(r#""security":[]"#, r##""parameters":[{"$ref":"#/x"}]"##);
    let dangling = file(folder.path(), "dangling.json", &dangling);
    let none = file(folder.path(), "deviations.json", "[]");
    let [ours, marked, dangling, none] =
        [&ours, &marked, &dangling, &none].map(|path| path.to_str().unwrap());
    let diff = |upstream: &[&str]| {
        let begin = ["spec", "diff", "--ours", ours, "--deviations", none];
        xtask(&[&begin, upstream].concat())
    };

    let output = diff(&["--upstream", marked]);
    assert_eq!(
        (code(&output), &*output.stdout, &*output.stderr),
        (0, &b"no drift\n"[..], &b""[..])
    );
    let output = diff(&["--upstream", dangling]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(code(&output), 0, "{said}");
    assert!(said.starts_with("note: dangling.json: the $ref \"#/x\" at "), "{said}");
    let output = diff(&["--upstream", marked, dangling, marked]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(code(&output), 0, "{said}");
    assert!(said.contains("note: marked.json is given more than once, and read once\n"), "{said}");
}

#[test]
fn a_document_of_another_api_is_named_and_a_new_part_is_taken_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let ours = file(folder.path(), "ours.json", OURS);
    let other = r#"{"openapi":"3.0.1","paths":{"/x/v3/y":{"get":{"responses":{"204":{}}}}}}"#;
    let other = file(folder.path(), "other.json", other);
    let none = file(folder.path(), "deviations.json", "[]");
    let [ours, other, none] = [&ours, &other, &none].map(|path| path.to_str().unwrap());
    let begin = ["spec", "diff", "--ours", ours, "--deviations", none, "--upstream", ours, other];
    let output = xtask(&begin);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(code(&output), 2, "{said}");
    assert!(said.starts_with("error: other.json has none of our operations: "), "{said}");
    assert!(output.stdout.is_empty());

    let output = xtask(&[&begin[..], &["--new-part"]].concat());
    assert_eq!(code(&output), 1);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("GET /x/v3/y  new operation [other.json]"), "{text}");
}

#[test]
fn diff_compares_with_a_revision() {
    let output = xtask(&["spec", "diff", "--base", "no-such-revision"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(code(&output), 2, "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(code(&xtask(&["spec", "diff", "--base=--version"])), 2);
    assert_eq!(code(&xtask(&["spec", "diff"])), 2);
    assert_eq!(code(&xtask(&["spec", "diff", "--base", "HEAD", "--upstream", "x.json"])), 2);
}

#[test]
fn import_writes_the_file_it_is_given_in_the_canonical_layout() {
    let folder = tempfile::tempdir().unwrap();
    let ours = file(folder.path(), "ours.json", OURS);
    let new = file(folder.path(), "new.json", NEW);
    let none = file(folder.path(), "deviations.json", "[]");
    let import = |upstream: &Path| {
        let files = [upstream, &ours, &none].map(|path| path.to_str().unwrap());
        let [upstream, into, none] = files;
        xtask(&["spec", "import", "--upstream", upstream, "--into", into, "--deviations", none])
    };
    let output = import(&new);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(code(&output), 0, "{said}");
    assert!(said.starts_with("taken in:\n  additive: GET /a/v3/c: new operation\n"), "{said}");
    let written = fs::read_to_string(&ours).unwrap();
    let value: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(written, serde_json::to_string_pretty(&value).unwrap() + "\n");
    assert_eq!(value["paths"]["/a/v3/c"]["get"]["operationId"], "get_a_c");

    let again = import(&new);
    assert_eq!(String::from_utf8_lossy(&again.stderr), "nothing was taken in\n");
    assert_eq!(fs::read_to_string(&ours).unwrap(), written);

    let bad = file(folder.path(), "bad.json", "{}");
    assert_eq!(code(&import(&bad)), 2);
    assert_eq!(fs::read_to_string(&ours).unwrap(), written);
}
