//! The API's operations, by resource. Each takes the account and a parsed request, and returns the
//! response.

pub(crate) mod actors;
pub(crate) mod assignees;
pub(crate) mod channel_accounts;
pub(crate) mod channels;
pub(crate) mod custom_channels;
pub(crate) mod inboxes;
pub(crate) mod messages;
pub(crate) mod sending;
pub(crate) mod threads;
pub(crate) mod visitor_tokens;
