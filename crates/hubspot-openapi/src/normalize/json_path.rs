//! The path of a value in a document.

use std::fmt;

/// The path of a value, as a chain of borrowed keys. `Display` writes the JSON pointer, and only then allocates.
#[derive(Clone, Copy)]
pub(super) enum JsonPath<'a> {
    Root,
    Key(&'a JsonPath<'a>, &'a str),
    Item(&'a JsonPath<'a>, usize),
}

impl<'a> JsonPath<'a> {
    pub(super) fn key(&'a self, key: &'a str) -> Self {
        Self::Key(self, key)
    }

    pub(super) fn item(&'a self, item: usize) -> Self {
        Self::Item(self, item)
    }
}

impl fmt::Display for JsonPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(outer, key) => {
                write!(f, "{outer}/{}", key.replace('~', "~0").replace('/', "~1"))
            }
            Self::Item(outer, item) => write!(f, "{outer}/{item}"),
        }
    }
}
