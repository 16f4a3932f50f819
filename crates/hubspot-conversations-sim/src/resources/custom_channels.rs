//! Custom channels, which an app registers, with their accounts and messages.

pub(crate) mod accounts;
mod attachments;
mod capabilities;
pub(crate) mod channel_events;
mod field_checks;
pub(crate) mod messages;
pub(crate) mod publishing;
pub(crate) mod registration;
pub(crate) mod staging;
mod validation;
