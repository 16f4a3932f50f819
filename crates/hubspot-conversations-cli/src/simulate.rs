//! `convo simulate`

use std::io::{self, Write};
use std::process::ExitCode;

use clap::builder::RangedU64ValueParser;
use clap::{Args, ValueEnum};
use hubspot_conversations_sim::{Fault, RateLimit, Simulator, SimulatorBuilder, Subscription};
use serde::Serialize;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::settings::{SECRET_VARIABLE, variable};
use crate::signals::StopSignal;

/// Everything is in memory, so threads, entries of one thread, and all entries are limited.
const MAX_THREADS: u64 = 100_000;
const MAX_MESSAGES: u64 = 100_000;
const MAX_ENTRIES: usize = 1_000_000;

/// Run a simulator of HubSpot on a local port until stopped
///
/// When ready, it prints one line of JSON with its base URL and the access token, developer key and
/// app id that it accepts. The same seed produces the same data. Changes are kept until it stops.
#[derive(Args, Debug)]
pub(crate) struct Simulate {
    /// Port to listen on; 0 selects a free port
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,

    /// Seed of the invented data
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Number of threads; all threads together have at most a million entries
    #[arg(
        long,
        value_name = "N",
        default_value_t = 25,
        value_parser = RangedU64ValueParser::<usize>::new().range(..=MAX_THREADS)
    )]
    threads: usize,

    /// Number of entries in each thread's history: messages, comments and events
    #[arg(
        long,
        value_name = "N",
        default_value_t = 12,
        value_parser = RangedU64ValueParser::<usize>::new().range(..=MAX_MESSAGES)
    )]
    messages: usize,

    /// Enforce the rate limits of this kind of app; unlimited if omitted
    #[arg(long, value_name = "TIER")]
    rate_limit: Option<Tier>,

    /// Apply this fault to every request
    #[arg(long, value_name = "FAULT")]
    fault: Option<FaultKind>,

    /// Send webhook events to this URL on this machine, such as http://127.0.0.1:3000/hubspot
    ///
    /// Events are signed as HubSpot signs them, with the client secret in HUBSPOT_CLIENT_SECRET. If
    /// it is unset, the line of JSON contains the client secret.
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
}

/// The kind of app whose rate limits apply.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tier {
    /// Private app, Free or Starter: 100 requests per 10 seconds, 250,000 per day
    PrivateAppFree,
    /// Private app, Professional: 190 requests per 10 seconds, 625,000 per day
    Professional,
    /// Private app, Enterprise: 190 requests per 10 seconds, 1,000,000 per day
    Enterprise,
    /// Public app: 110 requests per 10 seconds
    Oauth,
}

impl Tier {
    fn rate_limit(self) -> RateLimit {
        match self {
            Self::PrivateAppFree => RateLimit::private_app_free(),
            Self::Professional => RateLimit::professional(),
            Self::Enterprise => RateLimit::enterprise(),
            Self::Oauth => RateLimit::oauth_app(),
        }
    }
}

/// A fault of every request.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FaultKind {
    /// A list restarts if its cursor is sent back percent-encoded, as it is in the JSON
    #[value(alias = "encoded_cursor")]
    EncodedCursor,
}

impl FaultKind {
    fn fault(self) -> Fault {
        match self {
            Self::EncodedCursor => Fault::EncodedCursor,
        }
    }
}

/// The line that is printed once the simulator is ready.
#[derive(Serialize)]
struct Ready<'a> {
    base_url: &'a str,
    token: &'a str,
    developer_key: &'a str,
    app_id: u64,
    /// Only with a webhook, and if the environment does not set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
}

impl Simulate {
    pub(crate) fn run(self) -> Result<ExitCode, CommandError> {
        if self.threads * self.messages > MAX_ENTRIES {
            return Err(CommandError::Usage(format!(
                "too many entries: --threads times --messages must be at most {MAX_ENTRIES}"
            )));
        }
        let failed = |error| {
            let port = self.port;
            CommandError::Failed(format!(
                "cannot listen on port {port}: {error}; choose another --port"
            ))
        };
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let secret = variable(SECRET_VARIABLE)?;
        let shows_secret = self.webhook.is_some() && secret.is_none();
        let stop = StopSignal::listen().map_err(failed)?;
        runtime.block_on(async {
            let builder = self.builder();
            let builder = match secret {
                Some(secret) => builder.client_secret(secret),
                None => builder,
            };
            let simulator = builder.start().await.map_err(failed)?;
            if let Some(webhook) = &self.webhook {
                let subscribed = simulator.subscribe(Subscription::new(webhook.as_str()));
                subscribed.map_err(|error| CommandError::Usage(error.to_string()))?;
            }
            if let Some(fault) = self.fault {
                simulator.fail_randomly(self.seed, 1.0, [fault.fault()]);
            }
            announce(&simulator, shows_secret)?;
            stop.received().await;
            Ok(Exit::Success.into())
        })
    }

    fn builder(&self) -> SimulatorBuilder {
        let builder = Simulator::builder()
            .seed(self.seed)
            .threads(self.threads)
            .messages(self.messages)
            .port(self.port);
        match self.rate_limit {
            Some(tier) => builder.rate_limit(tier.rate_limit()),
            None => builder,
        }
    }
}

fn announce(simulator: &Simulator, shows_secret: bool) -> io::Result<()> {
    let ready = Ready {
        base_url: simulator.base_url(),
        token: simulator.token(),
        developer_key: simulator.developer_key(),
        app_id: simulator.app_id(),
        client_secret: shows_secret.then(|| simulator.client_secret()),
    };
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &ready)?;
    out.write_all(b"\n")?;
    out.flush()
}
