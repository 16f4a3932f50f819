//! The global options, and the client they configure.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use hubspot_conversations::{
    AccessToken, ApiVersion, Client, ClientBuilder, Credential, ROOTS, RateLimit,
};

use crate::command_error::CommandError;
use crate::connection::{Connection, RootOverride};
use crate::demo::{Access, Demo};
use crate::name_value::name_value;
use crate::output::Format;
use crate::token_file::TokenFile;
use crate::{base_url, secret};

const TOKEN_VARIABLE: &str = "HUBSPOT_ACCESS_TOKEN";
const KEY_VARIABLE: &str = "HUBSPOT_DEVELOPER_KEY";
const BASE_URL_VARIABLE: &str = "HUBSPOT_BASE_URL";
const VERSION_VARIABLE: &str = "HUBSPOT_API_VERSION";
const APP_VARIABLE: &str = "HUBSPOT_APP_ID";
pub(crate) const SECRET_VARIABLE: &str = "HUBSPOT_CLIENT_SECRET";
const HUBSPOT: &str = "https://api.hubapi.com";

/// Options of every command, before or after it.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Settings {
    /// Read the access token from this file instead of HUBSPOT_ACCESS_TOKEN
    ///
    /// The file contains only the token. It is read again when HubSpot reports that the token has
    /// expired.
    ///
    /// The token itself is not an option: other users of the machine could read it in the process
    /// list.
    #[arg(long, global = true, value_name = "FILE")]
    token_file: Option<PathBuf>,

    #[allow(rustdoc::bare_urls, reason = "it is what --help prints")]
    /// Send requests to this base URL [default: https://api.hubapi.com]
    ///
    /// The token is sent to this address only. It must start with https://, unless it is on this
    /// machine.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = BASE_URL_VARIABLE,
        hide_env_values = true
    )]
    base_url: Option<String>,

    /// API version; some versions lack some commands [default: v3]
    #[arg(
        long,
        global = true,
        value_name = "VERSION",
        env = VERSION_VARIABLE,
        hide_env_values = true,
        value_parser = version()
    )]
    api_version: Option<ApiVersion>,

    /// Override the path at which a part of the API begins; can be repeated
    ///
    /// For example conversations=/conversations/2026-09/conversations, because HubSpot's
    /// documentation is inconsistent. The parts are conversations (inboxes, channels, threads,
    /// messages, actors), assignees, custom-channels (with their accounts and messages),
    /// custom-channel-registration (listing and creating them) and visitor-identification. Put all
    /// --root options before the command, or all after it.
    #[arg(long, global = true, value_name = "PART=PATH", value_parser = root)]
    root: Vec<RootOverride>,

    /// App that owns the custom channels; custom-channels uses it with HUBSPOT_DEVELOPER_KEY
    ///
    /// The key itself is not an option: other users of the machine could read it in the process
    /// list.
    #[arg(
        long,
        global = true,
        value_name = "ID",
        env = APP_VARIABLE,
        hide_env_values = true
    )]
    app_id: Option<String>,

    /// Use invented data from a built-in simulator instead of a HubSpot account
    ///
    /// No token, key or base URL is used. Changes are lost when the command ends; `convo simulate`
    /// keeps them until it stops.
    #[arg(long, global = true)]
    demo: bool,

    /// Time limit of one attempt, in seconds, such as 0.5
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        default_value = "30",
        value_parser = seconds
    )]
    timeout: Duration,

    /// Time limit of a whole request, in seconds: rate limit, all attempts, and waits between them
    ///
    /// A request fails at once if a wait would exceed it. Without --deadline, a request has no time
    /// limit, but fails at once if HubSpot asks to wait for more than a minute. A list sends one
    /// request per page.
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    deadline: Option<Duration>,

    /// Use only this share of HubSpot's rate limit, such as 0.5, and leave the rest to other
    /// programs
    ///
    /// convo reads the limit from HubSpot's responses. Each command applies the share on its own, and
    /// learns of other programs only from those responses.
    #[arg(long, global = true, value_name = "SHARE", default_value = "1", value_parser = share)]
    share: f64,

    /// Print the body of HubSpot's error response, which can contain customer data
    #[arg(long, global = true)]
    verbose: bool,

    /// Output format
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) output: Format,
}

