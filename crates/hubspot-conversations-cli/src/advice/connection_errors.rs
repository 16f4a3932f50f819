//! Messages for errors in reaching HubSpot.

use hubspot_conversations::Error;

use super::wording::{innermost, tried, words};
use crate::connection::Connection;
use crate::proxy::Proxy;

/// What to do about a proxy.
fn proxy_advice(proxy: &Proxy) -> String {
    format!("check the proxy, correct {}, or add the host to NO_PROXY", proxy.variable())
}

/// The server cannot be reached.
pub(super) fn connect(error: &Error, connection: &Connection) -> String {
    let Connection { base_url, .. } = connection;
    let (tried, reason) = (tried(error), innermost(error));
    match Proxy::of(base_url) {
        Some(proxy) => {
            format!(
                "cannot reach {base_url} through {proxy}{tried}: {reason}; {}",
                proxy_advice(&proxy)
            )
        }
        None => format!(
            "cannot reach {base_url}{tried}: {reason}; check the network and the base URL \
             (--base-url or HUBSPOT_BASE_URL)"
        ),
    }
}

/// A proxy requires authentication.
pub(super) fn proxy(connection: &Connection) -> String {
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

/// The TLS handshake failed.
pub(super) fn tls(error: &Error, connection: &Connection) -> String {
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

/// Whether the server does not speak TLS.
fn speaks_no_tls(reason: &str) -> bool {
    reason.contains("InvalidContentType")
}
