//! `convo simulate`

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command};

use hubspot_conversations_sim::Simulator;
use serde_json::Value;

use crate::program::{self, Server, program, run, spawn};

/// Starts it, and reads the line that it prints when ready.
fn simulate(arguments: &[&str]) -> (Child, BufReader<ChildStdout>, Value) {
    ready(&mut program(&[&["simulate"], arguments].concat()))
}

fn ready(command: &mut Command) -> (Child, BufReader<ChildStdout>, Value) {
    let mut child = spawn(command);
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    (child, stdout, serde_json::from_str(&line).unwrap())
}

#[cfg(unix)]
#[test]
fn it_says_where_it_is_and_runs_until_it_is_stopped() {
    for signal in ["TERM", "INT"] {
        let (mut child, mut stdout, ready) =
            simulate(&["--seed", "7", "--threads", "3", "--messages", "2"]);
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
        let mut line = String::new();
        assert_eq!(stdout.read_line(&mut line).unwrap(), 0, "it prints one line: {line}");
    }
}

#[tokio::test]
async fn it_begins_a_list_again_at_an_encoded_cursor_only_if_asked() {
    for (arguments, begins_again) in [(&[][..], false), (&["--fault", "encoded-cursor"], true)] {
        let (mut child, _stdout, ready) = simulate(&[&["--threads", "4"], arguments].concat());
        let threads = format!(
            "{}/conversations/v3/conversations/threads",
            ready["base_url"].as_str().unwrap()
        );
        let page = async |query: &[(&str, &str)]| {
            let request = reqwest::Client::new().get(&threads).query(query);
            let request = request.bearer_auth(ready["token"].as_str().unwrap());
            let json = request.send().await.unwrap().text().await.unwrap();
            serde_json::from_str::<Value>(&json).unwrap()
        };
        let first = page(&[("limit", "2")]).await;
        let cursor = first["paging"]["next"]["after"].as_str().unwrap();
        let next = page(&[("limit", "2"), ("after", cursor)]).await;
        assert_eq!(next == first, begins_again, "{arguments:?}");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[tokio::test]
async fn it_limits_rates_as_the_tier_does_and_only_if_asked() {
    let limits = |tier| ["--rate-limit", tier];
    for (arguments, burst, daily) in [
        (&limits("private-app-free")[..], Some("100"), Some("250000")),
        (&limits("professional"), Some("190"), Some("625000")),
        (&limits("enterprise"), Some("190"), Some("1000000")),
        (&limits("oauth"), Some("110"), None),
        (&[], None, None),
    ] {
        let (mut child, _stdout, ready) = simulate(&[&["--threads", "1"], arguments].concat());
        let base_url = ready["base_url"].as_str().unwrap();
        let inboxes = format!("{base_url}/conversations/v3/conversations/inboxes");
        let request =
            reqwest::Client::new().get(inboxes).bearer_auth(ready["token"].as_str().unwrap());
        let response = request.send().await.unwrap();
        child.kill().unwrap();
        child.wait().unwrap();

        let limit = |name: &str| {
            let value = response.headers().get(format!("x-hubspot-ratelimit-{name}"));
            value.map(|value| value.to_str().unwrap())
        };
        assert_eq!((limit("max"), limit("daily")), (burst, daily), "{arguments:?}");
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

#[tokio::test]
async fn it_tells_a_webhook_what_happens() {
    // The app is the same in every simulator, except for its secret.
    let app = Simulator::builder().in_process();
    for given in [None, Some("the-client-secret")] {
        let server = Server::answering("204 No Content", "", "");
        let webhook = format!("{}/hook", server.base_url);
        let mut command = program(&["simulate", "--threads", "1", "--webhook", &webhook]);
        command.envs(given.map(|secret| ("HUBSPOT_CLIENT_SECRET", secret)));
        let (mut child, _stdout, ready) = ready(&mut command);
        let shown = ready["client_secret"].as_str();
        assert_eq!(shown.is_some(), given.is_none(), "shown if nobody gave it");

        let base_url = ready["base_url"].as_str().unwrap();
        let client = |arguments: &[&str]| {
            let mut client = program(arguments);
            client.env("HUBSPOT_ACCESS_TOKEN", ready["token"].as_str().unwrap());
            client.env("HUBSPOT_BASE_URL", base_url);
            run(&mut client, "")
        };
        let threads = client(&["threads", "list", "--output", "jsonl"]).records();
        client(&["messages", "comment", &program::id(&threads[0]), "Called."]).data();
        assert_eq!(server.next_request(), "POST /hook HTTP/1.1");

        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
            app.client_id(),
            given.or(shown).unwrap(),
            app.refresh_token(),
        );
        let url = format!("{base_url}/oauth/v3/token");
        let refreshed = reqwest::Client::new().post(url).body(form).send().await.unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(refreshed.status(), 200, "it is the secret of the app");
    }
}

#[test]
fn a_webhook_elsewhere_is_refused() {
    let webhook = ["simulate", "--webhook", "https://bots.example.com/hook"];
    let error = run(&mut program(&webhook), "").error(2);
    assert!(error.contains("this machine only"), "{error}");
}
