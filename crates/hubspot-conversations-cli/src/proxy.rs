//! The proxy that the environment sets.

use std::env;
use std::fmt;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

/// The variables that set a proxy for https, in order of precedence.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// A proxy without its credentials. It is displayed with the variable that sets it.
#[derive(Debug)]
pub(crate) struct Proxy {
    address: String,
    variable: &'static str,
}

impl Proxy {
    /// The proxy that the client uses for a base URL. `None` without a proxy, as for every server on
    /// this machine.
    pub(crate) fn of(base_url: &str) -> Option<Self> {
        let target: Uri = base_url.parse().ok()?;
        // Only servers on this machine have another scheme.
        if target.scheme_str() != Some("https") {
            return None;
        }
        let proxy = Matcher::from_env().intercept(&target)?;
        let authority = proxy.uri().authority()?.as_str();
        let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
        let is_set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
        Some(Self { address: address.to_owned(), variable: VARIABLES.into_iter().find(is_set)? })
    }

    /// The variable that sets it.
    pub(crate) fn variable(&self) -> &'static str {
        self.variable
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy {} (from {})", self.address, self.variable)
    }
}
