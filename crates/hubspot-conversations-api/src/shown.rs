//! HubSpot's identifiers that an error may show, if they have the expected form. A body can contain
//! anything in their place, such as a customer's name or a token.

/// The placeholder for any other text.
const HIDDEN: &str = "…";

fn word(text: &str, is_allowed: impl Fn(u8) -> bool) -> &str {
    if text.len() <= 64 && text.bytes().all(is_allowed) { text } else { HIDDEN }
}

/// A category or the name of a limit, such as `VALIDATION_ERROR`. Any other text becomes `…`.
pub fn constant(text: &str) -> &str {
    word(text, |byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// A scope, such as `conversations.read`. Any other text becomes `…`.
pub fn scope(text: &str) -> &str {
    word(text, |byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_' | b'-'))
}

/// A correlation id, which is a UUID. Any other text becomes `…`.
pub fn uuid(text: &str) -> &str {
    word(text, |byte| byte.is_ascii_hexdigit() || byte == b'-')
}
