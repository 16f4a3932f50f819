//! Masks secrets in recorded requests.

use crate::http::oauth;
use crate::http::query::DEVELOPER_KEY;

/// Replaces a secret.
const MASK: &str = "***";

/// The query with the developer key masked. Below `/oauth/` all of it is masked.
pub(crate) fn mask_query(path: &str, query: &str) -> String {
    if path.starts_with(oauth::ROOT) {
        return mask_all(query);
    }
    let is_key = |pair: &str| {
        let mut parsed = url::form_urlencoded::parse(pair.as_bytes());
        parsed.next().is_some_and(|(name, _)| name == DEVELOPER_KEY)
    };
    let masked = query.split('&').map(|pair| match is_key(pair) {
        true => format!("{DEVELOPER_KEY}={MASK}"),
        false => pair.to_owned(),
    });
    masked.collect::<Vec<_>>().join("&")
}

/// The body, masked below `/oauth/`, where it consists of secrets.
pub(crate) fn mask_body(path: &str, body: String) -> String {
    if path.starts_with(oauth::ROOT) { mask_all(&body) } else { body }
}

fn mask_all(text: &str) -> String {
    if text.is_empty() { String::new() } else { MASK.to_owned() }
}
