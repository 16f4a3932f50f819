//! `sort` of the lists that can be sorted by any field: inboxes, channels, channel accounts.

use std::cmp::Ordering;

use serde::Serialize;
use serde_json::Value;

use crate::call::Call;
use crate::errors::ApiError;

/// Sorts by the fields the query names, the first one first, downwards where a `-` stands before
/// the field. Without any, the items stay as they are: in the order of their ids.
pub(crate) fn sort<T: Serialize>(
    call: &Call,
    fields: &[&str],
    items: Vec<T>,
) -> Result<Vec<T>, ApiError> {
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
        keys.iter().fold(Ordering::Equal, |sorted, (field, downwards)| {
            sorted.then_with(|| {
                let order = compare(a.get(field), b.get(field));
                if *downwards { order.reverse() } else { order }
            })
        })
    });
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

/// Numbers in strings, which ids are, compare as numbers; a missing field comes first.
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
