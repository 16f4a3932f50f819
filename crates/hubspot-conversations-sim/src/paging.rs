//! Pages and the cursors between them.

use std::fmt::Display;
use std::str::FromStr;

use hubspot_conversations_api::types::{NextPage, Paging};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;

use crate::authorization::DEVELOPER_KEY;
use crate::call::Call;
use crate::choices;
use crate::errors::ApiError;
use crate::query::Query;

/// A page, as it is answered.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    results: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

impl<T> Page<T> {
    /// The first `length` items, each with its place in the list, and a cursor if there are more.
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
            && let Some((place, item)) = items.next()
        {
            last = Some(place);
            results.push(item);
        }
        let more = items.peek().and(last);
        Self { total: None, results, paging: more.map(|place| next(call, order, &place)) }
    }
}

impl<'a, T> Page<&'a T> {
    /// A page of a list that is small enough to be sorted for each request. It tells the total,
    /// and its cursor is how many items came before.
    pub(crate) fn of_all(call: &Call, length: usize, passed: usize, items: &[&'a T]) -> Self {
        let rest = items.iter().enumerate().skip(passed).map(|(index, &item)| (index + 1, item));
        let page = Self::cut(call, &by_position(call), length, rest);
        Self { total: Some(items.len()), ..page }
    }
}

/// The order of a list whose cursor is how many items came before.
fn by_position(call: &Call) -> String {
    call.query.all("sort").collect::<Vec<_>>().join(",")
}

/// How many items of a small list came before the page.
pub(crate) fn position(call: &Call) -> Result<usize, ApiError> {
    Ok(number(call, &by_position(call))?.unwrap_or(0))
}

/// How many results a page has.
pub(crate) fn length(query: &Query, max: usize, short_pages: bool) -> Result<usize, ApiError> {
    let default = query.count("defaultPageLength")?.unwrap_or(choices::PAGE_LENGTH).min(max);
    let limit = query.count("limit")?.unwrap_or(default);
    if limit > max {
        return Err(ApiError::invalid("limit", format!("expected at most {max}")));
    }
    Ok(if short_pages { choices::short_page(limit) } else { limit })
}

/// The place after which the page begins. `None` for the first page.
///
/// The cursor is read in both spellings: as the JSON has it, which is how HubSpot's own clients
/// send it back, and percent-decoded.
pub(crate) fn place(call: &Call, order: &str) -> Result<Option<String>, ApiError> {
    let Some(after) = call.query.text("after")? else { return Ok(None) };
    if call.ignores_encoded_cursor && after.contains('%') {
        return Ok(None);
    }
    let after = percent_decode_str(after).decode_utf8_lossy();
    match decode(&after).as_deref().and_then(|text| text.rsplit_once('|')) {
        Some((other, place)) if other == list(call, order) => Ok(Some(place.to_owned())),
        _ => Err(choices::not_a_cursor()),
    }
}

/// The place after which the page begins, for lists whose places are numbers.
pub(crate) fn number<N: FromStr>(call: &Call, order: &str) -> Result<Option<N>, ApiError> {
    let Some(place) = place(call, order)? else { return Ok(None) };
    place.parse().map(Some).map_err(|_| choices::not_a_cursor())
}

/// Which list a cursor belongs to.
fn list(call: &Call, order: &str) -> String {
    let ids = call.captures.iter().map(|(_, id)| id.as_str());
    let parts = [call.operation].into_iter().chain(ids).chain([order]);
    parts.collect::<Vec<_>>().join("/")
}

/// HubSpot percent-encodes the cursor in the JSON. The link goes on under the root that was asked,
/// and does not repeat a developer key.
fn next(call: &Call, order: &str, place: &impl Display) -> Paging {
    let cursor = encode(&format!("{}|{place}", list(call, order)));
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

/// Hexadecimal digits and a padding that has to be escaped in a query, as HubSpot's has.
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
