//! Differences that are there on purpose, as `openapi/deviations.json` lists them.

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Difference;
use crate::document::entries;

/// A difference that is there on purpose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Deviation {
    pub(super) place: String,
    /// What `spec diff` says of the place.
    pub(super) difference: String,
    pub(super) reason: String,
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.difference)
    }
}

/// Reads the list. No list is an empty one.
pub(crate) fn read(path: &Path) -> Result<Vec<Deviation>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("{} cannot be read", path.display()))
}

fn parse(text: &str) -> Result<Vec<Deviation>> {
    let Value::Array(items) = serde_json::from_str(text).context("not JSON")? else {
        bail!("a list is needed");
    };
    items
        .iter()
        .enumerate()
        .map(|(number, item)| {
            let text = |key: &str| {
                let text = item[key].as_str().filter(|text| !text.trim().is_empty());
                text.map(str::to_owned).with_context(|| format!("/{number} has no {key}"))
            };
            if let Some((key, _)) =
                entries(item).find(|(key, _)| !matches!(*key, "place" | "difference" | "reason"))
            {
                bail!("/{number} has a `{key}`, which means nothing");
            }
            Ok(Deviation {
                place: text("place")?,
                difference: text("difference")?,
                reason: text("reason")?,
            })
        })
        .collect()
}

/// Takes the deviations out of the differences: what is left, the deviations that hold, and those
/// that would have been found and were not.
pub(super) fn apart(
    differences: Vec<Difference>,
    deviations: &[Deviation],
    is_covered: impl Fn(&str) -> bool,
) -> (Vec<Difference>, Vec<Deviation>, Vec<Deviation>) {
    let says = |deviation: &Deviation, difference: &Difference| {
        deviation.place == difference.place && deviation.difference == difference.text
    };
    let (holding, others): (Vec<_>, Vec<_>) = deviations
        .iter()
        .cloned()
        .partition(|deviation| differences.iter().any(|found| says(deviation, found)));
    let stale = others.into_iter().filter(|deviation| is_covered(&deviation.place)).collect();
    let left = differences
        .into_iter()
        .filter(|found| !deviations.iter().any(|deviation| says(deviation, found)))
        .collect();
    (left, holding, stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_wrong_says_where() {
        for (text, wanted) in [
            ("{}", "a list is needed"),
            ("[", "not JSON"),
            ("[1]", "/0 has no place"),
            (r#"[{"place":"A","difference":"b"}]"#, "/0 has no reason"),
            (r#"[{"place":"A","difference":" ","reason":"c"}]"#, "/0 has no difference"),
            (r#"[{"place":"A","why":"c"}]"#, "/0 has a `why`, which means nothing"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), wanted, "{text}");
        }
        assert_eq!(parse("[]").unwrap(), []);
    }
}
