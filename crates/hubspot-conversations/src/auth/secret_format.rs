//! Mistakes in the format of a secret: quotes, JSON, the line of an environment file.

use crate::Error;

/// Rejects a secret that is empty or has a mistake in its format.
pub(crate) fn check_secret(name: &str, secret: &str) -> Result<(), Error> {
    let mistake = if secret.is_empty() { Some("is empty") } else { format_mistake(secret) };
    mistake.map_or(Ok(()), |mistake| Err(Error::invalid(format!("the {name} {mistake}"))))
}

/// What surrounds a pasted or stored secret by mistake. It completes "the access token …", and shows
/// nothing of the secret.
pub(super) fn format_mistake(secret: &str) -> Option<&'static str> {
    let begins_with = |prefix: &str| {
        secret.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let is_quote = |c: char| matches!(c, '"' | '\'' | '`' | '“' | '”' | '„' | '‘' | '’');
    if secret.starts_with('\u{FEFF}') {
        Some("begins with a byte order mark: store it as UTF-8 without one")
    } else if secret.starts_with(['{', '[']) && secret.ends_with(['}', ']']) {
        Some("is JSON: give only the value in it, without quotes")
    } else if secret.starts_with(is_quote) || secret.ends_with(is_quote) {
        Some("is in quotes: give it without them")
    } else if begins_with("bearer") && secret[6..].chars().next().is_none_or(is_separator) {
        Some("begins with the word Bearer: give only what follows it")
    } else if begins_with("authorization") {
        Some("is a whole header: give only what follows the word Bearer")
    } else if secret.contains("://") {
        Some("holds an address: give the value itself")
    } else if is_assignment(secret) {
        Some("has a name and an equals sign before it: give only what follows them")
    } else {
        None
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '=')
}

/// Whether it is written like `NAME=value`, with the name of an environment variable. Any other text
/// before an equals sign can be part of the secret.
fn is_assignment(secret: &str) -> bool {
    let Some((name, value)) = secret.split_once('=') else { return false };
    let name = name.strip_prefix("export ").unwrap_or(name).trim_end();
    let is_of_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.contains('_') && name.chars().all(is_of_name) && !value.trim_matches('=').is_empty()
}

#[cfg(test)]
mod tests {
    use super::format_mistake;

    #[test]
    fn a_secret_alone_is_wrapped_in_nothing() {
        for secret in [
            "pat-na1-00000000-0000-4000-8000-000000000000",
            "CJSP5qf1KhICAQEYs-gDIIGOBii1hQIyGQAf3xBKmlwHjX7OIpuIFEavB2-qYAGQsF4",
            "abc.def_ghi~jkl+mno/pqr==",
            "bearer1-token",
            "two words, as a client secret may have",
            "x",
            "bearer-of-news",
            "{of-one-brace",
            "yyyyyyyy=yyyy-yyyy",
        ] {
            assert_eq!(format_mistake(secret), None, "{secret}");
        }
    }

    #[test]
    fn what_surrounds_a_secret_is_named() {
        for (secret, reason) in [
            ("Bearer pat-na1-x", "the word Bearer"),
            ("bearer\tpat-na1-x", "the word Bearer"),
            ("BEARER: pat-na1-x", "the word Bearer"),
            ("Bearer", "the word Bearer"),
            ("Authorization: Bearer pat-na1-x", "a whole header"),
            ("\"pat-na1-x\"", "quotes"),
            ("'pat-na1-x'", "quotes"),
            ("“pat-na1-x”", "quotes"),
            ("pat-na1-x\"", "quotes"),
            ("\"Bearer pat-na1-x\"", "quotes"),
            (r#"{"access_token":"pat-na1-x"}"#, "JSON"),
            (r#"["pat-na1-x"]"#, "JSON"),
            ("HUBSPOT_ACCESS_TOKEN=pat-na1-x", "equals sign"),
            ("export ACCESS_TOKEN=pat-na1-x", "equals sign"),
            ("HUBSPOT_TOKEN = pat-na1-x==", "equals sign"),
            ("https://api.hubapi.com/?hapikey=x", "address"),
            ("\u{FEFF}pat-na1-x", "byte order mark"),
        ] {
            let found = format_mistake(secret).unwrap_or_default();
            assert!(found.contains(reason), "{secret}: {found}");
            assert!(!found.contains("pat-na1"), "{found}");
        }
    }
}
