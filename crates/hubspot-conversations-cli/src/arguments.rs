//! The command line as a whole.

use std::io;

use clap::{Parser, Subcommand};

use crate::commands;
use crate::exit::Exit;
use crate::failure::note;
use crate::settings::Settings;
use crate::simulate::Simulate;

const ENVIRONMENT: &str = "Environment:
  HUBSPOT_ACCESS_TOKEN   The access token: of a private app, a service key, or OAuth
  HUBSPOT_DEVELOPER_KEY  The developer key, which custom-channels takes in place of a token
  HUBSPOT_APP_ID         The app to register custom channels for, unless --app-id says it
  HUBSPOT_API_VERSION    The version of the API, unless --api-version says it
  HUBSPOT_BASE_URL       Where to send requests, unless --base-url says it
  HTTPS_PROXY, ALL_PROXY The proxy to reach HubSpot through, unless NO_PROXY names it
  RUST_LOG               What to log to standard error, such as hubspot_conversations=debug,
                         which tells of waits and retries; nothing, if not set";

/// Reads and answers HubSpot conversations.
///
/// Lists are complete: every page is read, and printed as it arrives. Try it without a HubSpot
/// account: `convo --demo threads list`.
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
    /// How to end, once help or what is wrong is told.
    pub(crate) fn read() -> Result<Self, Exit> {
        Self::try_parse().map_err(|answer| {
            if answer.use_stderr() {
                // It repeats what was given.
                note(answer.render().to_string().trim_end());
                return Exit::Usage;
            }
            match answer.print() {
                Ok(()) => Exit::Done,
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
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
