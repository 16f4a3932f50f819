//! From a file to a document, or to one sentence that says why not.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// Reads a file as OpenAPI 3.0.
///
/// # Errors
///
/// Names the file, and what it is instead.
pub(crate) fn file(path: &Path) -> Result<Value> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
    parse(&bytes).with_context(|| name.to_string())
}

/// Reads an OpenAPI 3.0 document.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value> {
    if let Some(other) = not_text(bytes) {
        bail!("it is {other}");
    }
    let text = std::str::from_utf8(bytes).context("it is not UTF-8 text")?;
    let text = text.trim_start_matches('\u{feff}');
    ensure!(!text.trim().is_empty(), "it is empty");
    // serde_json reads 128 levels and no more: what is nested deeper is refused here.
    let document: Value = serde_json::from_str(text).map_err(|error| {
        let place = format!("at line {} column {}", error.line(), error.column());
        match error.to_string() {
            message if message.starts_with("recursion limit") => {
                anyhow::anyhow!("it is nested too deeply {place}: 128 levels are read")
            }
            _ if is_yaml(text) => {
                anyhow::anyhow!("it is YAML, and JSON is needed: convert it first")
            }
            _ => anyhow::anyhow!("it is not JSON {place}"),
        }
    })?;
    if let Some(version) = document.get("swagger") {
        let version = version.as_str().unwrap_or("2.0").escape_debug();
        bail!("it is Swagger {version}, and OpenAPI 3.0 is needed: convert it first");
    }
    let version = document.get("openapi").and_then(Value::as_str);
    let version = version.context("it is JSON, but not an OpenAPI document")?;
    ensure!(
        version.starts_with("3.0."),
        "it is OpenAPI {}, and 3.0 is needed: convert it first",
        version.escape_debug()
    );
    Ok(document)
}

/// What bytes are that are plainly no UTF-8 text, by how they begin.
fn not_text(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1f, 0x8b, ..] => Some("compressed with gzip: unpack it first"),
        [b'P', b'K', 3, 4, ..] => Some("a ZIP archive: unpack it first"),
        // UTF-32 begins as UTF-16 does. A document begins with ASCII, of which every other byte is 0.
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, ..] | [_, 0, ..] => {
            Some("UTF-16 or UTF-32 text, and UTF-8 is needed: convert it first")
        }
        _ => None,
    }
}

/// Whether the text begins as a document in YAML does: with a key, a list, or a mark of YAML's own.
fn is_yaml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let key = |line: &str| {
        let key = line.split_once(':').filter(|(_, rest)| rest.is_empty() || rest.starts_with(' '));
        key.is_some_and(|(key, _)| {
            let key = key.trim_matches(['"', '\'']);
            !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))
        })
    };
    first == "---" || first.starts_with("--- ") || first.starts_with("%YAML") || key(first)
}

#[cfg(test)]
mod tests {
    use super::{file, parse};

    #[test]
    fn what_is_not_openapi_3_0_is_named() {
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        let yaml = "it is YAML, and JSON is needed: convert it first";
        let cases = [
            ("{\"openapi\": \"3.0.1\"", "it is not JSON at line 1 column 19"),
            ("{\"openapi\": \"3.0.1\"} x", "it is not JSON at line 1 column 22"),
            ("<html>", "it is not JSON at line 1 column 1"),
            ("Not found: it moved", "it is not JSON at line 1 column 1"),
            ("[1]", "it is JSON, but not an OpenAPI document"),
            ("\"text\"", "it is JSON, but not an OpenAPI document"),
            ("null", "it is JSON, but not an OpenAPI document"),
            ("{\"openapi\": 3.0}", "it is JSON, but not an OpenAPI document"),
            (
                "{\"swagger\": \"2.0\"}",
                "it is Swagger 2.0, and OpenAPI 3.0 is needed: convert it first",
            ),
            (
                "{\"openapi\": \"3.1.0\"}",
                "it is OpenAPI 3.1.0, and 3.0 is needed: convert it first",
            ),
            (&deep, "it is nested too deeply at line 1 column 128: 128 levels are read"),
            ("", "it is empty"),
            ("\u{feff} \n", "it is empty"),
            ("openapi: 3.0.1\ninfo: {}\n", yaml),
            ("# Ours\n\n'openapi': \"3.0.1\"\n", yaml),
            ("---\r\nopenapi: 3.0.1\r\n", yaml),
            ("%YAML 1.2\n---\n", yaml),
            ("\u{feff}paths:\n  /a: {}\n", yaml),
        ];
        for (text, message) in cases {
            assert_eq!(parse(text.as_bytes()).unwrap_err().to_string(), message);
        }
        let utf_16 = "it is UTF-16 or UTF-32 text, and UTF-8 is needed: convert it first";
        let cases: [(&[u8], &str); 6] = [
            (b"\x7b\xff", "it is not UTF-8 text"),
            (b"\xff\xfe{\0", utf_16),
            (b"\xfe\xff\0{", utf_16),
            (b"{\0\"\0", utf_16),
            (b"\x1f\x8b\x08\0", "it is compressed with gzip: unpack it first"),
            (b"PK\x03\x04", "it is a ZIP archive: unpack it first"),
        ];
        for (bytes, message) in cases {
            assert_eq!(parse(bytes).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert!(parse("\u{feff}{\"openapi\": \"3.0.1\"}".as_bytes()).is_ok());
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("missing.json")] {
            let error = format!("{:#}", file(&path).unwrap_err());
            assert!(error.starts_with(&format!("cannot read {}: ", path.display())), "{error}");
        }
        let path = folder.path().join("empty.json");
        std::fs::write(&path, "").unwrap();
        let error = format!("{:#}", file(&path).unwrap_err());
        assert_eq!(error, format!("{}: it is empty", path.display()));
    }
}
