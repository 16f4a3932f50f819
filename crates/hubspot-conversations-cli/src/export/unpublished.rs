//! A finished export that is still to be published.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use hubspot_conversations::types::InboxId;

use super::files;
use super::journal::{Header, JOURNAL};
use super::manifest::Manifest;
use super::publication;

/// A finished export that is still to be published.
pub(super) struct Unpublished {
    folder: PathBuf,
    manifest: Manifest,
    journal: File,
}

impl Unpublished {
    /// With its journal, which is locked for as long as it is open.
    pub(super) fn new(folder: &Path, manifest: Manifest, journal: File) -> Self {
        Self { folder: folder.to_owned(), manifest, journal }
    }

    /// What it is of.
    pub(super) fn header(&self) -> &Header {
        &self.manifest.header
    }

    /// The inboxes of its account.
    pub(super) fn inboxes(&self) -> Option<&HashSet<InboxId>> {
        self.manifest.inbox_ids.as_ref()
    }

    /// Gives the files their names.
    pub(super) fn publish(self) -> io::Result<Manifest> {
        publication::publish(&self.folder)?;
        files::remove(&self.folder.join(JOURNAL))?;
        drop(self.journal);
        Ok(self.manifest)
    }
}
