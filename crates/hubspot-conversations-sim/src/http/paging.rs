//! Pages and the cursors between them.

use std::fmt::Display;
use std::str::FromStr;

use hubspot_conversations_api::types::{NextPage, Paging};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;

use crate::assumptions;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::query::DEVELOPER_KEY;

/// A page, as responses contain it.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<usize>,
    results: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

impl<T> Page<T> {
    /// The first `length` items, each with its position in the list, and a cursor if more follow.
    pub(crate) fn cut<K: Display>(
        call: &Call,
        order: &str,
        length: usize,
        items: impl Iterator<Item = (K, T)>,
    ) -> Self {
        let mut items = items.peekable();
        let mut results = Vec::new();
        let mut last = None;
        while results.len() < length
            && let Some((position, item)) = items.next()
        {
            last = Some(position);
            results.push(item);
        }
        let more = items.peek().and(last);
        Self { total: None, results, paging: more.map(|position| next(call, order, &position)) }
    }
}

/// The number of results on a page.
pub(crate) fn length(call: &Call, max: usize) -> Result<usize, ApiError> {
    let default = call.query.count("defaultPageLength")?;
    let default = default.unwrap_or(assumptions::PAGE_LENGTH).min(max);
    let limit = call.query.count("limit")?.unwrap_or(default);
    if limit > max {
        return Err(ApiError::invalid("limit", format!("expected at most {max}")));
    }
    // ASSUMPTION: a short page has half of its limit, and at least one item, so that lists end.
    Ok(if call.short_pages { limit.div_ceil(2) } else { limit })
}

/// The position after which the page begins. `None` for the first page.
///
/// The cursor is accepted as the JSON contains it, which is how HubSpot's clients send it back, and
/// percent-decoded.
pub(crate) fn position(call: &Call, order: &str) -> Result<Option<String>, ApiError> {
    let Some(after) = call.query.text("after")? else { return Ok(None) };
    if call.ignores_encoded_cursor && after.contains('%') {
        return Ok(None);
    }
    let after = percent_decode_str(after).decode_utf8_lossy();
    match decode(&after).as_deref().and_then(|text| text.rsplit_once('|')) {
        Some((other, position)) if other == list(call, order) => Ok(Some(position.to_owned())),
        _ => Err(not_a_cursor()),
    }
}

/// The position after which the page begins, for lists whose positions are numbers.
pub(crate) fn number<N: FromStr>(call: &Call, order: &str) -> Result<Option<N>, ApiError> {
    let Some(position) = position(call, order)? else { return Ok(None) };
    position.parse().map(Some).map_err(|_| not_a_cursor())
}

/// The error for a value that is not a cursor of the list.
pub(crate) fn not_a_cursor() -> ApiError {
    // ASSUMPTION: a cursor belongs to an operation, the ids in its path and an order, but not to
    // filters; any other cursor, and an empty or malformed one, is rejected with 400.
    ApiError::invalid("after", "not a cursor of this list")
}

/// The list that a cursor belongs to.
fn list(call: &Call, order: &str) -> String {
    let ids = call.captures.iter().map(|(_, id)| id.as_str());
    let parts = [call.operation].into_iter().chain(ids).chain([order]);
    parts.collect::<Vec<_>>().join("/")
}

/// HubSpot percent-encodes the cursor in the JSON. The link has the root of the request, and does
/// not repeat a developer key.
fn next(call: &Call, order: &str, position: &impl Display) -> Paging {
    let cursor = encode(&format!("{}|{position}", list(call, order)));
    let after = utf8_percent_encode(&cursor, NON_ALPHANUMERIC).to_string();
    let mut link = format!("{}{}?after={after}", call.base_url, call.path);
    for (name, value) in
        call.query.pairs().filter(|(name, _)| !["after", DEVELOPER_KEY].contains(name))
    {
        let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
        link.push_str(&format!("&{name}={value}"));
    }

    let mut next = NextPage::new(after);
    next.link = Some(link);
    let mut paging = Paging::new();
    paging.next = Some(next);
    paging
}

/// Hexadecimal digits, and a padding that must be escaped in a query, as in HubSpot's cursors.
fn encode(text: &str) -> String {
    let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}==")
}

fn decode(cursor: &str) -> Option<String> {
    let digits = cursor.strip_suffix("==")?;
    if !digits.is_ascii() {
        return None;
    }
    let bytes = (0..digits.len())
        .step_by(2)
        .map(|start| u8::from_str_radix(digits.get(start..start + 2)?, 16).ok());
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}
