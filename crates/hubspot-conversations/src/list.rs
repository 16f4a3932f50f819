//! Lists as streams, of pages and of items, that can be broken off and gone on with.

mod ahead;
mod concurrent;
mod cursor;
mod identity;
mod items;
mod ordered;
mod pages;
mod place;
mod search;
mod stable_hash;
mod walk;

pub use concurrent::{Entries, ListError, Lists};
pub use cursor::Cursor;
pub use items::Items;
pub use pages::Pages;

pub(crate) use walk::decoded;
