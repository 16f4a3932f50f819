//! The simulator as a program of its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::io::{BufRead, BufReader};

use serde_json::Value;

use program::{program, run, start};

#[cfg(unix)]
#[test]
fn it_says_where_it_is_and_runs_until_it_is_stopped() {
    for signal in ["TERM", "INT"] {
        let simulate = ["simulate", "--seed", "7", "--threads", "3", "--messages", "2"];
        let mut child = start(&mut program(&simulate));
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let (base_url, token) = (ready["base_url"].as_str(), ready["token"].as_str());
        let (key, app) = (ready["developer_key"].as_str(), ready["app_id"].as_u64());

        let client = |arguments: &[&str]| {
            let mut client = program(arguments);
            client.env("HUBSPOT_ACCESS_TOKEN", token.unwrap());
            client.env("HUBSPOT_DEVELOPER_KEY", key.unwrap());
            client.env("HUBSPOT_APP_ID", app.unwrap().to_string());
            client.env("HUBSPOT_BASE_URL", base_url.unwrap());
            run(&mut client, "")
        };
        let threads = client(&["threads", "list", "--output", "jsonl"]).records();
        assert_eq!(threads.len(), 3);
        let thread = program::id(&threads[0]);
        client(&["messages", "comment", &thread, "kept"]).data();
        client(&["custom-channels", "list"]).data();
        let kept = client(&["messages", "list", &thread, "--limit", "1", "--output", "json"]);
        assert_eq!(kept.record()[0]["text"], "kept");

        program::signal(&child, signal);
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
        line.clear();
        assert_eq!(stdout.read_line(&mut line).unwrap(), 0, "it prints one line: {line}");
    }
}

#[test]
fn a_port_that_is_taken_is_refused() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let error = run(&mut program(&["simulate", "--port", &port]), "").error(1);
    assert!(error.contains(&format!("cannot listen on port {port}")), "{error}");
}

#[test]
fn the_same_seed_gives_the_same_data() {
    let demo = || run(&mut program(&["--demo", "threads", "list", "--output", "jsonl"]), "").data();
    assert_eq!(demo(), demo());
}
