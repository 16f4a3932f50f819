//! Tasks of the workspace. `cargo xtask --help` lists them.

mod assumptions;
mod ci;
mod codegen;
mod revision;
mod spec;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Error;
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
    /// Writes what is generated from openapi/conversations.json: the api crate, the requests of the client, and those of its tests.
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
    Spec(spec::Task),
    /// Lists the simulator's assumptions about HubSpot.
    Assumptions {
        /// Prints nothing; exits 1 if the simulator's documentation has another list.
        #[arg(long)]
        check: bool,
    },
    /// Runs everything CI runs.
    Ci,
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Codegen { spec: Some(spec), out: Some(out), .. } => {
            codegen::write_package(&spec, &out)
        }
        Task::Codegen { compile: true, .. } => codegen::compile_awkward(),
        Task::Codegen { check: true, .. } => codegen::check(),
        Task::Codegen { check: false, .. } => codegen::write(),
        Task::Spec(task) => return task.run().unwrap_or_else(|error| failure(&error)),
        Task::Assumptions { check: true } => assumptions::check(),
        Task::Assumptions { check: false } => assumptions::print(),
        Task::Ci => ci::run(),
    };
    result.map_or_else(|error| failure(&error), |()| ExitCode::SUCCESS)
}

fn failure(error: &Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}
