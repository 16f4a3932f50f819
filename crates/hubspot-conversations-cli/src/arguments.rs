//! The command line.

use std::io;

use clap::{Parser, Subcommand};

use crate::commands;
use crate::exit::Exit;
use crate::settings::Settings;
use crate::simulate::Simulate;
use crate::stderr;

const ENVIRONMENT: &str = "Environment:
  HUBSPOT_ACCESS_TOKEN   Access token of a private app, service key or OAuth app
  HUBSPOT_DEVELOPER_KEY  Developer key, which custom-channels uses as credential
  HUBSPOT_APP_ID         Default of --app-id
  HUBSPOT_API_VERSION    Default of --api-version
  HUBSPOT_BASE_URL       Default of --base-url
  HTTPS_PROXY, ALL_PROXY Proxy; NO_PROXY lists addresses to reach without it
  RUST_LOG               Log filter; hubspot_conversations=debug logs waits and
                         retries to standard error; unset logs nothing";

/// Work with HubSpot conversations from the command line.
///
/// Lists are complete: convo fetches every page and prints each as it arrives. To try it without a
/// HubSpot account, run `convo --demo threads list`.
#[derive(Debug, Parser)]
#[command(
    name = "convo",
    version,
    arg_required_else_help = true,
    after_help = format!("{ENVIRONMENT}\n\n{}", Exit::help())
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) settings: Settings,

    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Reads the command line.
    ///
    /// # Errors
    ///
    /// The exit code, after printing the help or the usage error.
    pub(crate) fn read() -> Result<Self, Exit> {
        Self::try_parse().map_err(|error| {
            if error.use_stderr() {
                // The message repeats arguments, which can contain secrets.
                stderr::print_line(error.render().to_string().trim_end());
                return Exit::Usage;
            }
            match error.print() {
                Ok(()) => Exit::Success,
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
                Err(_) => Exit::Failed,
            }
        })
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Client(commands::Command),

    Simulate(Simulate),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Arguments::command().debug_assert();
    }
}
