//! The normalizer's report: which fix-ups applied, how often, and what was lost.

use std::fmt;

use serde_json::Value;

use super::json_path::JsonPath;
use super::{FIXUPS, expected};

/// What normalizing a document did.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    /// The fix-ups that applied, with how often, in the order of [`FIXUPS`].
    applied: Vec<(&'static str, usize)>,
    lines: Vec<String>,
    /// The fix-ups that a document of this API was known to need.
    expected: Vec<&'static str>,
    stale: Vec<&'static str>,
}

/// Collects the report of one fix-up.
pub(super) struct Log<'a> {
    report: &'a mut Report,
    count: usize,
    name: &'static str,
}

impl Report {
    pub(super) fn new(document: &Value) -> Self {
        let expected = expected::of(document);
        Self { applied: Vec::new(), lines: Vec::new(), expected, stale: Vec::new() }
    }

    pub(super) fn log(&mut self, name: &'static str) -> Log<'_> {
        Log { report: self, count: 0, name }
    }

    /// How often a fix-up applied.
    #[cfg(test)]
    pub(super) fn count(&self, name: &str) -> usize {
        self.applied.iter().find(|(applied, _)| *applied == name).map_or(0, |(_, count)| *count)
    }

    /// The fix-ups that applied.
    #[cfg(test)]
    pub(super) fn applied(&self) -> Vec<&'static str> {
        self.applied.iter().map(|(name, _)| *name).collect()
    }

    /// A line for each loss.
    #[cfg(test)]
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The fix-ups that documents of this API needed, and that this one did not.
    #[cfg(test)]
    pub(super) fn stale(&self) -> &[&'static str] {
        &self.stale
    }

    /// A document that needed nothing has been normalized before, and says nothing of fix-ups.
    pub(super) fn look_for_stale(&mut self) {
        if !self.applied.is_empty() {
            let applied = |name: &&str| self.applied.iter().any(|(applied, _)| applied == name);
            self.stale = self.expected.iter().filter(|name| !applied(name)).copied().collect();
        }
    }
}

impl Log<'_> {
    /// Counts a fix that lost nothing.
    pub(super) fn fixed(&mut self) {
        self.count += 1;
    }

    /// Counts a fix, and adds a line to the report: what changed, and why.
    pub(super) fn reported(&mut self, place: &JsonPath<'_>, what: impl fmt::Display) {
        self.count += 1;
        let line = format!("{place}: {what} [{}]", self.name);
        self.report.lines.push(line.replace(['\n', '\r'], " "));
    }
}

impl Drop for Log<'_> {
    fn drop(&mut self) {
        if self.count > 0 {
            self.report.applied.push((self.name, self.count));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        for (name, count) in &self.applied {
            writeln!(f, "{name}: {count}")?;
        }
        for name in &self.stale {
            writeln!(f, "{name}: stale, documents of this API no longer need it")?;
        }
        let not_needed = FIXUPS.len() - self.applied.len();
        writeln!(f, "{} fix-ups applied, {not_needed} were not needed", self.applied.len())
    }
}
