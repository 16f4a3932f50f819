//! What is said when it does not work: one sentence, the right exit code, and never the token.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::fs;

use hubspot_conversations_sim::Simulator;

use program::{Account, Server, TOKEN, program, program_at, run};

/// The error, with the address of the server replaced by its name.
fn at(server: &str, error: &str) -> String {
    error.replace(server, "SERVER")
}

#[test]
fn a_wrong_token() {
    let account = Account::new();
    let mut list = account.program(&["inboxes", "list"]);
    let error = run(list.env("HUBSPOT_ACCESS_TOKEN", "pat-na1-wrong"), "").error(1);
    assert!(!error.contains("pat-na1-wrong"), "{error}");
    assert!(
        error.contains("the access token from HUBSPOT_ACCESS_TOKEN is not accepted"),
        "{error}"
    );

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "pat-na1-wrong\n").unwrap();
    let error = account.run(&["inboxes", "list", "--token-file", file.to_str().unwrap()]).error(1);
    assert!(error.contains(&format!("the access token from {}", file.display())), "{error}");
}

#[test]
fn a_token_file_comes_before_the_environment() {
    let account = Account::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, format!("  {TOKEN}\r\n")).unwrap();
    let file = file.to_str().unwrap();
    let mut list = account.program(&["--token-file", file, "inboxes", "list"]);
    run(list.env("HUBSPOT_ACCESS_TOKEN", "pat-na1-wrong"), "").data();
}

#[test]
fn a_missing_scope() {
    let account = Account::of(Simulator::builder().scopes(["conversations.write"]));
    let error = account.run(&["inboxes", "list"]).error(1);
    assert!(
        error.contains("add the scope conversations.read to the app and install it again"),
        "{error}"
    );
}

#[test]
fn something_that_does_not_exist() {
    let account = Account::new();
    let said = |command: &[&str]| account.run(command).error(1);
    let thread = said(&["threads", "get", "1"]);
    assert!(thread.contains("no such thread") && thread.contains("add --archived"), "{thread}");
    assert!(said(&["threads", "close", "1"]).contains("convo threads restore"));
    assert!(said(&["messages", "list", "1"]).contains("no such thread"));
    assert!(said(&["messages", "get", "1", "2"]).contains("no such thread or message"));
    assert!(said(&["messages", "original", "1", "2"]).contains("no original content"));
    assert!(said(&["messages", "comment", "1", "hello"]).contains("no such thread"));
    assert!(said(&["inboxes", "get", "1"]).contains("no such inbox"));
    assert!(said(&["channels", "get", "1"]).contains("convo channels list"));
    assert!(said(&["channel-accounts", "get", "1"]).contains("no such channel account"));
    assert!(said(&["actors", "get", "A-1"]).contains("no such actor"));
}

#[test]
fn a_request_that_is_refused() {
    let account = Account::new();
    let error = account.run(&["threads", "list", "--contact", "1"]).error(1);
    assert!(error.contains("HubSpot refused it (400, “"), "its reason is told: {error}");
}

#[test]
fn nothing_is_listening() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = run(&mut program_at(&base_url, &["inboxes", "list"]), "").error(1);
    assert!(error.starts_with(&format!("error: cannot reach {base_url}: ")), "{error}");
    assert!(error.contains("--base-url or HUBSPOT_BASE_URL"), "{error}");
}

