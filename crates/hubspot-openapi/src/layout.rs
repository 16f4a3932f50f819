//! The document's canonical layout: JSON with two spaces, in the order it was written.

/// The document's text in its canonical layout.
///
/// # Errors
///
/// The text is not JSON.
pub fn format(text: &str) -> serde_json::Result<String> {
    let value: serde_json::Value = serde_json::from_str(text)?;
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
