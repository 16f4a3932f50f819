//! Tasks of the workspace. `cargo xtask --help` lists them.

mod ci;
mod codegen;
mod document;
mod graph;
mod spec;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of the workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Writes the generated code of the api crate from openapi/conversations.json.
    Codegen {
        /// Writes nothing; exits 1 and shows the difference if the code is not what the document gives.
        #[arg(long)]
        check: bool,
        /// Generates a crate from a document whose names are awkward in Rust, and compiles it.
        #[arg(long, conflicts_with_all = ["check", "spec"])]
        compile: bool,
        /// Generates a whole crate from another document, which is normalized first.
        #[arg(long, requires = "out", conflicts_with = "check")]
        spec: Option<PathBuf>,
        /// The folder to write that crate to: empty, new, or written by this command before.
        #[arg(long, requires = "spec")]
        out: Option<PathBuf>,
    },
    /// Works on the OpenAPI document.
    #[command(subcommand)]
    Spec(SpecTask),
    /// Runs everything CI runs.
    Ci,
}

#[derive(Subcommand)]
enum SpecTask {
    /// Says where the document breaks the design's rules; exits 1 if it does.
    Lint,
    /// Writes the document in its canonical layout.
    Fmt {
        /// Writes nothing; exits 1 if the layout differs.
        #[arg(long)]
        check: bool,
    },
    /// Says what differs between HubSpot's documents and ours; exits 1 if something does.
    Diff(spec::diff::Arguments),
    /// Takes into our document what differs in HubSpot's.
    Import(spec::import::Arguments),
    /// Makes a document that HubSpot publishes one that progenitor can read.
    Normalize {
        /// HubSpot's document: OpenAPI 3.0 as JSON.
        input: PathBuf,
        /// Where the document is written to. What was mended, and what was lost, goes to stderr.
        #[arg(short, long)]
        output: PathBuf,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Codegen { spec: Some(spec), out: Some(out), .. } => {
            codegen::write_package(&spec, &out)
        }
        Task::Codegen { compile: true, .. } => codegen::compile_awkward(),
        Task::Codegen { check: true, .. } => codegen::check(),
        Task::Codegen { check: false, .. } => codegen::write(),
        Task::Spec(SpecTask::Lint) => spec::lint::run(),
        Task::Spec(SpecTask::Fmt { check }) => spec::fmt::run(check),
        Task::Spec(SpecTask::Diff(arguments)) => return spec::diff::run(&arguments),
        Task::Spec(SpecTask::Import(arguments)) => return spec::import::run(&arguments),
        Task::Spec(SpecTask::Normalize { input, output }) => spec::normalize::run(&input, &output),
        Task::Ci => ci::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
