//! Connections: pooled for idempotent requests, new for others.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::redirect;

use crate::Error;
use crate::base_url::BaseUrl;

/// Opens connections, and pools them for idempotent requests.
///
/// The server may have closed an idle connection, which is noticed only after a request is sent, and
/// then its outcome is unknown. So other requests open a connection, at the cost of two round trips.
pub(crate) struct Connections {
    settings: Settings,
    pooled: reqwest::Client,
    /// Made when first needed: a TLS configuration takes milliseconds, and many short programs only
    /// read.
    unpooled: OnceLock<reqwest::Client>,
}

pub(crate) struct Settings {
    pub(crate) base_url: BaseUrl,
    pub(crate) user_agent: String,
    pub(crate) connect_timeout: Duration,
}

impl Connections {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        let pooled = settings.client(usize::MAX)?;
        Ok(Self { settings, pooled, unpooled: OnceLock::new() })
    }

    /// The HTTP client for an idempotent request, or for another one.
    pub(crate) fn client(&self, idempotent: bool) -> Result<&reqwest::Client, Error> {
        if idempotent {
            return Ok(&self.pooled);
        }
        if let Some(unpooled) = self.unpooled.get() {
            return Ok(unpooled);
        }
        let unpooled = self.settings.client(0)?;
        Ok(self.unpooled.get_or_init(|| unpooled))
    }
}

impl Settings {
    fn client(&self, max_idle: usize) -> Result<reqwest::Client, Error> {
        let mut http = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .redirect(redirect::Policy::none())
            .user_agent(self.user_agent.as_str())
            .pool_max_idle_per_host(max_idle);
        if self.base_url.is_loopback() {
            http = http.no_proxy();
        }
        http.build().map_err(|error| Error::http(error, self.base_url.as_str()))
    }
}
