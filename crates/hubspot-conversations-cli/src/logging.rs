//! The log, which is written only where `RUST_LOG` asks for one.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::secret;

/// Starts the log on standard error.
pub(crate) fn start() -> Result<(), Failure> {
    let asked = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_default();
    if asked.is_empty() {
        return Ok(());
    }
    let filter = EnvFilter::builder()
        .parse(asked)
        .map_err(|error| Failure::Usage(format!("invalid RUST_LOG: {error}")))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(|| WithoutSecrets)
        .init();
    Ok(())
}

/// Standard error, where no secret shows. An event arrives in one piece.
struct WithoutSecrets;

impl Write for WithoutSecrets {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        io::stderr().write_all(secret::hide(&text).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
