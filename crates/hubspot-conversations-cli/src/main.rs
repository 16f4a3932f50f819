//! `convo`: HubSpot's Conversations API on the command line.
//!
//! Data goes to standard output, everything else to standard error. [`exit`] has the exit codes.

mod advice;
mod arguments;
mod base_url;
mod command_error;
mod commands;
mod connection;
mod demo;
mod exit;
mod export;
mod json_input;
mod logging;
mod name_value;
mod output;
mod proxy;
mod secret;
mod settings;
mod signals;
mod simulate;
mod stderr;
mod stdin;
mod terminal_text;
mod token_file;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use command_error::CommandError;
use exit::Exit;
use output::Output;
use settings::Settings;
use signals::StopSignal;

fn main() -> ExitCode {
    stderr::install_panic_hook();
    secret::register_misplaced();
    let Arguments { settings, command } = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(exit) => return exit.into(),
    };
    let result = logging::start().and_then(|()| match command {
        Command::Simulate(simulate) => simulate.run(),
        Command::Client(command) => run_with_client(settings, command),
    });
    result.unwrap_or_else(CommandError::report)
}

/// Runs a command that calls the API, on one thread.
fn run_with_client(
    settings: Settings,
    command: commands::Command,
) -> Result<ExitCode, CommandError> {
    let format = settings.output;
    let connection = settings.connect(command.credential())?;
    let mut output = Output::new(format, &connection.client);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::Failed(format!("cannot start: {error}")))?;
    let stop = StopSignal::listen()
        .map_err(|error| CommandError::Failed(format!("cannot start: {error}")))?;
    let result = runtime.block_on(async {
        // Read before the command is dropped, which drops its requests.
        let stopped = async { (stop.received().await, connection.client.changes_in_flight()) };
        tokio::select! {
            // The command is polled first, so that its result is printed if it has one.
            biased;
            done = command.run(&connection, &mut output) => done.map(|()| Exit::Success.into()),
            (exit, changes) = stopped => {
                for change in changes {
                    stderr::print_line(&format!("note: {}", advice::stopped(change)));
                }
                Ok(exit.into())
            }
        }
    });
    // A host name lookup cannot be cancelled, so it is not waited for.
    runtime.shutdown_background();
    result.map_err(|error| advice::explain(error, &connection))
}