/// Where requests go, and their authorization.
struct Target {
    base_url: String,
    authorization: Authorization,
    /// The credential and its source, for people.
    credential: String,
    demo: Option<Demo>,
}

/// The authorization of requests.
enum Authorization {
    Token(AccessToken),
    TokenFile(TokenFile),
    Key { key: String, app_id: u64 },
}

impl Authorization {
    /// Configures a client with it, and excludes it from all output.
    fn apply(self, client: ClientBuilder) -> ClientBuilder {
        match self {
            Self::Token(token) => {
                secret::register(token.expose_secret());
                client.token(token)
            }
            Self::TokenFile(file) => client.token_provider(file),
            Self::Key { key, app_id } => {
                secret::register(&key);
                client.developer_key(key, app_id)
            }
        }
    }
}

impl Settings {
    /// Builds a client for requests with this kind of credential. Sends nothing.
    pub(crate) fn connect(self, kind: Credential) -> Result<Connection, CommandError> {
        self.check_roots()?;
        let target = self.target(kind)?;
        let version = self.api_version.unwrap_or_default();
        let mut client = Client::builder()
            .api_version(version)
            .base_url(&target.base_url)
            .attempt_timeout(self.timeout)
            .rate_limit(RateLimit::from_headers().share(self.share))
            .user_agent(concat!("convo/", env!("CARGO_PKG_VERSION")));
        if let Some(deadline) = self.deadline {
            client = client.deadline(deadline);
        }
        for RootOverride { part, path } in &self.root {
            client = client.root(*part, path);
        }
        let client = target.authorization.apply(client);
        let client = client.build().map_err(|error| CommandError::Usage(error.to_string()))?;
        Ok(Connection {
            client,
            base_url: target.base_url,
            credential: target.credential,
            version,
            deadline: self.deadline,
            verbose: self.verbose,
            roots: self.root,
            demo: target.demo,
        })
    }

