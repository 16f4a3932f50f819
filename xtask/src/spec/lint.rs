//! The design's rules for the document.
use anyhow::Result;
pub(crate) fn run() -> Result<()> {
    Ok(())
}
