//! Where requests, and with them the token, may go.

use std::fmt;

use reqwest::Url;

use crate::Error;

/// HubSpot's address.
pub(crate) const HUBSPOT: &str = "https://api.hubapi.com";

/// An address that a token may be sent to: over https, or on this machine.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    text: String,
    path: String,
    host: String,
    port: u16,
    is_loopback: bool,
}

impl BaseUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let invalid = |reason: &str| Error::invalid(format!("the base URL {reason}"));
        let url = Url::parse(text).map_err(|error| invalid(&format!("cannot be read: {error}")))?;
        let host = url.host_str().ok_or_else(|| invalid("has no host"))?;
        let is_loopback = is_loopback(host);
        match url.scheme() {
            "https" => {}
            "http" if is_loopback => {}
            _ => return Err(invalid("must begin with https:// unless it is on this machine")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("must not contain a user name or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("must not contain a query or a fragment"));
        }
        let trimmed = |text: &str| text.trim_end_matches('/').to_owned();
        Ok(Self {
            text: trimmed(url.as_str()),
            path: trimmed(url.path()),
            host: host.to_owned(),
            port: url.port_or_known_default().unwrap_or_default(),
            is_loopback,
        })
    }

    /// Fails for an https address if this crate was built without TLS.
    pub(crate) fn check_tls(&self) -> Result<(), Error> {
        if cfg!(any(feature = "rustls", feature = "native-tls")) || self.text.starts_with("http:") {
            return Ok(());
        }
        Err(Error::invalid(
            "the base URL begins with https://, and this program was built without TLS: enable the \
             feature `rustls` or `native-tls` of the crate hubspot-conversations",
        ))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Precedes the paths of the API.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The host's name or address.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is on this machine, where no proxy belongs between.
    pub(crate) fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

fn is_loopback(host: &str) -> bool {
    let address: Result<std::net::IpAddr, _> = host.trim_matches(['[', ']']).parse();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;

    #[test]
    fn a_token_goes_over_https_or_stays_on_this_machine() {
        for fine in [
            "https://api.hubapi.com",
            "https://gateway.example.com/hubspot/",
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:1",
        ] {
            assert!(BaseUrl::parse(fine).is_ok(), "{fine}");
        }
        for refused in [
            "http://api.hubapi.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "ftp://127.0.0.1",
            "https://user:password@api.hubapi.com",
            "https://api.hubapi.com?hapikey=1",
            "api.hubapi.com",
            "",
        ] {
            assert!(BaseUrl::parse(refused).is_err(), "{refused}");
        }
    }
}
