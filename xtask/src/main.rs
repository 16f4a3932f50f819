//! Tasks of the workspace. `cargo xtask --help` lists them.

mod ci;
mod codegen;
mod document;
mod spec;
mod workspace;

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
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Codegen { check: true } => codegen::check(),
        Task::Codegen { check: false } => codegen::write(),
        Task::Spec(SpecTask::Lint) => spec::lint::run(),
        Task::Spec(SpecTask::Fmt { check }) => spec::fmt::run(check),
        Task::Spec(SpecTask::Diff(arguments)) => return spec::diff::run(&arguments),
        Task::Spec(SpecTask::Import(arguments)) => return spec::import::run(&arguments),
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
