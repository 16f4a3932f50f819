//! `convo`: HubSpot's Conversations API on the command line.
//!
//! Data goes to standard output, everything else to standard error. [`exit`] has the exit codes.

mod address;
mod advice;
mod arguments;
mod commands;
mod demo;
mod exit;
mod export;
mod failure;
mod given;
mod logging;
mod output;
mod proxy;
mod secret;
mod settings;
mod simulate;
mod stdin;
mod stop;
mod token_file;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use exit::Exit;
use failure::Failure;
use output::Output;
use settings::Settings;
use stop::Stop;

fn main() -> ExitCode {
    failure::report_panics();
    secret::keep_misplaced();
    let Arguments { settings, command } = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(exit) => return exit.into(),
    };
    let ended = logging::start().and_then(|()| match command {
        Command::Simulate(simulate) => simulate.run(),
        Command::Client(command) => on_client(settings, command),
    });
    ended.unwrap_or_else(Failure::report)
}

/// Carries out a command against the API, on one thread.
fn on_client(settings: Settings, command: commands::Command) -> Result<ExitCode, Failure> {
    let format = settings.output;
    let connection = settings.connect(command.credential())?;
    let mut output = Output::new(format, &connection.client);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Local(format!("cannot start: {error}")))?;
    let stop = Stop::listen().map_err(|error| Failure::Local(format!("cannot start: {error}")))?;
    let ended = runtime.block_on(async {
        // Asked while the command is there, because it forgets its requests when it is dropped.
        let asked = async { (stop.asked().await, connection.client.changes_in_flight()) };
        tokio::select! {
            // The command comes first, so that what it has done is printed.
            biased;
            done = command.run(&connection, &mut output) => done.map(|()| Exit::Done.into()),
            (stopped, changes) = asked => {
                for change in changes {
                    failure::note(&format!("note: {}", advice::stopped(change)));
                }
                Ok(stopped.into())
            }
        }
    });
    // Looking a host name up cannot be cancelled, and is not waited for.
    runtime.shutdown_background();
    ended.map_err(|failure| failure.explained(&connection))
}
