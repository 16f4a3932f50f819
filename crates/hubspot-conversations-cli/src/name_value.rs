//! Arguments of the form `name=value`.

/// The name, which is not empty, and the value.
pub(crate) fn name_value(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("use the form name=value"),
    }
}
