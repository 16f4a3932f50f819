//! An export holds everything, as HubSpot sent it, or does not appear at all. What was read is kept.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "export/account.rs"]
mod account;
#[path = "export/actors.rs"]
mod actors;
#[path = "export/contents.rs"]
mod contents;
#[path = "export/findings.rs"]
mod findings;
#[path = "export/folder.rs"]
mod folder;
#[path = "export/history.rs"]
mod history;
#[path = "export/options.rs"]
mod options;
mod program;
#[path = "export/publication.rs"]
mod publication;
#[path = "export/resume.rs"]
mod resume;
#[path = "../../hubspot-conversations/tests/server/mod.rs"]
mod server;
