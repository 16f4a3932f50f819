//! `export.json`: what a finished export holds.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use hubspot_conversations::types::InboxId;
use serde::{Deserialize, Serialize};

use super::files::{Records, create, partial};
use super::findings::Findings;
use super::journal::Header;

/// The name of the file that says that an export is finished.
pub(super) const MANIFEST: &str = "export.json";

/// What a finished export holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    /// The version of the program that wrote it.
    program: String,
    #[serde(flatten)]
    pub(super) header: Header,
    finished: DateTime<Utc>,
    /// Whether it holds all that HubSpot has.
    complete: bool,
    /// How many records each file holds.
    records: BTreeMap<String, u64>,
    /// How many truncated messages have their original content beside them.
    completed_messages: u64,
    pub(super) findings: Findings,
    /// The inboxes of the account when the export was begun, by which it is known again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) inbox_ids: Option<HashSet<InboxId>>,
}

/// What the folder has of an export that is finished and not published.
#[derive(Debug)]
pub(super) enum Pending {
    /// Nothing, or a manifest that was not written to its end, so that publishing was not begun.
    Nothing,
    Export(Box<Manifest>),
    /// A manifest that this version cannot read.
    Unreadable,
}

impl Manifest {
    pub(super) fn new(
        header: Header,
        counts: impl IntoIterator<Item = (Records, u64)>,
        completed_messages: u64,
        findings: Findings,
        inbox_ids: Option<HashSet<InboxId>>,
    ) -> Self {
        Self {
            program: concat!("convo ", env!("CARGO_PKG_VERSION")).to_owned(),
            header,
            finished: SystemTime::now().into(),
            complete: !findings.has_losses(),
            records: counts
                .into_iter()
                .map(|(records, count)| (records.file_name().to_owned(), count))
                .collect(),
            completed_messages,
            findings,
            inbox_ids,
        }
    }

    pub(super) fn count(&self, records: Records) -> u64 {
        self.records.get(records.file_name()).copied().unwrap_or_default()
    }

    pub(super) fn completed_messages(&self) -> u64 {
        self.completed_messages
    }

    /// Writes it under the name that says that the export is finished, and not yet published.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let mut file: File = create(&partial(folder, MANIFEST))?;
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        file.write_all(&text)?;
        file.sync_all()
    }

    /// What the folder has of an export that is finished and not published.
    pub(super) fn unpublished(folder: &Path) -> io::Result<Pending> {
        let path = partial(folder, MANIFEST);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Ok(Pending::Nothing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Pending::Nothing);
            }
            Err(error) => return Err(error),
        }
        let text = fs::read(&path)?;
        Ok(match serde_json::from_slice::<Self>(&text) {
            Ok(manifest) if manifest.header.is_readable() => Pending::Export(Box::new(manifest)),
            Err(error) if !error.is_data() => Pending::Nothing,
            _ => Pending::Unreadable,
        })
    }
}
