//! From text to a document, or to one sentence that says why not.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// Reads an OpenAPI 3.0 document.
pub(super) fn read(text: &[u8]) -> Result<Value> {
    let text = std::str::from_utf8(text).context("it is not UTF-8 text")?;
    let text = text.trim_start_matches('\u{feff}');
    // serde_json reads 128 levels and no more: what is nested deeper is refused here.
    let document: Value = serde_json::from_str(text).map_err(|error| {
        let place = format!("at line {} column {}", error.line(), error.column());
        match error.to_string() {
            message if message.starts_with("recursion limit") => {
                anyhow::anyhow!("it is nested too deeply {place}: 128 levels are read")
            }
            _ => anyhow::anyhow!("it is not JSON {place}"),
        }
    })?;
    if let Some(version) = document.get("swagger") {
        let version = version.as_str().unwrap_or("2.0");
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

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_not_openapi_3_0_is_named() {
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        let cases = [
            ("{\"openapi\": \"3.0.1\"", "it is not JSON at line 1 column 19"),
            ("[1]", "it is JSON, but not an OpenAPI document"),
            ("\"text\"", "it is JSON, but not an OpenAPI document"),
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
        ];
        for (text, message) in cases {
            assert_eq!(read(text.as_bytes()).unwrap_err().to_string(), message);
        }
        assert_eq!(read(b"\xff").unwrap_err().to_string(), "it is not UTF-8 text");
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert!(read("\u{feff}{\"openapi\": \"3.0.1\"}".as_bytes()).is_ok());
    }
}
