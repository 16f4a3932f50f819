//! `cargo xtask spec`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand, ValueEnum};
use hubspot_openapi::Document;
use hubspot_openapi::diff::{self, Report, printable};
use hubspot_openapi::import::Import;
use hubspot_openapi::normalize::normalize;
use hubspot_openapi::{layout, lint};

use crate::{revision, workspace};

#[derive(Subcommand)]
pub(crate) enum Task {
    /// Says where the document breaks the design's rules; exits 1 if it does.
    Lint,
    /// Writes the document in its canonical layout.
    Fmt {
        /// Writes nothing; exits 1 if the layout differs.
        #[arg(long)]
        check: bool,
    },
    /// Says what differs between HubSpot's documents and ours; exits 1 if something does.
    Diff(DiffArguments),
    /// Takes into our document what differs in HubSpot's.
    Import(ImportArguments),
    /// Makes a document that HubSpot publishes one that progenitor can read.
    Normalize {
        /// HubSpot's document: OpenAPI 3.0 as JSON.
        input: PathBuf,
        /// Where the document is written to. What was fixed, and what was lost, goes to stderr.
        #[arg(short, long)]
        output: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct DiffArguments {
    /// HubSpot's documents, which together are what ours is compared with.
    #[arg(long, value_name = "FILE", num_args = 1.., required_unless_present = "base")]
    upstream: Vec<PathBuf>,
    /// Takes documents that have none of our operations, too: a part of the API that is new to us.
    #[arg(long, conflicts_with = "base")]
    new_part: bool,
    /// Compares our document with itself as it was in this revision.
    #[arg(long, value_name = "GIT-REV", conflicts_with = "upstream")]
    base: Option<String>,
    /// The document that is ours, if not openapi/conversations.json.
    #[arg(long, value_name = "FILE")]
    ours: Option<PathBuf>,
    /// The list of differences that are meant, if not openapi/deviations.json.
    #[arg(long, value_name = "FILE")]
    deviations: Option<PathBuf>,
    /// How to write the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For programs; openapi/README.md says what it holds.
    Json,
    /// For an issue.
    Markdown,
}

#[derive(Args)]
pub(crate) struct ImportArguments {
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

impl Task {
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self {
            Self::Lint => lint()?,
            Self::Fmt { check } => fmt(check)?,
            Self::Diff(arguments) => return Ok(exit_code(diff(&arguments))),
            Self::Import(arguments) => {
                return Ok(exit_code(import(&arguments).map(|()| ExitCode::SUCCESS)));
            }
            Self::Normalize { input, output } => write_normalized(&input, &output)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Exits 2 after an error: 1 means that the documents differ.
fn exit_code(result: Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("error: {}", printable(&format!("{error:#}")));
        ExitCode::from(2)
    })
}

/// Prints where the document breaks the rules, and fails if it does.
pub(crate) fn lint() -> Result<()> {
    let findings = lint::check(&Document::read(&workspace::document())?);
    let mut out = io::stdout().lock();
    for finding in &findings {
        writeln!(out, "{finding}")?;
    }
    ensure!(
        findings.is_empty(),
        "{} breaks the rules in {} place(s): fix them as the lines above say",
        workspace::DOCUMENT,
        findings.len()
    );
    Ok(())
}

/// Writes the document in its canonical layout, or fails if it is not.
pub(crate) fn fmt(check: bool) -> Result<()> {
    let path = workspace::document();
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let formatted =
        layout::format(&text).with_context(|| format!("{} is not JSON", workspace::DOCUMENT))?;
    if check {
        ensure!(
            text == formatted,
            "{} is not in its canonical layout: run `cargo xtask spec fmt`",
            workspace::DOCUMENT
        );
    } else if text != formatted {
        fs::write(&path, formatted)?;
    }
    Ok(())
}

/// Prints the report.
fn diff(arguments: &DiffArguments) -> Result<ExitCode> {
    let report = compare(arguments)?;
    let text = match arguments.format {
        Format::Text => report.text(),
        Format::Json => report.json(),
        Format::Markdown => report.markdown(),
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(if report.is_drift() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn compare(arguments: &DiffArguments) -> Result<Report> {
    let ours = arguments.ours.clone().unwrap_or_else(workspace::document);
    let notes = &mut |note: &str| eprintln!("{note}");
    if let Some(base) = &arguments.base {
        return diff::with_revision(&ours, base, || revision::read(base), notes);
    }
    let deviations = arguments.deviations.clone().unwrap_or_else(workspace::deviations);
    diff::with_upstream(&ours, &arguments.upstream, &deviations, arguments.new_part, notes)
}

/// Writes our document. The report goes to stderr.
fn import(arguments: &ImportArguments) -> Result<()> {
    let path = arguments.into.clone().unwrap_or_else(workspace::document);
    let deviations = arguments.deviations.clone().unwrap_or_else(workspace::deviations);
    let notes = &mut |note: &str| eprintln!("{note}");
    let import = Import::files(&path, &arguments.upstream, &deviations, arguments.remove, notes)?;
    let text = import.text();
    if text != fs::read_to_string(&path)? {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    io::stderr().lock().write_all(import.report().as_bytes())?;
    Ok(())
}

/// Reads a document, normalizes it, and writes it. The report goes to stderr.
fn write_normalized(input: &Path, output: &Path) -> Result<()> {
    let text = fs::read(input).with_context(|| format!("cannot read {}", input.display()))?;
    let (document, report) = normalize(&text).with_context(|| input.display().to_string())?;
    fs::write(output, format!("{document:#}\n"))
        .with_context(|| format!("cannot write {}", output.display()))?;
    eprint!("{report}");
    Ok(())
}
