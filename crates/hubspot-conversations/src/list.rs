//! Lists as streams, of pages and of items, that can be broken off and gone on with.

mod ahead;
mod cursor;
mod identity;
mod items;
mod pages;
mod place;
mod search;
mod stable_hash;
mod walk;

pub use cursor::Cursor;
pub use items::Items;
pub use pages::Pages;

pub(crate) use walk::decoded;
