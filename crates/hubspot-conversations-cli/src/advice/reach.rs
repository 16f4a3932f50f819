//! What to say where HubSpot was not reached.

use hubspot_conversations::Error;

use super::wording::words;
use super::{innermost, tried};
use crate::proxy::Proxy;
use crate::settings::Connection;

/// How to go past a proxy.
fn without(proxy: &Proxy) -> String {
    format!("check the proxy, correct {}, or add the host to NO_PROXY", proxy.variable())
}

/// That no connection came about.
pub(super) fn unreachable(error: &Error, connection: &Connection) -> String {
    let Connection { base_url, .. } = connection;
    let (tried, reason) = (tried(error), innermost(error));
    match Proxy::of(base_url) {
        Some(proxy) => {
            format!("cannot reach {base_url} through {proxy}{tried}: {reason}; {}", without(&proxy))
        }
        None => format!(
            "cannot reach {base_url}{tried}: {reason}; check the network and the base URL \
             (--base-url or HUBSPOT_BASE_URL)"
        ),
    }
}

/// That a proxy wants credentials.
pub(super) fn refused_by_proxy(connection: &Connection) -> String {
    match Proxy::of(&connection.base_url) {
        Some(proxy) => format!(
            "{proxy} requires authentication (407); nothing reached HubSpot; set \
             {}=http://USER:PASSWORD@HOST:PORT, or ask the network administrator",
            proxy.variable()
        ),
        None => format!(
            "a proxy on the way to {} requires authentication (407); nothing reached HubSpot; ask \
             the network administrator which proxy to use, and set it in HTTPS_PROXY",
            connection.base_url
        ),
    }
}

/// That no secure connection came about.
pub(super) fn insecure(error: &Error, connection: &Connection) -> String {
    let Connection { base_url, .. } = connection;
    let through = Proxy::of(base_url).map(|proxy| format!(" through {proxy}")).unwrap_or_default();
    let reason = words(&innermost(error));
    let advice = match speaks_no_tls(&reason) {
        true => {
            let plain = base_url.trim().trim_start_matches("https://");
            format!(
                "the server does not speak https: check the base URL and its port (--base-url or \
                 HUBSPOT_BASE_URL), or use http://{plain} for a server on this machine"
            )
        }
        false => {
            "check the base URL (--base-url or HUBSPOT_BASE_URL), and that this machine trusts \
                  the issuer of the server's certificate"
                .to_owned()
        }
    };
    format!("cannot connect securely to {base_url}{through}: {reason}; nothing was sent; {advice}")
}

/// Whether what came was no TLS at all.
fn speaks_no_tls(reason: &str) -> bool {
    reason.contains("InvalidContentType")
}
