//! Lists as resumable streams of pages and of items.

mod concurrent;
mod cursor;
mod fetch_pages;
mod identity;
mod items;
mod ordered;
mod pages;
mod position;
mod prefetch;
mod resume_locator;
mod stable_hash;

pub use concurrent::{ConcurrentLists, KeyedItems, ListError};
pub use cursor::Cursor;
pub use items::Items;
pub use pages::Pages;

pub(crate) use fetch_pages::decoded;
