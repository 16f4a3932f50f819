//! The report: for a terminal, for programs, for an issue.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};

use super::{Class, Deviation, Difference, Mode, Report};

impl Report {
    fn summary(&self) -> String {
        let known = match self.deviations.len() {
            0 => String::new(),
            1 => "; 1 deviation stands".to_owned(),
            count => format!("; {count} deviations stand"),
        };
        let stale = match self.stale.len() {
            0 => String::new(),
            1 => "; 1 deviation no longer holds".to_owned(),
            count => format!("; {count} deviations no longer hold"),
        };
        if !self.is_drift() {
            return format!("no drift{known}");
        }
        let counts = Class::ALL.map(|class| format!("{} {}", self.count(class), class.word()));
        format!("{}{stale}{known}", counts.join(", "))
    }

    fn of(&self, class: Class) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(move |difference| difference.class == class)
    }

    /// The documents that say so.
    fn documents(&self, found: &Difference) -> Vec<&str> {
        let numbers: BTreeSet<_> = found.said_by.iter().map(|by| by.document).collect();
        let names = numbers.into_iter().filter_map(|number| self.sources.get(number));
        names.map(String::as_str).collect()
    }

    /// What differs and, of several documents, in which.
    fn what(&self, found: &Difference) -> String {
        match self.sources.as_slice() {
            [] | [_] => found.text.clone(),
            _ => format!("{} [{}]", found.text, self.documents(found).join(", ")),
        }
    }

    /// The report for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.summary() + "\n";
        for class in Class::ALL.into_iter().filter(|class| self.count(*class) > 0) {
            let rows = self.of(class).map(|found| (&*found.place, self.what(found)));
            push_rows(&mut text, class.word(), &rows.collect::<Vec<_>>());
        }
        if !self.stale.is_empty() {
            let rows = self.stale.iter().map(|d| (&*d.place, d.difference.clone()));
            let title = "no longer true, in openapi/deviations.json";
            push_rows(&mut text, title, &rows.collect::<Vec<_>>());
        }
        text
    }

    /// The report for programs; `openapi/README.md` describes the format.
    #[must_use]
    pub fn json(&self) -> String {
        let differences = self.differences.iter().map(|found| {
            json!({
                "class": found.class.word(),
                "place": found.place,
                "difference": found.text,
                "documents": self.documents(found),
            })
        });
        let deviations = |list: &[Deviation]| -> Vec<Value> {
            let items = list.iter().map(|deviation| {
                json!({
                    "place": deviation.place,
                    "difference": deviation.difference,
                    "reason": deviation.reason,
                })
            });
            items.collect()
        };
        let report = json!({
            "version": 1,
            "drift": self.is_drift(),
            "breaking": self.count(Class::Breaking),
            "additive": self.count(Class::Additive),
            "cosmetic": self.count(Class::Cosmetic),
            "differences": differences.collect::<Vec<_>>(),
            "deviations": deviations(&self.deviations),
            "stale_deviations": deviations(&self.stale),
        });
        format!("{report:#}\n")
    }

    /// The report for an issue.
    #[must_use]
    pub fn markdown(&self) -> String {
        let what = match self.mode {
            Mode::Upstream => "HubSpot's documents and ours",
            Mode::Revision => "Our document, then and now",
        };
        let mut text = format!("**{what}: {}.**\n", self.summary());
        for class in Class::ALL.into_iter().filter(|class| self.count(*class) > 0) {
            let word = class.word();
            let _ = write!(text, "\n### {}{}\n\n", word[..1].to_uppercase(), &word[1..]);
            text += "| Where | What |\n| --- | --- |\n";
            for found in self.of(class) {
                let _ = writeln!(text, "| {} | {} |", code(&found.place), cell(&self.what(found)));
            }
        }
        if !self.stale.is_empty() {
            text += "\n### Deviations that no longer hold\n\n";
            text += "| Where | What | Why it was so |\n| --- | --- | --- |\n";
            for Deviation { place, difference, reason } in &self.stale {
                let (place, difference) = (code(place), cell(difference));
                let _ = writeln!(text, "| {place} | {difference} | {} |", cell(reason));
            }
        }
        text
    }
}

fn push_rows(text: &mut String, title: &str, rows: &[(&str, String)]) {
    let width = rows.iter().map(|(place, _)| place.chars().count()).max().unwrap_or_default();
    let width = width.min(60);
    let _ = write!(text, "\n{title}\n");
    for (place, what) in rows {
        let _ = writeln!(text, "  {:width$}  {}", printable(place), printable(what));
    }
}

/// The text as one line without control characters, safe to print on a terminal.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn code(text: &str) -> String {
    format!("`{}`", printable(text).replace('`', "'").replace('|', "\\|"))
}

/// What stands in backticks stays there, and nothing else is read as markup.
fn cell(text: &str) -> String {
    let text = printable(text).replace('|', "\\|").replace('@', "@\u{200b}");
    text.replace('&', "&amp;").replace('<', "&lt;")
}
