//! Documents as they come in files, and what to say of those that cannot be read.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Reads a file as OpenAPI 3.0.
pub(crate) fn read(path: &Path) -> Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text, &path.display().to_string())
}

/// Reads text as OpenAPI 3.0.
pub(crate) fn parse(text: &str, source: &str) -> Result<Value> {
    let value: Value =
        serde_json::from_str(text).with_context(|| format!("{source} is not JSON"))?;
    match (value["openapi"].as_str(), value["swagger"].as_str()) {
        (Some(version), _) if version.starts_with("3.0.") => Ok(value),
        (Some(version), _) => bail!("{source} is OpenAPI {version:?}, and 3.0 is needed"),
        (None, Some(version)) => {
            bail!("{source} is Swagger {version:?}, and OpenAPI 3.0 is needed")
        }
        (None, None) => bail!("{source} is not an OpenAPI document"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_openapi_3_0_is_named() {
        for (text, wanted) in [
            (r#"{"swagger":"2.0"}"#, r#"a.json is Swagger "2.0", and OpenAPI 3.0 is needed"#),
            (r#"{"openapi":"3.1.0"}"#, r#"a.json is OpenAPI "3.1.0", and 3.0 is needed"#),
            (r#"{"openapi":3}"#, "a.json is not an OpenAPI document"),
            ("[]", "a.json is not an OpenAPI document"),
            ("{", "a.json is not JSON"),
        ] {
            assert_eq!(parse(text, "a.json").unwrap_err().to_string(), wanted);
        }
        assert!(parse(r#"{"openapi":"3.0.1"}"#, "a.json").is_ok());
    }
}
