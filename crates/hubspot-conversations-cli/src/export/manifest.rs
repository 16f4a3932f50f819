//! `export.json`, which describes a finished export.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use hubspot_conversations::types::InboxId;
use serde::{Deserialize, Serialize};

use super::files::{RecordKind, create, partial_path};
use super::findings::Findings;
use super::journal::Header;

/// The file whose existence means that an export is finished.
pub(super) const MANIFEST: &str = "export.json";

/// The description of a finished export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    /// The version of the program that wrote it.
    program: String,
    #[serde(flatten)]
    pub(super) header: Header,
    finished: DateTime<Utc>,
    /// Whether nothing that HubSpot has is missing.
    complete: bool,
    /// The number of records per file.
    records: BTreeMap<String, u64>,
    /// The number of truncated messages with original content.
    completed_messages: u64,
    pub(super) findings: Findings,
    /// The inboxes of the account when the export was started, which identify the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) inbox_ids: Option<HashSet<InboxId>>,
}

/// The export in the folder that is finished but not published.
#[derive(Debug)]
pub(super) enum Pending {
    /// Nothing, or an incomplete manifest, so that publication has not started.
    Nothing,
    Export(Box<Manifest>),
    /// A manifest that this version cannot read.
    Unreadable,
}

impl Manifest {
    pub(super) fn new(
        header: Header,
        counts: impl IntoIterator<Item = (RecordKind, u64)>,
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

    pub(super) fn count(&self, records: RecordKind) -> u64 {
        self.records.get(records.file_name()).copied().unwrap_or_default()
    }

    pub(super) fn completed_messages(&self) -> u64 {
        self.completed_messages
    }

    /// Writes it under its partial name: the export is finished but not published.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let mut file: File = create(&partial_path(folder, MANIFEST))?;
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        file.write_all(&text)?;
        file.sync_all()
    }

    /// The export in the folder that is finished but not published.
    pub(super) fn unpublished(folder: &Path) -> io::Result<Pending> {
        let path = partial_path(folder, MANIFEST);
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
