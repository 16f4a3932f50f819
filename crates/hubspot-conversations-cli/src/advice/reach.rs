//! What to say where HubSpot was not reached.

use hubspot_conversations::Error;

use super::wording::words;
use super::{innermost, tried};
use crate::proxy::Proxy;
use crate::settings::Connection;

/// How to go past a proxy.
fn without(proxy: &Proxy) -> String {
    format!("check it, correct {}, or name the address in NO_PROXY", proxy.variable())
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
            "cannot reach {base_url}{tried}: {reason}; check the network and the address, which \
             --base-url or HUBSPOT_BASE_URL sets"
        ),
    }
}

/// That a proxy wants credentials.
pub(super) fn refused_by_proxy(connection: &Connection) -> String {
    match Proxy::of(&connection.base_url) {
        Some(proxy) => format!(
            "{proxy}, wants credentials of its own (407); nothing reached HubSpot, so put them into \
             the address of the proxy, as in {}=http://USER:PASSWORD@HOST:PORT, or ask whoever runs it",
            proxy.variable()
        ),
        None => format!(
            "a proxy on the way to {} wants credentials of its own (407); nothing reached HubSpot, so \
             ask whoever runs the network which proxy to use, and name it in HTTPS_PROXY",
            connection.base_url
        ),
    }
}

/// That no secure connection came about.
pub(super) fn insecure(error: &Error, connection: &Connection) -> String {
    let Connection { base_url, .. } = connection;
    let through = Proxy::of(base_url).map(|proxy| format!(" through {proxy},")).unwrap_or_default();
    let reason = words(&innermost(error));
    let advice = match speaks_no_tls(&reason) {
        true => {
            let plain = base_url.trim().trim_start_matches("https://");
            format!(
                "check the address and its port, which --base-url or HUBSPOT_BASE_URL sets, because \
                 what answers there does not speak https; if it is on this machine and speaks http, \
                 write http://{plain}"
            )
        }
        false => "check the address, which --base-url or HUBSPOT_BASE_URL sets, and whether this \
                  machine trusts who issued the certificate there"
            .to_owned(),
    };
    format!(
        "no secure connection to {base_url} can be made{through}: {reason}; nothing was sent, so {advice}"
    )
}

/// Whether what came was no TLS at all.
fn speaks_no_tls(reason: &str) -> bool {
    reason.contains("InvalidContentType")
}
