//! The connections of a client: kept for what can be repeated, fresh for what cannot.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::redirect;

use crate::Error;
use crate::base_url::BaseUrl;

/// Opens connections, and keeps them for requests that can be repeated.
///
/// The server may have closed a connection while it was idle, which shows only when a request is on
/// its way, and then nobody can say whether it arrived. A request that must not be repeated opens a
/// connection instead, which takes two round trips more.
pub(crate) struct Connections {
    settings: Settings,
    kept: reqwest::Client,
    /// Made when it is needed first: a TLS configuration takes milliseconds, and most programs that
    /// start often only read.
    fresh: OnceLock<reqwest::Client>,
}

pub(crate) struct Settings {
    pub(crate) base_url: BaseUrl,
    pub(crate) user_agent: String,
    pub(crate) connect_timeout: Duration,
}

impl Connections {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        let kept = settings.client(usize::MAX)?;
        Ok(Self { settings, kept, fresh: OnceLock::new() })
    }

    /// For a request that is idempotent, or is not.
    pub(crate) fn client(&self, idempotent: bool) -> Result<&reqwest::Client, Error> {
        if idempotent {
            return Ok(&self.kept);
        }
        if let Some(fresh) = self.fresh.get() {
            return Ok(fresh);
        }
        let fresh = self.settings.client(0)?;
        Ok(self.fresh.get_or_init(|| fresh))
    }
}

impl Settings {
    fn client(&self, most_idle: usize) -> Result<reqwest::Client, Error> {
        let mut http = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .redirect(redirect::Policy::none())
            .user_agent(self.user_agent.as_str())
            .pool_max_idle_per_host(most_idle);
        if self.base_url.is_loopback() {
            http = http.no_proxy();
        }
        http.build().map_err(|error| Error::http(error, self.base_url.as_str()))
    }
}
