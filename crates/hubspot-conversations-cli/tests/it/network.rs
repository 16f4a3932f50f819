//! Errors in reaching HubSpot name the proxy or server, and where it is set.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use crate::program::{Output, Server, TOKEN, program, run};

const HUBSPOT: &str = "https://api.hubapi.com";

/// Runs a command through a proxy on this machine, which forwards nothing.
fn through(variable: &str, proxy: &str) -> Output {
    let mut list = program(&["inboxes", "list", "--base-url", HUBSPOT]);
    list.env("HUBSPOT_ACCESS_TOKEN", TOKEN);
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
        list.env_remove(name);
    }
    run(list.env(variable, proxy), "")
}

/// An address of this machine where nothing listens.
fn nowhere() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn a_proxy_is_named_that_cannot_be_reached() {
    let proxy = nowhere();
    for variable in ["HTTPS_PROXY", "all_proxy"] {
        let error = through(variable, &format!("http://user:5ec4e7@{proxy}")).error(1);
        assert!(error.contains(&format!("the proxy {proxy} (from {variable})")), "{error}");
        assert!(error.contains("NO_PROXY"), "{error}");
        assert!(!error.contains("5ec4e7") && !error.contains("--base-url"), "{error}");
    }
}

#[test]
fn a_proxy_is_named_that_refuses() {
    for status in ["403 Forbidden", "502 Bad Gateway", "407 Proxy Authentication Required"] {
        let proxy = Server::answering(status, "", "");
        let error = through("https_proxy", &proxy.base_url).error(1);
        let host = proxy.base_url.trim_start_matches("http://");
        assert!(error.contains(&format!("the proxy {host} (from https_proxy)")), "{error}");
        assert_eq!(proxy.next_request(), "CONNECT api.hubapi.com:443 HTTP/1.1");
    }
}

#[test]
fn without_a_proxy_none_is_blamed() {
    let address = nowhere();
    let base_url = format!("http://{address}");
    let mut list = program(&["inboxes", "list", "--base-url", &base_url]);
    // Servers on this machine are not reached through a proxy.
    list.env("HUBSPOT_ACCESS_TOKEN", TOKEN).env("HTTP_PROXY", "http://127.0.0.1:9");
    let error = run(&mut list, "").error(1);
    assert!(error.contains("--base-url") && !error.contains("proxy"), "{error}");
}

#[test]
fn an_address_that_speaks_no_tls_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            // The client may be gone already.
            let _ = connection.read(&mut [0; 1024]);
            let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let base_url = format!("https://{address}");
    let mut list = program(&["inboxes", "list", "--base-url", &base_url]);
    let error = run(list.env("HUBSPOT_ACCESS_TOKEN", TOKEN), "").error(1);
    assert!(error.contains(&base_url), "{error}");
    assert!(error.contains(&format!("use http://{address}")), "{error}");
}
