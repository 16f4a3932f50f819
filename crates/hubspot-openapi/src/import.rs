//! Takes what differs in HubSpot's documents into ours.
//!
//! Each difference that `spec diff` finds knows the edit that removes it. An edit can uncover
//! others, so they are made in rounds until nothing is left that can be taken in. That is why
//! importing a document twice changes nothing, and why `diff` has nothing to say afterwards.
//!
//! Nothing is removed unless asked for. What HubSpot's documents say differently of one thing of
//! ours is left to a person.

mod edit;
mod names;
mod operation;
mod parameters;
mod schemas;
mod shared;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::Value;

use crate::diff::{self, Deviation, Difference, Edit, Mode, Report, printable};
use crate::surface::Surface;
use crate::{Notes, reading};

/// How often edits may uncover others before they are taken for a cycle.
const ROUNDS: usize = 12;

/// Our document after an import, and a report of it.
pub struct Import {
    pub(super) document: Value,
    taken: Vec<String>,
    /// What a person must decide.
    decisions: Vec<String>,
    left: Report,
}

impl Import {
    /// Imports HubSpot's documents into ours. `deviations` lists intended differences; a missing file is an empty
    /// list. With `remove`, the import also removes what HubSpot's documents no longer have. `notes` receives
    /// oddities of the documents.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or one of HubSpot's describes no operation.
    pub fn files(
        ours: &Path,
        upstream: &[PathBuf],
        deviations: &Path,
        remove: bool,
        notes: &mut Notes<'_>,
    ) -> Result<Self> {
        let document = reading::file(ours)?;
        let theirs = diff::read_upstream(upstream, notes)?;
        let deviations = diff::read_deviations(deviations)?;
        Ok(Self::run(&ours.display().to_string(), &document, &theirs, &deviations, remove))
    }

    /// The document in its canonical layout.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:#}\n", self.document)
    }

    pub(super) fn run(
        name: &str,
        document: &Value,
        theirs: &[Surface],
        deviations: &[Deviation],
        remove: bool,
    ) -> Self {
        // Edits that only undo each other are given up, and the rest begun anew.
        let mut disputed = BTreeSet::new();
        loop {
            let mut import = Self {
                document: document.clone(),
                taken: Vec::new(),
                decisions: Vec::new(),
                left: diff::compare(
                    Mode::Upstream,
                    &Surface::new(name, document),
                    theirs,
                    deviations,
                ),
            };
            let mut rounds = Vec::new();
            for _ in 0..ROUNDS {
                let places = import.round(name, theirs, deviations, remove, &disputed);
                if places.is_empty() {
                    return import;
                }
                rounds.push(places);
            }
            disputed.extend(rounds.into_iter().skip(ROUNDS / 2).flatten());
        }
    }

    /// Makes the edits that can be made, and gives the places they were for: none if nothing
    /// changed.
    fn round(
        &mut self,
        name: &str,
        theirs: &[Surface],
        deviations: &[Deviation],
        remove: bool,
        disputed: &BTreeSet<String>,
    ) -> BTreeSet<String> {
        let before = self.document.clone();
        let can_be_taken = |found: &&Difference| {
            !disputed.contains(&found.place)
                && match found.edit {
                    Edit::Nothing => false,
                    _ => remove || !removes(&found.edit),
                }
        };
        let takeable: Vec<&Difference> =
            self.left.differences.iter().filter(can_be_taken).collect();
        let edits = shared::resolve(&before, &takeable, &self.left.sites);
        let mut taken = BTreeSet::new();
        for (difference, document, edit) in edits {
            let notes = edit::apply(&mut self.document, &theirs[document], &edit);
            self.decisions.extend(notes);
            taken.insert(difference.place.clone());
            let line =
                format!("{}: {}: {}", difference.class.word(), difference.place, difference.text);
            if !self.taken.contains(&line) {
                self.taken.push(line);
            }
        }
        if self.document == before {
            return BTreeSet::new();
        }
        let ours = Surface::new(name, &self.document);
        self.left = diff::compare(Mode::Upstream, &ours, theirs, deviations);
        taken
    }

    /// What was imported, what was not, and what a person must decide.
    #[must_use]
    pub fn report(&self) -> String {
        let mut report = String::new();
        let mut section = |title: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                report += &format!("{title}\n");
                lines.iter().for_each(|line| report += &format!("  {}\n", printable(line)));
            }
        };
        section("taken in:", self.taken.clone());
        let left = self.left.differences.iter();
        let left = left.map(|found| {
            let why = if removes(&found.edit) {
                "remove it by hand or with --remove, or list it as a deviation"
            } else {
                "decide by hand: HubSpot's documents disagree, or ours cannot say it"
            };
            format!("{}: {} ({why})", found.place, found.text)
        });
        let stale = self.left.stale.iter().map(|deviation| {
            format!("{deviation} (no longer true: take it out of openapi/deviations.json)")
        });
        let left = left.chain(stale).collect();
        section("left as it is:", left);
        section("to be decided:", self.decisions.clone());
        if self.taken.is_empty() {
            report += "nothing was taken in\n";
        } else {
            report += "next: `cargo xtask spec lint` says what needs a description\n";
        }
        report
    }
}

fn removes(edit: &Edit) -> bool {
    matches!(
        edit,
        Edit::RemoveOperation { .. }
            | Edit::RemoveParameter { .. }
            | Edit::RemoveRequest { .. }
            | Edit::RemoveField { .. }
            | Edit::RemoveValue { .. }
            | Edit::RemoveMember { .. }
    )
}

#[cfg(test)]
mod tests;
