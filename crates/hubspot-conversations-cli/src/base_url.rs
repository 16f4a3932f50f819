//! Common mistakes in a base URL.

/// Why a text is not a base URL, and how to write it. `None` if it looks right: the client checks the
/// rest. A text that may contain a password is not repeated.
pub(crate) fn correction(base_url: &str) -> Option<String> {
    let text = base_url.trim();
    if text.contains(['@', '?', '#']) {
        return None;
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let rest = rest.trim_start_matches('/');
    let right = if is_on_this_machine(rest) { "http" } else { "https" };
    let fault = match scheme.to_ascii_lowercase().as_str() {
        "https" => return None,
        "http" if right == "http" => return None,
        "" => "has no scheme",
        _ if right == "http" => "must start with http:// or https://",
        _ => "must start with https://, because it is not on this machine",
    };
    let correct = match rest {
        "" => String::new(),
        rest => format!(": use {right}://{rest}"),
    };
    Some(format!("the base URL {text} {fault}{correct}"))
}

/// Whether the host at the start of an address is this machine.
fn is_on_this_machine(address: &str) -> bool {
    let authority = address.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(ip) => ip.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let ip: Result<std::net::IpAddr, _> = host.parse();
    host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::correction;

    #[test]
    fn an_address_is_named_with_the_way_to_write_it() {
        for (address, correct) in [
            ("127.0.0.1:1", "http://127.0.0.1:1"),
            ("localhost:8080/", "http://localhost:8080/"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("api.hubapi.com", "https://api.hubapi.com"),
            ("api.hubapi.com:443/path", "https://api.hubapi.com:443/path"),
            ("//api.hubapi.com", "https://api.hubapi.com"),
            ("http://api.hubapi.com", "https://api.hubapi.com"),
            ("HTTP://api.hubapi.com", "https://api.hubapi.com"),
            ("ftp://127.0.0.1:21", "http://127.0.0.1:21"),
            ("ftp://api.hubapi.com", "https://api.hubapi.com"),
            ("http://127.0.0.1.example.com", "https://127.0.0.1.example.com"),
        ] {
            let correction = correction(address).unwrap_or_default();
            assert!(correction.starts_with(&format!("the base URL {address} ")), "{correction}");
            assert!(correction.ends_with(&format!(": use {correct}")), "{correction}");
        }
        for fine in ["https://api.hubapi.com/", "http://localhost:1", "http://127.0.0.1:1/path/"] {
            assert_eq!(correction(fine), None);
        }
        assert_eq!(correction("https://user:pass@example.com"), None, "it is not to be shown");
        assert_eq!(correction("user:pass@example.com"), None);
    }
}
