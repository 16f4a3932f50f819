//! The document's canonical layout: JSON with two spaces, in the order it was written.

use anyhow::{Context, Result, ensure};

use crate::workspace;

pub(crate) fn run(check: bool) -> Result<()> {
    let path = workspace::document();
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let formatted = format(&text)?;
    if check {
        ensure!(
            text == formatted,
            "openapi/conversations.json is not in its canonical layout: run `cargo xtask spec fmt`"
        );
    } else if text != formatted {
        std::fs::write(&path, formatted)?;
    }
    Ok(())
}

fn format(text: &str) -> Result<String> {
    let value: serde_json::Value =
        serde_json::from_str(text).context("openapi/conversations.json is not JSON")?;
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn the_layout_keeps_the_order_and_is_stable() {
        let formatted = format(r#"{"b":1,"a":[{}]}"#).unwrap();
        assert_eq!(formatted, "{\n  \"b\": 1,\n  \"a\": [\n    {}\n  ]\n}\n");
        assert_eq!(format(&formatted).unwrap(), formatted);
    }
}
