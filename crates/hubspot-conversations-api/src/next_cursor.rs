//! The cursor of the next page, read from a page's `paging`.
//!
//! The cursor is read leniently: a number is converted to its digits, and if `after` is missing,
//! the cursor is taken from `link`. An empty value of any kind means that this is the last page.
//! Any other value means that the list continues, but not where: the list must not end there
//! silently.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::LeftOut;
use crate::decode;

const CURSOR: &str = "a cursor";

/// What `paging` says about the next page.
#[derive(Clone, Default, PartialEq)]
pub(crate) enum NextCursor {
    /// This is the last page.
    #[default]
    None,
    /// The cursor of the next page.
    After(String),
    /// There is a next page, but its cursor cannot be read.
    Unusable(LeftOut),
}

/// Hides the cursor, which can contain ids.
impl fmt::Debug for NextCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::After(_) => f.debug_tuple("After").finish_non_exhaustive(),
            Self::Unusable(left_out) => f.debug_tuple("Unusable").field(left_out).finish(),
        }
    }
}

impl NextCursor {
    /// Reads a page's `paging`, and adds the places that cannot be read to `left_out`.
    pub(crate) fn read(paging: &RawValue, left_out: &mut Vec<LeftOut>) -> Self {
        #[derive(Deserialize)]
        struct Paging<'a> {
            #[serde(borrow)]
            next: Option<&'a RawValue>,
        }

        let place = "paging";
        if is_absent(paging) {
            return Self::None;
        }
        match object::<Paging<'_>>(paging) {
            Some(Paging { next: None }) => Self::None,
            Some(Paging { next: Some(next) }) => Self::of(next, left_out),
            None => Self::other(place, "an object", paging, left_out),
        }
    }

    fn of(next: &RawValue, left_out: &mut Vec<LeftOut>) -> Self {
        #[derive(Deserialize)]
        struct NextPage<'a> {
            #[serde(borrow)]
            after: Option<&'a RawValue>,
            #[serde(borrow)]
            link: Option<&'a RawValue>,
        }

        if is_absent(next) {
            return Self::None;
        }
        let Some(NextPage { after, link }) = object(next) else {
            return Self::other("paging.next", "an object", next, left_out);
        };
        let cursor = after.and_then(cursor).or_else(|| link.and_then(cursor_of_link));
        if let Some(cursor) = cursor {
            return Self::After(cursor);
        }
        let place = "paging.next.after";
        match (after.filter(|after| !is_empty(after)), link.filter(|link| !is_empty(link))) {
            (Some(after), _) => Self::other(place, CURSOR, after, left_out),
            (None, Some(_)) => {
                let missing = LeftOut::new(place, CURSOR, "nothing");
                left_out.push(missing.clone());
                Self::Unusable(missing)
            }
            (None, None) => {
                left_out.push(LeftOut::new(place, CURSOR, after.map_or("nothing", found)));
                Self::None
            }
        }
    }

    /// For a value of another type.
    fn other(
        place: &str,
        expected: &'static str,
        value: &RawValue,
        left_out: &mut Vec<LeftOut>,
    ) -> Self {
        let other = LeftOut::new(place, expected, found(value));
        left_out.push(other.clone());
        if is_empty(value) { Self::None } else { Self::Unusable(other) }
    }
}

/// A struct read from an object only. serde would also accept an array.
fn object<'a, T: Deserialize<'a>>(json: &'a RawValue) -> Option<T> {
    json.get().starts_with('{').then(|| serde_json::from_str(json.get()).ok())?
}

/// A cursor that is a string or a number.
fn cursor(after: &RawValue) -> Option<String> {
    let cursor = match after.get().as_bytes().first()? {
        b'"' => serde_json::from_str(after.get()).ok()?,
        b'0'..=b'9' => after.get().to_owned(),
        _ => return None,
    };
    Some(cursor).filter(|cursor: &String| !cursor.trim().is_empty())
}

/// The cursor in the URL of the next page.
fn cursor_of_link(link: &RawValue) -> Option<String> {
    let link: Cow<'_, str> = serde_json::from_str(link.get()).ok()?;
    let base = reqwest::Url::parse("https://localhost").ok()?;
    let address = base.join(&link).ok()?;
    let after = address.query_pairs().find(|(name, _)| name == "after")?.1;
    Some(after.into_owned()).filter(|after| !after.is_empty())
}

fn is_absent(json: &RawValue) -> bool {
    json.get() == "null"
}

/// Whether it is a value that dynamically typed languages use for "empty".
fn is_empty(json: &RawValue) -> bool {
    let json = json.get();
    let inner = |open, close| json.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let inner = inner('{', '}').or(inner('[', ']')).or(inner('"', '"'));
    matches!(json, "null" | "false") || inner.is_some_and(|inner: &str| inner.trim().is_empty())
}

/// The name of a value's JSON type.
fn found(json: &RawValue) -> &'static str {
    decode::kind(json.get())
}
