//! Lists that are small enough to be sorted for each request, by any of several fields.

use std::cmp::Ordering;

use serde::Serialize;
use serde_json::Value;

use crate::assumptions;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::paging::{self, Page};
use crate::http::response::ApiResponse;

/// The page with the total number of items. Its cursor is the number of items before it.
pub(crate) fn page<T: Serialize>(
    call: &Call,
    fields: &[&str],
    items: Vec<T>,
) -> Result<ApiResponse, ApiError> {
    let length = paging::length(call, assumptions::MAX_LIMIT)?;
    let order = call.query.all("sort").collect::<Vec<_>>().join(",");
    let offset = paging::number(call, &order)?.unwrap_or(0);
    let total = items.len();
    let sorted = sort(call, fields, items)?.into_iter();
    let rest = (1..).zip(sorted).skip(offset);
    let mut page = Page::cut(call, &order, length, rest);
    page.total = Some(total);
    Ok(ApiResponse::ok(&page))
}

/// Sorts by the fields in the query, the first one first, and descending if `-` precedes the
/// field. Without a field, the items keep the order of their ids.
fn sort<T: Serialize>(call: &Call, fields: &[&str], items: Vec<T>) -> Result<Vec<T>, ApiError> {
    let keys: Vec<(&str, bool)> = call
        .query
        .all("sort")
        .map(|key| key.strip_prefix('-').map_or((key, false), |field| (field, true)))
        .collect();
    if let Some((unknown, _)) = keys.iter().find(|(field, _)| !fields.contains(field)) {
        return Err(ApiError::invalid("sort", format!("cannot sort by {unknown}")));
    }
    if keys.is_empty() {
        return Ok(items);
    }

    let mut items: Vec<(Value, T)> = items
        .into_iter()
        .map(|item| (serde_json::to_value(&item).unwrap_or_default(), item))
        .collect();
    items.sort_by(|(a, _), (b, _)| {
        keys.iter().fold(Ordering::Equal, |sorted, (field, descending)| {
            sorted.then_with(|| {
                let order = compare(a.get(field), b.get(field));
                if *descending { order.reverse() } else { order }
            })
        })
    });
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

/// Ids, which are numbers in strings, compare as numbers; a missing field comes first.
fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(Value::String(a)), Some(Value::String(b))) => {
            match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                _ => a.cmp(b),
            }
        }
        (Some(Value::Bool(a)), Some(Value::Bool(b))) => a.cmp(b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}
