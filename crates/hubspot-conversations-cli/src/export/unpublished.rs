//! A finished export that is not published yet.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use hubspot_conversations::types::InboxId;

use super::files;
use super::journal::{Header, JOURNAL};
use super::manifest::Manifest;
use super::publication;

/// A finished export that is not published yet.
pub(super) struct Unpublished {
    folder: PathBuf,
    manifest: Manifest,
    journal: File,
}

impl Unpublished {
    /// The journal stays locked while it is open.
    pub(super) fn new(folder: &Path, manifest: Manifest, journal: File) -> Self {
        Self { folder: folder.to_owned(), manifest, journal }
    }

    /// Its source and options.
    pub(super) fn header(&self) -> &Header {
        &self.manifest.header
    }

    /// The inboxes of its account.
    pub(super) fn inboxes(&self) -> Option<&HashSet<InboxId>> {
        self.manifest.inbox_ids.as_ref()
    }

    /// Gives the files their final names.
    pub(super) fn publish(self) -> io::Result<Manifest> {
        publication::publish(&self.folder)?;
        files::remove(&self.folder.join(JOURNAL))?;
        drop(self.journal);
        Ok(self.manifest)
    }
}
