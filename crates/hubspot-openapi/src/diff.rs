//! What differs between our document and HubSpot's, or between two revisions of ours.

mod compare;
mod deviations;
mod difference;
mod report;
mod upstream;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use compare::Comparison;

use crate::reading;
use crate::surface::{self, Operation, Surface};
use crate::{Document, Notes};

pub(super) use compare::Mode;
use compare::operations::{is_same, place_of};
pub(super) use deviations::{Deviation, read as read_deviations};
use difference::{Class, Differences};
pub(super) use difference::{Context, Difference, Direction, Edit, Saying, Site};
pub use report::printable;
pub(super) use upstream::{read as read_upstream, report_notes};

/// Compares our document with HubSpot's, which together are one side. `deviations` lists intended differences; a
/// missing file is an empty list. `notes` receives oddities of the documents.
///
/// # Errors
///
/// A file cannot be read, or describes no operation; or, unless `new_part`, one has none of our operations.
pub fn with_upstream(
    ours: &Path,
    upstream: &[PathBuf],
    deviations: &Path,
    new_part: bool,
    notes: &mut Notes<'_>,
) -> Result<Report> {
    let ours = surface_of(ours, notes)?;
    let deviations = read_deviations(deviations)?;
    let theirs = read_upstream(upstream, notes)?;
    if !new_part {
        refuse_others(&ours, &theirs)?;
    }
    Ok(compare(Mode::Upstream, &ours, &theirs, &deviations))
}

/// Compares our document with an earlier revision of it. `notes` receives oddities of the document.
///
/// # Errors
///
/// The file, or the earlier document, cannot be read.
pub fn with_revision(
    ours: &Path,
    revision: &str,
    before: impl FnOnce() -> Result<Document>,
    notes: &mut Notes<'_>,
) -> Result<Report> {
    let ours = surface_of(ours, notes)?;
    let before = Surface::new(revision, &before()?.0);
    Ok(compare(Mode::Revision, &before, &[ours], &[]))
}

fn surface_of(ours: &Path, notes: &mut Notes<'_>) -> Result<Surface> {
    let surface = Surface::new(&ours.display().to_string(), &reading::file(ours)?);
    report_notes(&surface, notes);
    Ok(surface)
}

/// Refuses the documents of other APIs, of which nothing could be said.
fn refuse_others(ours: &Surface, theirs: &[Surface]) -> Result<()> {
    let is_ours = |their: &Operation| ours.operations.iter().any(|our| is_same(our, their));
    let others: Vec<_> =
        theirs.iter().filter(|surface| !surface.operations.iter().any(is_ours)).collect();
    match others.as_slice() {
        [] => Ok(()),
        others => {
            let names: Vec<_> = others.iter().map(|surface| surface.source.as_str()).collect();
            let verb = if names.len() == 1 { "has" } else { "have" };
            bail!(
                "{} {verb} none of our operations: name a document of the Conversations API, or add \
                 --new-part for a part of the API that is new to us",
                names.join(" and ")
            )
        }
    }
}

/// What a comparison found.
pub struct Report {
    mode: Mode,
    /// What the other documents are called.
    sources: Vec<String>,
    pub(super) differences: Vec<Difference>,
    /// Differences that are there on purpose.
    pub(super) deviations: Vec<Deviation>,
    /// Deviations that are no longer there.
    pub(super) stale: Vec<Deviation>,
    /// Where enums and unions are used.
    pub(super) sites: Vec<Site>,
}

impl Report {
    /// Whether there is a difference that is not intended, or a stale deviation.
    #[must_use]
    pub fn is_drift(&self) -> bool {
        !self.differences.is_empty() || !self.stale.is_empty()
    }

    fn count(&self, class: Class) -> usize {
        self.differences.iter().filter(|difference| difference.class == class).count()
    }
}

/// Compares our surface with all of theirs.
pub(super) fn compare(
    mode: Mode,
    ours: &Surface,
    theirs: &[Surface],
    deviations: &[Deviation],
) -> Report {
    let mut found = Differences::default();
    let mut places = BTreeSet::new();
    for document in theirs.iter().enumerate() {
        Comparison::run(mode, ours, document, &mut found, &mut places);
    }
    new_operations(mode, ours, theirs, &mut found);
    gone_operations(mode, ours, theirs, &mut found);
    let sources = theirs.iter().map(|surface| surface.source.clone()).collect();
    let (differences, sites) = found.sorted();
    let (differences, deviations, stale) = deviations::apart(differences, deviations, |place| {
        is_covered(place, ours, theirs, &places)
    });
    Report { mode, sources, differences, deviations, stale, sites }
}

/// An operation that several documents have, under roots of several versions, is one.
fn new_operations(mode: Mode, ours: &Surface, theirs: &[Surface], found: &mut Differences) {
    let mut first: Vec<(&Operation, String)> = Vec::new();
    for (document, surface) in theirs.iter().enumerate() {
        for (operation, their) in surface.operations.iter().enumerate() {
            if ours.operations.iter().any(|our| is_same(our, their)) {
                continue;
            }
            let known = first.iter().find(|(known, _)| is_same(known, their));
            let place = match (known, mode) {
                (Some((_, place)), _) => place.clone(),
                (None, Mode::Upstream) => their.line(),
                (None, Mode::Revision) => place_of(their),
            };
            first.push((their, place.clone()));
            found.add(Difference {
                place,
                text: "new operation".to_owned(),
                class: Class::Additive,
                said_by: vec![Saying { document, type_: None }],
                edit: Edit::AddOperation { operation },
            });
        }
    }
}

/// A document covers a part of the API. What is missing from it is gone only if that part has it.
fn gone_operations(mode: Mode, ours: &Surface, theirs: &[Surface], found: &mut Differences) {
    for our in &ours.operations {
        let has_it = |their: &Surface| their.operations.iter().any(|their| is_same(our, their));
        if theirs.iter().any(has_it)
            || mode == Mode::Upstream && !covers(theirs, our.route.family())
        {
            continue;
        }
        found.add(Difference {
            place: place_of(our),
            text: "the operation is gone".to_owned(),
            class: Class::Breaking,
            said_by: (0..theirs.len()).map(|document| Saying { document, type_: None }).collect(),
            edit: Edit::RemoveOperation { pointer: our.pointer.clone() },
        });
    }
}

fn covers(theirs: &[Surface], family: &[String]) -> bool {
    theirs
        .iter()
        .flat_map(|surface| &surface.operations)
        .any(|operation| operation.route.family() == family)
}

/// Whether a difference at a place would have been found. One at a place that does not exist would
/// not be, and never will.
fn is_covered(
    place: &str,
    ours: &Surface,
    theirs: &[Surface],
    compared: &BTreeSet<String>,
) -> bool {
    let is_at = |name: &str| {
        place
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ', '[', '{']))
    };
    if compared.iter().any(|name| is_at(name)) {
        return true;
    }
    let of_operation = ours.operations.iter().find(|operation| is_at(&place_of(operation)));
    if let Some(operation) = of_operation {
        return covers(theirs, operation.route.family());
    }
    if let Some((_, path)) = place.split_once(" /") {
        return covers(theirs, surface::Route::of(path).family());
    }
    !ours.types().any(|(_, type_)| type_.name.as_deref().is_some_and(is_at))
}

#[cfg(test)]
mod tests;
