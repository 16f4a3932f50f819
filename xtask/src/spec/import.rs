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
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::diff::{self, Deviation, Difference, Edit, Mode, Report, printable};
use super::reading;
use super::surface::Surface;
use crate::workspace;

/// What to take in.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// HubSpot's documents.
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    upstream: Vec<PathBuf>,
    /// The document to write, if not openapi/conversations.json.
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
    /// The list of differences that are meant, if not openapi/deviations.json.
    #[arg(long, value_name = "FILE")]
    deviations: Option<PathBuf>,
    /// Removes, too, what HubSpot's documents no longer have.
    #[arg(long)]
    remove: bool,
}

/// Writes our document and says on stderr what was taken in and what a person must decide: 0 if
/// that worked, 2 if a document cannot be read.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match import_files(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", printable(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}

fn import_files(arguments: &Arguments) -> Result<()> {
    let path = arguments.into.clone().unwrap_or_else(workspace::document);
    let document = reading::file(&path)?;
    let theirs = diff::upstream(&arguments.upstream)?;
    let deviations = arguments.deviations.clone().unwrap_or_else(workspace::deviations);
    let deviations = diff::read_deviations(&deviations)?;
    let name = path.display().to_string();
    let import = Import::run(&name, &document, &theirs, &deviations, arguments.remove);

    let text = serde_json::to_string_pretty(&import.document)? + "\n";
    let before = std::fs::read_to_string(&path)?;
    if text != before {
        std::fs::write(&path, text).with_context(|| format!("cannot write {name}"))?;
    }
    std::io::stderr().lock().write_all(import.report().as_bytes())?;
    Ok(())
}

/// How often edits may uncover others before they are taken for a circle.
const ROUNDS: usize = 12;

/// What was taken in, and what was not.
pub(super) struct Import {
    pub(super) document: Value,
    taken: Vec<String>,
    /// What a person must decide.
    decisions: Vec<String>,
    left: Report,
}

impl Import {
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

    fn report(&self) -> String {
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
