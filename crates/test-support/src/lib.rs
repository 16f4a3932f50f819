//! What the tests of several crates need. A part that one crate needs is in its own tests.

pub mod server;