#[test]
fn html_instead_of_json() {
    let page = "<!doctype html><title>Welcome</title>";
    let html = "content-type: text/html\r\n";
    let error = Server::answering("200 OK", html, page).run(&["inboxes", "list"]).error(1);
    assert!(error.contains("HTML") && error.contains("check the base URL"), "{error}");
    assert!(!error.contains("Welcome"), "{error}");

    let server = Server::answering("404 Not Found", html, page);
    let error = server.run(&["inboxes", "list"]).error(1);
    insta::assert_snapshot!(
        at(&server.base_url, &error),
        @"error: SERVER has no /conversations/v3/conversations/inboxes (404); check the address, which --base-url or HUBSPOT_BASE_URL sets"
    );
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Server::json(r#"{"results":[]}"#);
    let headers = format!("location: {}/\r\n", elsewhere.base_url);
    let server = Server::answering("302 Found", &headers, "");
    let error = server.run(&["inboxes", "list"]).error(1);
    assert!(error.contains(&server.base_url) && error.contains("redirect"), "{error}");
    assert_eq!(elsewhere.count(), 0, "the token stays where it belongs");
}

#[test]
fn too_many_requests() {
    let daily = r#"{"status":"error","message":"You have reached your daily limit.","errorType":"RATE_LIMIT","policyName":"DAILY"}"#;
    let error =
        Server::answering("429 Too Many Requests", "", daily).run(&["inboxes", "list"]).error(1);
    assert!(error.contains("(429, “You have reached your daily limit.”)"), "{error}");
    assert!(error.contains("after midnight"), "{error}");

    let burst = r#"{"status":"error","policyName":"TEN_SECONDLY_ROLLING"}"#;
    let headers = "retry-after: 60\r\n";
    let error = Server::answering("429 Too Many Requests", headers, burst)
        .run(&["inboxes", "list"])
        .error(1);
    assert!(error.contains("wait 60 seconds"), "{error}");
}

#[test]
fn no_answer_to_a_question() {
    let server = Server::silent();
    let error = server.run(&["inboxes", "list", "--timeout", "0.05"]).error(1);
    insta::assert_snapshot!(
        at(&server.base_url, &error),
        @"error: no answer from SERVER in time; try again, or allow more time with --timeout"
    );
}

#[test]
fn no_answer_to_a_message() {
    let server = Server::silent();
    let comment = ["messages", "comment", "1", "hello", "--timeout", "0.05"];
    let error = server.run(&comment).error(1);
    insta::assert_snapshot!(
        at(&server.base_url, &error),
        @"error: no answer from SERVER in time; it may have been carried out all the same: the message may be sent already, so look at the thread with `convo messages list` first"
    );
    assert_eq!(server.count(), 1, "it is sent once");
}

#[test]
fn a_server_that_fails() {
    let server = Server::answering("502 Bad Gateway", "", "<html>nginx</html>");
    let error = server.run(&["messages", "comment", "1", "hello"]).error(1);
    assert!(error.contains("may be sent already"), "{error}");
    let error = server.run(&["inboxes", "list"]).error(1);
    assert!(error.contains("HubSpot failed (502); try again later"), "{error}");
}

#[test]
fn an_answer_to_a_message_that_cannot_be_read() {
    let server = Server::answering("201 Created", "", "thank you");
    let error = server.run(&["messages", "comment", "1", "hello"]).error(1);
    assert!(error.contains("probably carried out"), "{error}");
    assert!(!error.contains("thank you"), "{error}");
}

#[test]
fn the_words_of_a_server_are_shown_with_care() {
    let message = format!(r"\u001b[2J{TOKEN}\r\nmore {}", "long ".repeat(200));
    let body = format!(r#"{{"message":"{message}"}}"#);
    let error = Server::answering("400 Bad Request", "", &body).run(&["inboxes", "list"]).error(1);
    assert!(error.contains("“\u{FFFD}[2J… more long"), "{error}");
    assert!(!error.contains('\u{1b}'), "{error}");
    assert!(error.chars().count() < 450, "{error}");

    // A token that is cut is a token still.
    let message = format!("{}{TOKEN}", "x".repeat(290));
    let body = format!(r#"{{"message":"{message}"}}"#);
    let error = Server::answering("400 Bad Request", "", &body).run(&["inboxes", "list"]).error(1);
    assert!(!error.contains("pat-na1"), "{error}");
}

#[test]
fn a_log_does_not_show_the_token() {
    let account = Account::new();
    let mut list = account.program(&["inboxes", "list"]);
    let ran = run(list.env("RUST_LOG", "trace"), "");
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("TRACE"), "something is logged: {}", ran.stderr);
}

#[test]
fn a_wrong_call() {
    let ran = |arguments: &[&str]| run(&mut program(arguments), "");
    assert_eq!(
        ran(&["inboxes", "list"]).error(2),
        "error: no access token: set HUBSPOT_ACCESS_TOKEN, pass --token-file, or try --demo"
    );
    let server = Server::json("{}");
    for wrong in [
        &["inboxes", "list", "--timeout", "0"][..],
        &["inboxes", "list", "--timeout", "-1"],
        &["inboxes", "list", "--timeout", "soon"],
        &["inboxes", "list", "--timeout", "NaN"],
        &["inboxes", "list", "--timeout", "1e-12"],
        &["inboxes", "list", "--limit", "0"],
        &["inboxes", "list", "--token", "pat"],
        &["inboxes", "get"],
        &["inboxes", "get", ""],
        &["threads", "archive", ".."],
        &["threads", "list", "--status", "PENDING"],
        &["threads", "list", "--latest-message-after", "yesterday"],
        &["messages", "reply", "1", "no agent"],
        &["visitors", "token", "ada@example.com", "--context", "plan"],
        &["export", "folder", "--concurrency", "65"],
        &["nothing"],
    ] {
        let ran = server.run(wrong);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{wrong:?}: {}", ran.stderr);
    }
    assert_eq!(server.count(), 0, "nothing is asked of the server");
}

#[test]
fn a_token_file_or_address_of_no_use() {
    let ran = |arguments: &[&str]| run(&mut program(arguments), "").error(2);
    assert!(ran(&["inboxes", "list", "--token-file", "/nowhere/token"]).contains("/nowhere/token"));
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::write(&empty, "\n").unwrap();
    assert!(ran(&["inboxes", "list", "--token-file", empty.to_str().unwrap()]).contains("empty"));

    for base_url in ["http://api.hubapi.com", "api.hubapi.com", "https://user:pass@example.com"] {
        let error = run(&mut program_at(base_url, &["inboxes", "list"]), "").error(2);
        assert!(error.contains("the base URL"), "{error}");
        assert!(!error.contains("pass@"), "{error}");
    }

    let mut list = program(&["inboxes", "list"]);
    let error = run(list.env("HUBSPOT_ACCESS_TOKEN", format!("{TOKEN}\u{1}")), "").error(2);
    assert!(error.contains("a character that no token has"), "{error}");
}

#[cfg(unix)]
mod stopped {
    use super::program::{Server, ended, program_at, signal, start};

    #[test]
    fn with_ctrl_c() {
        let server = Server::silent();
        let child = start(&mut program_at(&server.base_url, &["inboxes", "list"]));
        server.next_request();
        signal(&child, "INT");
        let ran = ended(child);
        assert_eq!((ran.code, ran.stderr.as_str()), (130, ""));
    }

    #[test]
    fn by_a_signal() {
        let server = Server::silent();
        let folder = tempfile::tempdir().unwrap();
        let export = ["export", folder.path().to_str().unwrap()];
        let child = start(&mut program_at(&server.base_url, &export));
        server.next_request();
        let files = || std::fs::read_dir(folder.path()).unwrap().count();
        assert!(files() > 0, "it has begun");
        signal(&child, "TERM");
        assert_eq!(ended(child).code, 143);
        assert_eq!(files(), 0, "it leaves nothing");
    }
}