    /// Rejects roots before the command if there are roots after it: clap keeps only the latter.
    fn check_roots(&self) -> Result<(), CommandError> {
        let arguments = env::args_os().skip(1).take_while(|argument| argument != "--");
        let is_root = |argument: &OsString| {
            let argument = argument.as_encoded_bytes();
            argument == b"--root" || argument.starts_with(b"--root=")
        };
        if arguments.filter(is_root).count() > self.root.len() {
            return Err(CommandError::Usage(
                "some --root options are before the command and some after it: put all of them \
                 after it"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    fn target(&self, kind: Credential) -> Result<Target, CommandError> {
        if self.demo {
            return demo(kind);
        }
        let (authorization, credential) = match kind {
            Credential::DeveloperKey => {
                (self.key()?, format!("the developer key from {KEY_VARIABLE}"))
            }
            _ => {
                let (authorization, source) = match &self.token_file {
                    Some(file) => {
                        let token = TokenFile::open(file.clone()).map_err(CommandError::Usage)?;
                        (Authorization::TokenFile(token), file.display().to_string())
                    }
                    None => {
                        (Authorization::Token(token_of_environment()?), TOKEN_VARIABLE.to_owned())
                    }
                };
                (authorization, format!("the access token from {source}"))
            }
        };
        Ok(Target { base_url: self.base_url()?, authorization, credential, demo: None })
    }

    /// Where to send requests. An empty URL is an error: requests meant for another server must not
    /// go to HubSpot.
    fn base_url(&self) -> Result<String, CommandError> {
        match self.base_url.as_deref() {
            None => Ok(HUBSPOT.to_owned()),
            Some(base_url) if base_url.trim().is_empty() => {
                let is_variable = env::var_os(BASE_URL_VARIABLE).is_some_and(|url| url == base_url);
                let source = if is_variable { BASE_URL_VARIABLE } else { "--base-url" };
                Err(CommandError::Usage(format!(
                    "{source} is empty: provide a URL, or omit it to use {HUBSPOT}"
                )))
            }
            Some(base_url) => match base_url::correction(base_url) {
                Some(correction) => Err(CommandError::Usage(correction)),
                None => Ok(base_url.to_owned()),
            },
        }
    }

    /// The developer key and its app.
    fn key(&self) -> Result<Authorization, CommandError> {
        let key = variable(KEY_VARIABLE)?.ok_or_else(|| {
            CommandError::Usage(format!(
                "no developer key: set {KEY_VARIABLE}, and set {APP_VARIABLE} or pass --app-id, or \
                 try --demo"
            ))
        })?;
        let app_id = self.app_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let app_id = app_id.ok_or_else(|| {
            CommandError::Usage(format!(
                "no app id: set {APP_VARIABLE} or pass --app-id, or try --demo"
            ))
        })?;
        let app_id = app_id.parse().map_err(|_| {
            CommandError::Usage(format!(
                "invalid app id {app_id}: set {APP_VARIABLE} or --app-id to a whole number"
            ))
        })?;
        Ok(Authorization::Key { key, app_id })
    }
}

/// A simulator, and the credential that it accepts.
fn demo(kind: Credential) -> Result<Target, CommandError> {
    let demo = Demo::start()?;
    let Access { base_url, token, developer_key, app_id } = &demo.access;
    let (authorization, credential) = match kind {
        Credential::DeveloperKey => (
            Authorization::Key { key: developer_key.clone(), app_id: *app_id },
            "the developer key from the simulator",
        ),
        _ => (Authorization::Token(token.as_str().into()), "the access token from the simulator"),
    };
    Ok(Target {
        base_url: base_url.clone(),
        authorization,
        credential: credential.to_owned(),
        demo: Some(demo),
    })
}

fn token_of_environment() -> Result<AccessToken, CommandError> {
    let token = variable(TOKEN_VARIABLE)?.ok_or_else(|| {
        CommandError::Usage(format!(
            "no access token: set {TOKEN_VARIABLE}, pass --token-file, or try --demo"
        ))
    })?;
    let token = AccessToken::from(token);
    token.check().map_err(|error| CommandError::Usage(format!("{TOKEN_VARIABLE}: {error}")))?;
    Ok(token)
}

/// A secret in the environment. `None` if it is unset or empty.
pub(crate) fn variable(name: &str) -> Result<Option<String>, CommandError> {
    let value = env::var_os(name).unwrap_or_default();
    let value = value
        .into_string()
        .map_err(|_| CommandError::Usage(format!("{name} is not valid UTF-8")))?;
    Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty()))
}

/// Parses a version.
fn version() -> impl TypedValueParser<Value = ApiVersion> {
    let known = ApiVersion::ALL.map(|version| PossibleValue::new(version.as_str()));
    let unset = PossibleValue::new("").hide(true);
    PossibleValuesParser::new(known.into_iter().chain([unset])).try_map(|name| {
        // clap has rejected unknown names.
        name.parse().map_err(|_| format!("the option or {VERSION_VARIABLE} is empty"))
    })
}

/// Parses a part of the API and its path.
fn root(text: &str) -> Result<RootOverride, String> {
    let (name, path) = name_value(text)?;
    let known = || ROOTS.iter().map(|root| root.name);
    match known().find(|part| *part == name) {
        Some(part) => Ok(RootOverride { part, path }),
        None => Err(format!("use one of {}", known().collect::<Vec<_>>().join(", "))),
    }
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds: f64 = text.parse().map_err(|_| "not a number")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        Ok(_) => Err("must be greater than 0"),
        Err(_) if seconds < 0.0 => Err("must be greater than 0"),
        Err(_) if seconds.is_nan() => Err("not a number"),
        Err(_) => Err("too long"),
    }
}

fn share(text: &str) -> Result<f64, &'static str> {
    match text.parse() {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        Ok(_) => Err("must be greater than 0 and at most 1"),
        Err(_) => Err("not a number"),
    }
}
