//! The log, which is written only if `RUST_LOG` is set.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

use crate::command_error::CommandError;
use crate::secret;

/// Starts the log on standard error.
pub(crate) fn start() -> Result<(), CommandError> {
    let directives = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_default();
    if directives.is_empty() {
        return Ok(());
    }
    let filter = EnvFilter::builder()
        .parse(directives)
        .map_err(|error| CommandError::Usage(format!("invalid RUST_LOG: {error}")))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(|| WithoutSecrets)
        .init();
    Ok(())
}

/// Standard error without secrets. An event is written in one piece.
struct WithoutSecrets;

impl Write for WithoutSecrets {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        io::stderr().write_all(secret::redact(&text).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
