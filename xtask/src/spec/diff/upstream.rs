//! HubSpot's documents, as they are given on the command line.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::printable;
use crate::spec::reading;
use crate::spec::surface::Surface;

/// The surfaces of HubSpot's documents. A file that is given twice is read once.
pub(in crate::spec) fn read(paths: &[PathBuf]) -> Result<Vec<Surface>> {
    let mut surfaces = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        let document = reading::file(path)?;
        let name = name_of(path, paths);
        if !seen.insert(path.canonicalize()?) {
            eprintln!("note: {} is given more than once, and read once", printable(&name));
            continue;
        }
        let surface = Surface::new(&name, &document);
        ensure!(!surface.operations.is_empty(), "{name} describes no operation");
        tell_notes(&surface);
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

/// Says on stderr what of a document leads nowhere.
pub(in crate::spec) fn tell_notes(surface: &Surface) {
    for note in &surface.notes {
        let line = format!("note: {}: {note}: read as any JSON, or as not there", surface.source);
        eprintln!("{}", printable(&line));
    }
}
