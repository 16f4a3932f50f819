//! An export contains everything as received, or does not appear. What was read is kept.

mod account;
mod actors;
mod contents;
mod findings;
mod folder;
mod history;
mod options;
mod publication;
mod resume;
