//! Where requests go, with which token, and how results are shown.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use hubspot_conversations::Client;

use crate::demo::Demo;
use crate::failure::Failure;
use crate::output::Format;
use crate::secret;

const TOKEN_VARIABLE: &str = "HUBSPOT_ACCESS_TOKEN";
const HUBSPOT: &str = "https://api.hubapi.com";

/// Options of every command, before or after it.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Settings {
    /// Read the access token from this file instead of from HUBSPOT_ACCESS_TOKEN
    ///
    /// There is no option for the token itself, because every user of the machine could read it
    /// in the list of processes.
    #[arg(long, global = true, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// Send requests to this address [default: https://api.hubapi.com]
    ///
    /// The token goes there and nowhere else. Must begin with https://, unless it is on this
    /// machine.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "HUBSPOT_BASE_URL",
        hide_env_values = true
    )]
    base_url: Option<String>,

    /// Use invented data instead of an account, from a simulator that lives as long as the command
    ///
    /// Neither a token nor an address is used, and what is written is gone when the command ends.
    /// `convo simulate` keeps it.
    #[arg(long, global = true)]
    demo: bool,

    /// How long one attempt may take, in seconds; 0.5 is half a second
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        default_value = "30",
        value_parser = seconds
    )]
    timeout: Duration,

    /// How to print results
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) output: Format,
}

/// A client, and what is worth telling of it when it fails.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) base_url: String,
    /// Where the token came from, for people.
    pub(crate) token_source: String,
    /// Serves the requests for as long as it is here.
    _demo: Option<Demo>,
}

struct Target {
    base_url: String,
    token: String,
    token_source: String,
    demo: Option<Demo>,
}

impl Settings {
    /// A client with these settings. Nothing is sent.
    pub(crate) fn connect(self) -> Result<Connection, Failure> {
        let timeout = self.timeout;
        let target = self.target()?;
        secret::keep(&target.token);
        let client = Client::builder()
            .token(target.token)
            .base_url(&target.base_url)
            .timeout(timeout)
            .user_agent(concat!("convo/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Failure::Usage(error.to_string()))?;
        Ok(Connection {
            client,
            base_url: target.base_url,
            token_source: target.token_source,
            _demo: target.demo,
        })
    }

    fn target(self) -> Result<Target, Failure> {
        if self.demo {
            let demo = Demo::start()?;
            return Ok(Target {
                base_url: demo.base_url.clone(),
                token: demo.token.clone(),
                token_source: "the simulator".to_owned(),
                demo: Some(demo),
            });
        }
        let (token, token_source) = match &self.token_file {
            Some(file) => (token_of(file)?, file.display().to_string()),
            None => (token_of_environment()?, TOKEN_VARIABLE.to_owned()),
        };
        let base_url = self.base_url.filter(|url| !url.is_empty());
        let base_url = base_url.unwrap_or_else(|| HUBSPOT.to_owned());
        Ok(Target { base_url, token, token_source, demo: None })
    }
}

fn token_of(file: &Path) -> Result<String, Failure> {
    let name = file.display();
    let text = fs::read_to_string(file)
        .map_err(|error| Failure::Usage(format!("cannot read the token file {name}: {error}")))?;
    match text.trim() {
        "" => Err(Failure::Usage(format!("the token file {name} is empty"))),
        token => Ok(token.to_owned()),
    }
}

fn token_of_environment() -> Result<String, Failure> {
    let token = env::var_os(TOKEN_VARIABLE).unwrap_or_default();
    let token = token.into_string().map_err(|_| {
        Failure::Usage(format!("{TOKEN_VARIABLE} holds something that is no token"))
    })?;
    match token.trim() {
        "" => Err(Failure::Usage(format!(
            "no access token: set {TOKEN_VARIABLE}, pass --token-file, or try --demo"
        ))),
        token => Ok(token.to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds: f64 = text.parse().map_err(|_| "not a number")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        Ok(_) => Err("must be more than 0"),
        Err(_) if seconds < 0.0 => Err("must be more than 0"),
        Err(_) => Err("too long"),
    }
}
