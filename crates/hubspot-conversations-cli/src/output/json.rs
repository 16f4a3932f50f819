//! Records as received.

use std::io::{Result, Write};

/// A record as received.
pub(super) fn record(out: &mut impl Write, json: &str) -> Result<()> {
    out.write_all(json.as_bytes())?;
    out.write_all(b"\n")
}

/// A record on one line. Line breaks occur only between its tokens.
pub(super) fn line(out: &mut impl Write, json: &str) -> Result<()> {
    for part in json.as_bytes().split(|byte| matches!(byte, b'\r' | b'\n')) {
        out.write_all(part)?;
    }
    out.write_all(b"\n")
}

/// A record as an element of an array, which starts with its first.
pub(super) fn element(out: &mut impl Write, json: &str, is_first: bool) -> Result<()> {
    out.write_all(if is_first { b"[\n" } else { b",\n" })?;
    out.write_all(json.as_bytes())
}

/// The end of an array.
pub(super) fn end_array(out: &mut impl Write, is_empty: bool) -> Result<()> {
    out.write_all(if is_empty { b"[]\n" } else { b"\n]\n" })
}
