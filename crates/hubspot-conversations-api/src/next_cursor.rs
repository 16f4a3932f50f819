//! Where a list continues, as a page says it.
//!
//! The cursor is read for what it means: a number is taken as its digits, and `link` has the cursor
//! where `after` is missing. What is empty in any way says that nothing follows. Anything else says
//! that something follows, and not where: a list must not end there in silence.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::LeftOut;
use crate::decode;

const CURSOR: &str = "a cursor";

/// The next page.
#[derive(Clone, Default, PartialEq)]
pub(crate) enum NextCursor {
    /// There is none.
    #[default]
    None,
    /// It is read with this cursor.
    After(String),
    /// There is one, and its cursor cannot be read.
    Unusable(LeftOut),
}

/// Hides the cursor, which can hold ids.
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
    /// Reads a page's `paging`, and adds what cannot be read of it.
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

    /// Of a value of another shape.
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

/// A struct of an object. serde would read it from an array, too.
fn object<'a, T: Deserialize<'a>>(json: &'a RawValue) -> Option<T> {
    json.get().starts_with('{').then(|| serde_json::from_str(json.get()).ok())?
}

/// A cursor that is written as a string or as a number.
fn cursor(after: &RawValue) -> Option<String> {
    let cursor = match after.get().as_bytes().first()? {
        b'"' => serde_json::from_str(after.get()).ok()?,
        b'0'..=b'9' => after.get().to_owned(),
        _ => return None,
    };
    Some(cursor).filter(|cursor: &String| !cursor.trim().is_empty())
}

/// The cursor in the address of the next page.
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

/// Whether it is a value that languages without types write for nothing.
fn is_empty(json: &RawValue) -> bool {
    let json = json.get();
    let inner = |open, close| json.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let inner = inner('{', '}').or(inner('[', ']')).or(inner('"', '"'));
    matches!(json, "null" | "false") || inner.is_some_and(|inner: &str| inner.trim().is_empty())
}

/// The type of a value, in words.
fn found(json: &RawValue) -> &'static str {
    decode::kind(json.get())
}
