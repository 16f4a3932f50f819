//! HubSpot's documents, as they are given on the command line.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::printable;
use crate::Notes;
use crate::reading;
use crate::surface::Surface;

/// The surfaces of HubSpot's documents. A file that is given twice is read once.
pub(crate) fn read(paths: &[PathBuf], notes: &mut Notes<'_>) -> Result<Vec<Surface>> {
    let mut surfaces = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        let document = reading::file(path)?;
        let name = name_of(path, paths);
        if !seen.insert(path.canonicalize()?) {
            notes(&format!("note: {} is given more than once, and read once", printable(&name)));
            continue;
        }
        let surface = Surface::new(&name, &document);
        ensure!(!surface.operations.is_empty(), "{name} describes no operation");
        report_notes(&surface, notes);
        surfaces.push(surface);
    }
    Ok(surfaces)
}

/// What to call a file: by its name alone, if no other has the same.
fn name_of(path: &PathBuf, paths: &[PathBuf]) -> String {
    let is_other = |other: &&PathBuf| *other != path && other.file_name() == path.file_name();
    let shortest = if paths.iter().any(|other| is_other(&other)) { None } else { path.file_name() };
    shortest
        .map_or_else(|| path.display().to_string(), |name: &OsStr| name.to_string_lossy().into())
}

/// Reports references of a document that lead nowhere.
pub(crate) fn report_notes(surface: &Surface, notes: &mut Notes<'_>) {
    for note in &surface.notes {
        let line = format!("note: {}: {note}: read as any JSON, or as not there", surface.source);
        notes(&printable(&line));
    }
}
