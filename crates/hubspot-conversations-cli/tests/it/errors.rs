//! Errors: one sentence, the right exit code, and never the token.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use hubspot_conversations::OperationId;
use hubspot_conversations_sim::{Fault, RateLimit, Simulator};

use crate::program::{Account, KEY, Server, TOKEN, program, program_at, publication, run};

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
    assert!(error.contains("the access token from HUBSPOT_ACCESS_TOKEN was rejected"), "{error}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "pat-na1-wrong\n").unwrap();
    let error = account.run(&["inboxes", "list", "--token-file", file.to_str().unwrap()]).error(1);
    assert!(error.contains(&format!("the access token from {}", file.display())), "{error}");
}

#[test]
fn a_wrong_developer_key() {
    let account = Account::new();
    let list = |key: &str, app_id: &str| {
        let mut list = account.program(&["custom-channels", "list"]);
        run(list.env("HUBSPOT_DEVELOPER_KEY", key).env("HUBSPOT_APP_ID", app_id), "")
    };
    for error in [list("d0ec-wrong", "1234567").error(1), list(KEY, "7").error(1)] {
        let start = "error: the developer key from HUBSPOT_DEVELOPER_KEY was rejected (401, ";
        assert!(error.starts_with(start), "{error}");
        assert!(error.contains("--app-id or HUBSPOT_APP_ID"), "{error}");
        assert!(!error.contains("d0ec-wrong"), "{error}");
    }

    let refused = r#"{"message":"not for ?hapikey=d0ec5ec4%2Fe700%2B0000 or d0ec5ec4/e700+0000"}"#;
    let server = Server::answering("403 Forbidden", "", refused);
    let error = server.run(&["custom-channels", "get", "1"]).error(1);
    assert!(error.contains("(403, “not for ?hapikey=… or …”)"), "{error}");
    assert!(error.contains("Service Hub Professional"), "{error}");
}

#[test]
fn a_credential_that_is_missing() {
    let server = Server::json("{}");
    let list = ["custom-channels", "list"];
    let without = |arguments: &[&str], missing: &str| {
        let mut command = program_at(&server.base_url, arguments);
        run(command.env_remove(missing), "").error(2)
    };
    assert_eq!(
        without(&list, "HUBSPOT_DEVELOPER_KEY"),
        "error: no developer key: set HUBSPOT_DEVELOPER_KEY, and set HUBSPOT_APP_ID or pass \
         --app-id, or try --demo"
    );
    assert_eq!(
        without(&list, "HUBSPOT_APP_ID"),
        "error: no app id: set HUBSPOT_APP_ID or pass --app-id, or try --demo"
    );
    let no_number = ["custom-channels", "list", "--app-id", "pigeon"];
    assert!(without(&no_number, "HUBSPOT_APP_ID").contains("invalid app id pigeon"));
    let accounts = ["custom-channel-accounts", "list", "1"];
    assert!(without(&accounts, "HUBSPOT_ACCESS_TOKEN").contains("no access token"));
    assert_eq!(server.count(), 0, "nothing is asked of the server");
}

#[test]
fn a_version_without_the_operation() {
    let server = Server::json("{}");
    let error = |arguments: &[&str]| server.run(arguments).error(2);
    insta::assert_snapshot!(
        error(&["threads", "list", "--api-version", "2026-03"]),
        @"error: API version 2026-03 cannot list threads: use one of v3, 2026-09, 2026-09-beta (--api-version or HUBSPOT_API_VERSION), or set the path with --root conversations=PATH"
    );
    insta::assert_snapshot!(
        error(&["custom-channels", "list", "--api-version", "2026-09-beta"]),
        @"error: API version 2026-09-beta cannot list custom channels: use one of v3, 2026-03, 2026-09 (--api-version or HUBSPOT_API_VERSION), or set the path with --root custom-channel-registration=PATH"
    );
    let folder = tempfile::tempdir().unwrap();
    error(&["export", folder.path().to_str().unwrap(), "--api-version", "2026-03"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "it leaves nothing");
    assert_eq!(server.count(), 0, "nothing is asked of the server");
}

#[test]
fn a_root_of_no_use() {
    let server = Server::json(r#"{"results":[]}"#);
    let list = |roots: &[&str]| server.run(&[&["inboxes", "list"], roots].concat());
    for wrong in ["threads=/x", "conversations", "conversations=", "conversations=x", "=/x"] {
        let output = list(&["--root", wrong]);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{wrong}: {}", output.stderr);
    }
    // Those before the command would be ignored.
    let roots = ["--root", "conversations=/x", "inboxes", "list", "--root=assignees=/y"];
    let error = server.run(&roots).error(2);
    assert!(error.contains("put all of them after it"), "{error}");
    assert_eq!(server.count(), 0, "nothing is asked of the server");
    assert_eq!(server.run(&["--root", "conversations=/x", "inboxes", "list"]).code, 0);
    assert_eq!(server.next_request(), "GET /x/inboxes HTTP/1.1");

    let html = Server::answering("404 Not Found", "content-type: text/html\r\n", "<html>");
    let error = html.run(&["inboxes", "list", "--root", "conversations=/x"]).error(1);
    insta::assert_snapshot!(
        at(&html.base_url, &error),
        @"error: SERVER has no /x/inboxes (404); check the base URL (--base-url or HUBSPOT_BASE_URL), and the path (--api-version and --root)"
    );
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
        error.contains("add the scope conversations.read to the app and reinstall it"),
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

    let (channel, _) = account.custom_channel();
    let no_channel = "no such custom channel";
    assert!(said(&["custom-channels", "get", "1"]).contains(no_channel));
    assert!(said(&["custom-channels", "archive", "1"]).contains("convo custom-channels list"));
    assert!(said(&["custom-channel-accounts", "list", "1"]).contains(no_channel));
    assert!(
        said(&["custom-channel-accounts", "get", &channel, "1"]).contains("channel or account")
    );
    let complete = ["custom-channel-accounts", "complete", &channel, "t0ken-t0ken", "--name", "x"];
    let complete = said(&complete);
    assert!(complete.contains("with this token") && !complete.contains("t0ken"), "{complete}");
    assert!(
        said(&["custom-channel-messages", "get", &channel, "1"]).contains("channel or message")
    );
}

#[test]
fn a_request_that_is_refused() {
    let account = Account::new();
    let error = account.run(&["threads", "list", "--contact", "1"]).error(1);
    assert!(error.contains("HubSpot rejected the request (400, “"), "its reason is shown: {error}");
}

#[test]
fn nothing_is_listening() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = run(&mut program_at(&base_url, &["inboxes", "list"]), "").error(1);
    assert!(
        error.starts_with(&format!("error: cannot reach {base_url} after 4 attempts: ")),
        "{error}"
    );
    assert!(error.contains("--base-url or HUBSPOT_BASE_URL"), "{error}");
}

#[test]
fn no_secure_connection() {
    let server = Server::answering("400 Bad Request", "", "");
    let base_url = server.base_url.replace("http:", "https:");
    let error = run(&mut program_at(&base_url, &["messages", "comment", "1", "x"]), "").error(1);
    let start = format!("error: cannot connect securely to {base_url}: ");
    assert!(error.starts_with(&start), "{error}");
    assert!(error.contains("nothing was sent") && error.contains("--base-url"), "{error}");
    assert!(error.contains("does not speak https"), "{error}");
    assert!(!error.contains("attempts"), "{error}");
}

#[test]
fn a_proxy_that_wants_credentials() {
    let refusal = "407 Proxy Authentication Required";
    let proxy = Server::answering(refusal, "proxy-authenticate: Basic realm=\"x\"\r\n", "");
    let mut list = program_at("https://hubspot.invalid", &["inboxes", "list"]);
    for name in ["https_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"] {
        list.env_remove(name);
    }
    let error = run(list.env("HTTPS_PROXY", &proxy.base_url), "").error(1);
    insta::assert_snapshot!(
        error.replace(proxy.base_url.trim_start_matches("http://"), "PROXY"),
        @"error: the proxy PROXY (from HTTPS_PROXY) requires authentication (407); nothing reached HubSpot; set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT, or ask the network administrator"
    );
    assert_eq!(proxy.next_request(), "CONNECT hubspot.invalid:443 HTTP/1.1");
    assert_eq!(proxy.count(), 0, "it is asked once");
}

#[test]
fn a_list_of_empty_pages() {
    let pages = AtomicUsize::new(0);
    let server = Server::routing(move |_| {
        let page = pages.fetch_add(1, Ordering::SeqCst);
        format!(r#"{{"results":[],"paging":{{"next":{{"after":"page-{page}"}}}}}}"#)
    });
    let error = server.run(&["inboxes", "list"]).error(1);
    assert!(error.contains("pages in a row were empty"), "{error}");
    assert!(
        error.contains("the printed list may be incomplete, run the command again later"),
        "{error}"
    );
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
        @"error: SERVER has no /conversations/v3/conversations/inboxes (404); check the base URL (--base-url or HUBSPOT_BASE_URL)"
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
    let error = |headers: &str, body: &str, more: &[&str]| {
        let server = Server::answering("429 Too Many Requests", headers, body);
        let error = server.run(&[&["inboxes", "list"], more].concat()).error(1);
        assert_eq!(server.count(), 1, "it is not sent again");
        error
    };
    let daily = r#"{"status":"error","message":"You have reached your daily limit.","errorType":"RATE_LIMIT","policyName":"DAILY"}"#;
    insta::assert_snapshot!(
        error("", daily, &[]),
        @"error: the daily request limit is reached (429, “You have reached your daily limit.”); try again after midnight in the account's time zone"
    );
    let daily = error("retry-after: 17000\r\n", daily, &["--deadline", "86400"]);
    assert!(daily.ends_with("; try again in 5 hours"), "{daily}");

    let burst = r#"{"status":"error","policyName":"TEN_SECONDLY_ROLLING"}"#;
    insta::assert_snapshot!(
        error("retry-after: 61\r\n", burst, &[]),
        @"error: the rate limit, which the account's other programs share, is reached (429); try again in 61 seconds, or wait automatically with --deadline 121"
    );
    let deadline = error("retry-after: 9\r\n", burst, &["--deadline", "8.5"]);
    assert!(
        deadline.ends_with("; try again in 9 seconds, or wait automatically with --deadline 69"),
        "{deadline}"
    );
}

#[test]
fn an_account_that_is_moved() {
    let moved = |headers: &str| {
        let server = Server::answering("477 Migration in Progress", headers, "");
        server.run(&["messages", "comment", "1", "hello"]).error(1)
    };
    insta::assert_snapshot!(
        moved("retry-after: 7200\r\n"),
        @"error: HubSpot is migrating the account (477); try again in 2 hours, or wait automatically with --deadline 7260"
    );
    assert!(moved("").ends_with("(477); try again in a day"));
}

#[test]
fn what_passes_is_waited_out() {
    let account = Account::new();
    let thread = account.first(&["threads", "list"]);
    for fault in [Fault::RefuseConnection, Fault::status(429).with_header("Retry-After", "0")] {
        account.simulator.fail_next(None, fault);
        account.run(&["threads", "get", &thread]).data();
    }
    let busy = Fault::status(429).with_header("Retry-After", "0");
    account.simulator.fail_next(OperationId::SendMessage, busy);
    account.run(&["messages", "comment", &thread, "hello"]).data();
}

#[test]
fn a_time_that_is_none() {
    let server = Server::json(r#"{"results":[]}"#);
    let list = ["inboxes", "list", "--output", "json"];
    let forever = [&list[..], &["--deadline", "1e19", "--timeout", "1e19"]].concat();
    assert_eq!(server.run(&forever).code, 0, "a deadline that never comes is none");
    for (time, reason) in [
        ("nan", "not a number"),
        ("soon", "not a number"),
        ("inf", "too long"),
        ("1e20", "too long"),
        ("0", "must be greater than 0"),
        ("-1", "must be greater than 0"),
        ("1e-30", "must be greater than 0"),
    ] {
        for option in ["--deadline", "--timeout"] {
            let output = server.run(&[&list[..], &[&format!("{option}={time}")]].concat());
            assert_eq!(output.code, 2, "{option} {time}");
            assert!(output.stderr.contains(reason), "{}", output.stderr);
        }
    }
}

#[test]
fn a_turn_that_would_come_after_the_deadline() {
    let limited = "x-hubspot-ratelimit-max: 1\r\nx-hubspot-ratelimit-remaining: 0\r\n\
                   x-hubspot-ratelimit-interval-milliseconds: 60000\r\n";
    let page = r#"{"results":[],"paging":{"next":{"after":"2"}}}"#;
    let server = Server::answering("200 OK", limited, page);
    let error = server.run(&["threads", "list", "--output", "jsonl", "--deadline", "5"]).error(1);
    assert!(error.starts_with("error: the next request would wait 6"), "{error}");
    assert!(error.contains("longer than its --deadline"), "{error}");
    assert_eq!(server.count(), 1);
}

#[test]
fn a_share_is_all_that_is_used() {
    let account = Account::of(Simulator::builder().rate_limit(RateLimit::private_app_free()));
    let list = ["threads", "list", "--page-size", "10", "--deadline", "5"];
    account.run(&list).data();
    account.simulator.clear_requests();
    // One request in ten seconds.
    let output = account.run(&[&list[..], &["--share", "0.01"]].concat());
    assert!(output.stderr.contains("--deadline"), "{}", output.stderr);
    assert_eq!((output.code, account.simulator.requests().len()), (1, 1));
}

#[test]
fn no_answer_to_a_question() {
    let server = Server::silent();
    let error = server.run(&["inboxes", "list", "--timeout", "0.05"]).error(1);
    insta::assert_snapshot!(
        at(&server.base_url, &error),
        @"error: the request to SERVER timed out after 4 attempts; try again, or increase --timeout"
    );
    let error = server.run(&["inboxes", "list", "--deadline", "0.05"]).error(1);
    insta::assert_snapshot!(
        at(&server.base_url, &error),
        @"error: the request to SERVER timed out; try again, or increase --timeout and --deadline"
    );
}

#[test]
fn no_answer_to_a_message() {
    let server = Server::silent();
    let comment = ["messages", "comment", "1", "hello", "--timeout", "0.05"];
    let error = server.run(&comment).error(1);
    insta::assert_snapshot!(
        at(&server.base_url, &error),
        @"error: the request to SERVER timed out; the message may have been sent anyway; check with `convo messages find-sent` (add --comment for a comment) before you try again"
    );
    assert_eq!(server.count(), 1, "it is sent once");
}

#[test]
fn no_answer_to_a_registration_or_publication() {
    let server = Server::silent();
    let said = |command: &[&str]| server.run(&[command, &["--timeout", "0.05"]].concat()).error(1);
    let create = said(&["custom-channels", "create", "Pigeon"]);
    assert!(create.contains("may have been registered"), "{create}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message.json");
    fs::write(&file, publication("1").to_string()).unwrap();
    let publish = said(&["custom-channel-messages", "publish", "1", file.to_str().unwrap()]);
    assert!(publish.contains("check in the inbox"), "{publish}");
    assert_eq!(server.count(), 2, "each is sent once");
}

#[test]
fn a_server_that_fails() {
    let server = Server::answering("502 Bad Gateway", "", "<html>nginx</html>");
    let error = server.run(&["messages", "comment", "1", "hello"]).error(1);
    assert!(error.contains("may have been sent anyway"), "{error}");
    assert_eq!(server.count(), 1, "it is sent once");
    let error = server.run(&["inboxes", "list"]).error(1);
    assert!(
        error.contains("HubSpot returned a server error (502, 4 attempts); try again later"),
        "{error}"
    );
    // An additional token does no harm.
    let error = server.run(&["visitors", "token", "ada@example.com"]).error(1);
    assert!(error.contains("HubSpot returned a server error (502); try again later"), "{error}");

    let late = Server::answering("408 Request Timeout", "", "");
    let error = late.run(&["messages", "comment", "1", "hello"]).error(1);
    assert!(error.contains("may have been sent anyway"), "{error}");
}

#[test]
fn an_answer_to_a_message_that_cannot_be_read() {
    let server = Server::answering("201 Created", "", "thank you");
    let error = server.run(&["messages", "comment", "1", "hello"]).error(4);
    assert!(error.ends_with("(was carried out); do not run it again"), "{error}");
    assert!(!error.contains("thank you"), "{error}");
    let server = Server::answering("201 Created", "", "<html>");
    let error = server.run(&["messages", "comment", "1", "hello"]).error(1);
    assert!(error.contains("may have been sent anyway"), "{error}");
}

#[test]
fn the_words_of_a_server_are_shown_with_care() {
    let message = format!(r"\u001b[2J{TOKEN}\r\nmore {}", "long ".repeat(200));
    let body = format!(r#"{{"message":"{message}"}}"#);
    let error = Server::answering("400 Bad Request", "", &body).run(&["inboxes", "list"]).error(1);
    assert!(error.contains("“\u{FFFD}[2J… more long"), "{error}");
    assert!(!error.contains('\u{1b}'), "{error}");
    assert!(error.chars().count() < 450, "{error}");

    // A truncated token is a secret, too.
    let message = format!("{}{TOKEN}", "x".repeat(290));
    let body = format!(r#"{{"message":"{message}"}}"#);
    let error = Server::answering("400 Bad Request", "", &body).run(&["inboxes", "list"]).error(1);
    assert!(!error.contains("pat-na1"), "{error}");
}

#[test]
fn a_log_does_not_show_the_token() {
    let account = Account::new();
    let mut list = account.program(&["inboxes", "list"]);
    let output = run(list.env("RUST_LOG", "trace"), "");
    assert_eq!(output.code, 0);
    assert!(output.stderr.contains("TRACE"), "something is logged: {}", output.stderr);

    let mut list = account.program(&["custom-channels", "list"]);
    let output = run(list.env("RUST_LOG", "trace"), "");
    assert_eq!(output.code, 0);
    assert!(output.stderr.contains("TRACE"), "something is logged: {}", output.stderr);
}

#[test]
fn a_short_token_leaves_words_whole() {
    let expired = r#"{"message":"x: the token “x” is expired"}"#;
    let server = Server::answering("401 Unauthorized", "", expired);
    let mut list = program_at(&server.base_url, &["inboxes", "list"]);
    let error = run(list.env("HUBSPOT_ACCESS_TOKEN", "x"), "").error(1);
    assert!(error.contains("(401, “…: the token “…\" is expired”)"), "{error}");
    assert!(error.contains("has not expired"), "{error}");
}

#[test]
fn a_wrong_call() {
    let run_program = |arguments: &[&str]| run(&mut program(arguments), "");
    assert_eq!(
        run_program(&["inboxes", "list"]).error(2),
        "error: no access token: set HUBSPOT_ACCESS_TOKEN, pass --token-file, or try --demo"
    );
    let server = Server::json("{}");
    for wrong in [
        &["inboxes", "list", "--timeout", "0"][..],
        &["inboxes", "list", "--timeout", "-1"],
        &["inboxes", "list", "--timeout", "soon"],
        &["inboxes", "list", "--timeout", "NaN"],
        &["inboxes", "list", "--timeout", "1e-12"],
        &["inboxes", "list", "--deadline", "0"],
        &["inboxes", "list", "--share", "0"],
        &["inboxes", "list", "--share", "1.01"],
        &["inboxes", "list", "--share", "NaN"],
        &["inboxes", "list", "--share", "half"],
        &["inboxes", "list", "--limit", "0"],
        &["inboxes", "list", "--token", "pat"],
        &["inboxes", "get"],
        &["inboxes", "get", ""],
        &["threads", "archive", ".."],
        &["threads", "list", "--status", "PENDING"],
        &["threads", "list", "--latest-message-after", "tomorrow"],
        &["messages", "reply", "1", "no agent"],
        &["messages", "find-sent", "1", " "],
        &["messages", "find-sent", "1"],
        &["messages", "comment", "1", ""],
        &["messages", "comment", "1", "-", "--rich-text", "-"],
        &["messages", "comment", "1", "a", "--rich-text", " "],
        &["messages", "comment", "1", "a", "--text-file", "b"],
        &["messages", "comment", "1", "--text-file", "/no/such/file"],
        &["messages", "comment", "1", "a", "--rich-text", "b", "--rich-text-file", "c"],
        &["messages", "comment", "1", "a", "--attach", "7"],
        &["messages", "comment", "1", "a", "--attach-id", "https://example.com/label.pdf"],
        &["messages", "comment", "1", "a", "--attach-id", "label.pdf"],
        &["messages", "comment", "1", "a", "--attach-id", ""],
        &["messages", "reply", "1", "--"],
        &["messages", "find-sent", "1", "hello", "--since", "2 days ago"],
        &["visitors", "token", "ada@example.com", "--context", "plan"],
        &["export", "folder", "--concurrency", "65"],
        &["inboxes", "list", "--api-version", "v4"],
        &["custom-channels", "list", "--developer-key", "d0ec"],
        &["custom-channels", "create"],
        &["custom-channels", "create", "Pigeon", "--rich-text", "blink"],
        &["custom-channels", "create", "Pigeon", "--allow-inline-images=maybe"],
        &["custom-channels", "create", "Pigeon", "--rich-text", "bold", "--capabilities", "-"],
        &["custom-channels", "update", "1"],
        &["custom-channels", "update", "1", "--clear", "name"],
        &["custom-channels", "update", "1", "--clear", "logo-url", "--logo-url", "x"],
        &["custom-channels", "update", "1", "--webhook-url", ""],
        &["custom-channel-accounts", "create", "1", "Loft"],
        &["custom-channel-accounts", "list", "1", "--address", "ada@example.com"],
        &["custom-channel-accounts", "list", "1", "--address", "PIGEON=ada"],
        &["custom-channel-accounts", "update", "1", "2"],
        &["custom-channel-accounts", "complete", "1", "token"],
        &["custom-channel-accounts", "complete", "1", "-", "--name", "Loft"],
        &["custom-channel-messages", "publish", "1", "/nowhere/message.json"],
        &["custom-channel-messages", "failed", "1", "2", ""],
        &["nothing"],
    ] {
        let output = server.run(wrong);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{wrong:?}: {}", output.stderr);
    }
    assert_eq!(server.count(), 0, "nothing is asked of the server");
}

#[test]
fn a_token_file_or_address_of_no_use() {
    let run_program = |arguments: &[&str]| run(&mut program(arguments), "").error(2);
    assert!(
        run_program(&["inboxes", "list", "--token-file", "/nowhere/token"])
            .contains("/nowhere/token")
    );
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::write(&empty, "\n").unwrap();
    assert!(
        run_program(&["inboxes", "list", "--token-file", empty.to_str().unwrap()])
            .contains("empty")
    );

    for base_url in ["http://api.hubapi.com", "api.hubapi.com", "https://user:pass@example.com"] {
        let error = run(&mut program_at(base_url, &["inboxes", "list"]), "").error(2);
        assert!(error.contains("the base URL"), "{error}");
        assert!(!error.contains("pass@"), "{error}");
    }

    let mut list = program(&["inboxes", "list"]);
    let error = run(list.env("HUBSPOT_ACCESS_TOKEN", format!("{TOKEN}\u{1}")), "").error(2);
    assert!(error.contains("a character that no token has"), "{error}");
}

/// A server that accepts the token `pat-na1-new`. For others it reports an expired token, after doing
/// this.
fn expiring(meanwhile: impl Fn() + Send + 'static) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, tokens) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut reader = BufReader::new(connection.unwrap());
            let mut token = String::new();
            let mut line = String::new();
            while reader.read_line(&mut line).unwrap_or(0) > 2 {
                if let Some(value) = line.strip_prefix("authorization: Bearer ") {
                    token = value.trim().to_owned();
                }
                line.clear();
            }
            let (status, body) = match token.as_str() {
                "pat-na1-new" => ("200 OK", r#"{"results":[{"id":"1","name":"one"}]}"#),
                _ => {
                    meanwhile();
                    ("401 .", r#"{"message":"…","category":"EXPIRED_AUTHENTICATION"}"#)
                }
            };
            sender.send(token).unwrap();
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n");
            let answer = format!("{head}connection: close\r\n\r\n{body}");
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
        }
    });
    (base_url, tokens)
}

#[test]
fn a_token_file_is_read_again_when_the_token_has_expired() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let run = |renewed: Option<&'static str>| {
        fs::write(&file, "pat-na1-old\n").unwrap();
        let path = file.clone();
        let (base_url, tokens) = expiring(move || match renewed {
            Some(token) => fs::write(&path, token).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        });
        let list = ["channels", "list", "--token-file", file.to_str().unwrap()];
        let output = run(&mut program_at(&base_url, &list), "");
        (output, tokens.try_iter().collect::<Vec<_>>())
    };
    let (output, tokens) = run(Some("pat-na1-new"));
    assert_eq!(output.data(), "ID  NAME\n1   one\n");
    assert_eq!(tokens, ["pat-na1-old", "pat-na1-new"]);

    // The same token is not sent again, another one once.
    let (output, tokens) = run(Some("pat-na1-old"));
    assert!(output.error(1).contains("was rejected (401, "));
    assert_eq!(tokens, ["pat-na1-old"]);
    let (output, tokens) = run(Some("pat-na1-other"));
    assert!(output.error(1).contains("was rejected (401, "));
    assert_eq!(tokens, ["pat-na1-old", "pat-na1-other"]);

    let (output, tokens) = run(Some("\"pat-na1-new\""));
    let error = output.error(1);
    assert!(error.contains("no access token") && error.contains("is in quotes"), "{error}");
    assert!(!error.contains("pat-na1-new"), "{error}");
    assert_eq!(tokens, ["pat-na1-old"]);
    let (output, _) = run(None);
    assert!(output.error(1).contains("cannot read the token file"));
}

#[test]
fn a_token_that_is_wrapped_in_something_is_refused_before_it_is_sent() {
    let server = Server::json("{}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    for (wrapped, reason) in [
        (format!("Bearer {TOKEN}"), "begins with the word Bearer"),
        (format!("'{TOKEN}'"), "is in quotes"),
        (format!(r#"{{"access_token":"{TOKEN}"}}"#), "is JSON"),
        (format!("HUBSPOT_ACCESS_TOKEN={TOKEN}"), "has a name"),
        (format!("{TOKEN} # of production"), "holds white space"),
        (format!("\u{feff}{TOKEN}"), "byte order mark"),
        (format!("{TOKEN}\n{TOKEN}"), "a character that no token has"),
    ] {
        let mut list = program_at(&server.base_url, &["inboxes", "list"]);
        let error = run(list.env("HUBSPOT_ACCESS_TOKEN", &wrapped), "").error(2);
        assert!(error.starts_with("error: HUBSPOT_ACCESS_TOKEN: the access token "), "{error}");
        assert!(error.contains(reason), "{error}");

        fs::write(&file, &wrapped).unwrap();
        let list = ["inboxes", "list", "--token-file", file.to_str().unwrap()];
        let error = server.run(&list).error(2);
        assert!(error.contains(file.to_str().unwrap()) && error.contains(reason), "{error}");
    }
    fs::write(&file, [0xFF, 0xFE, b'p', 0]).unwrap();
    let list = ["inboxes", "list", "--token-file", file.to_str().unwrap()];
    assert!(server.run(&list).error(2).contains("store it as UTF-8"));
    let folder = ["inboxes", "list", "--token-file", folder.path().to_str().unwrap()];
    assert!(server.run(&folder).error(2).contains("cannot read the token file"));
    let endless = ["inboxes", "list", "--token-file", "/dev/zero"];
    assert!(!cfg!(unix) || server.run(&endless).error(2).contains("too long"));
    assert_eq!(server.count(), 0, "nothing is sent");
}

#[test]
fn an_address_is_named_with_the_way_to_write_it() {
    let error = |base_url: &str| {
        let list = ["inboxes", "list", "--base-url", base_url];
        run(program(&list).env("HUBSPOT_ACCESS_TOKEN", TOKEN), "").error(2)
    };
    insta::assert_snapshot!(
        error("127.0.0.1:1"),
        @"error: the base URL 127.0.0.1:1 has no scheme: use http://127.0.0.1:1"
    );
    insta::assert_snapshot!(
        error("http://api.hubapi.com"),
        @"error: the base URL http://api.hubapi.com must start with https://, because it is not on this machine: use https://api.hubapi.com"
    );
    assert!(error("ftp://127.0.0.1").ends_with("use http://127.0.0.1"));
    assert!(error("").contains("--base-url is empty"));
}

#[test]
fn what_hubspot_names_is_told_with_the_options_it_comes_from() {
    let account = Account::new();
    let list = |options: &[&str]| account.run(&[&["threads", "list"], options].concat()).error(1);
    let contact = list(&["--contact", "1"]);
    assert!(contact.contains("“Invalid input. associatedContactId needs it”"), "{contact}");
    assert!(contact.contains(", in threadStatus"), "{contact}");
    assert!(contact.ends_with("; --status is required with --contact"), "{contact}");
    let both = list(&["--contact", "1", "--status", "OPEN", "--inbox", "2"]);
    assert!(both.ends_with("; --inbox cannot be combined with --contact"), "{both}");
    let sort = list(&["--sort", "latestMessageTimestamp"]);
    assert!(sort.ends_with("; --latest-message-after is required"), "{sort}");
    assert!(list(&["--sort", "name"]).ends_with("; check --sort"));

    let refused = |body: &str, command: &[&str]| {
        Server::answering("400 Bad Request", "", body).run(command).error(1)
    };
    let threads = &["threads", "list"][..];
    for needs in [
        r#"{"message":"threadStatus is required when associatedContactId is set"}"#,
        r#"{"message":"…","errors":[{"in":"associatedContactId","message":"associatedContactId requires threadStatus"}]}"#,
        r#"{"message":"…","errors":[{"in":"threadStatus","code":"REQUIRED","context":{"with":["associatedContactId"]}}]}"#,
    ] {
        let error = refused(needs, threads);
        assert!(error.ends_with("; --status is required with --contact"), "{error}");
    }
    insta::assert_snapshot!(
        refused(
            r#"{"message":"Property values were not valid","validationResults":[{"isValid":false,"message":"PENDING is none","error":"INVALID_OPTION","name":"threadStatus"}],"context":{"values":["PENDING"]}}"#,
            threads,
        ),
        @"error: HubSpot rejected the request (400, “Property values were not valid; PENDING is none”, in threadStatus, code INVALID_OPTION, values: …); check --status"
    );
    let reply = ["messages", "comment", "1", "hello"];
    let error =
        refused(r#"{"errors":[{"in":"attachments[0].fileId","code":"NOT_FOUND"}]}"#, &reply);
    assert!(error.contains("in attachments[0].fileId, code NOT_FOUND"), "{error}");
    assert!(error.ends_with("; check --attach-id"), "{error}");
    let error = refused(r#"{"errors":[{"in":"nobodyKnows"}]}"#, &reply);
    assert!(
        error.ends_with("(400, in nobodyKnows); correct the reported problem and try again"),
        "{error}"
    );
}

#[test]
fn a_body_is_shown_where_it_is_asked_for() {
    let body = format!(r#"{{"message":"no","hint":"a\u001b[2Jb","token":"{TOKEN}"}}"#);
    let server = Server::answering("400 Bad Request", "", &format!("{body}\r\n\u{1b}[2J"));
    let output = server.run(&["inboxes", "list", "--verbose"]);
    assert_eq!(output.code, 1);
    insta::assert_snapshot!(output.stderr, @r#"
    error: HubSpot rejected the request (400, “no”); correct the reported problem and try again
    HubSpot's response:
    {"message":"no","hint":"a\u001b[2Jb","token":"…"}�
    �[2J
    "#);
    assert_eq!(server.run(&["inboxes", "list"]).stderr.lines().count(), 1);
    let empty = Server::answering("403 Forbidden", "", "").run(&["inboxes", "list", "--verbose"]);
    assert!(empty.stderr.ends_with("\nHubSpot's response has no body\n"), "{}", empty.stderr);
}

#[test]
fn a_gateway_that_forbids_it_is_told_from_a_missing_scope() {
    let forbidden = |body: &str| {
        Server::answering("403 Forbidden", "", body).run(&["inboxes", "list"]).error(1)
    };
    for body in ["<html>Forbidden</html>", "", "Access denied"] {
        let error = forbidden(body);
        assert!(
            error.contains("gateway, proxy or firewall") && !error.contains("scope"),
            "{error}"
        );
    }
    let beginning = &TOKEN[..20];
    let older = forbidden(&format!(
        r#"{{"message":"This access_token ({beginning}…) does not have proper permissions! (requires any of [automation-access])"}}"#
    ));
    assert!(older.contains("add the scope automation-access to the app"), "{older}");
    assert!(!older.contains("pat-na1-") && !older.contains("5ec4"), "{older}");
}

#[cfg(target_os = "linux")]
mod stopped {
    use std::io::Read;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, Command, Stdio};

    use serde_json::json;

    use crate::program::{Server, program_at, signal, spawn, wait};

    /// More than a pipe and the program's own buffer hold.
    fn long_list() -> Server {
        let inbox = json!({ "id": "1", "name": "n".repeat(1_000), "type": "INBOX" });
        Server::json(&json!({ "results": vec![inbox; 1_000] }).to_string())
    }

    /// The program with the default action for hangups, also if these tests run under `nohup`.
    fn hears_hangup(program: &Command) -> Command {
        let mut command = Command::new("env");
        command.arg("--default-signal=HUP").arg(program.get_program()).args(program.get_args());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// A program whose reader reads one byte of a long output and then stalls.
    fn stuck_at_its_reader(server: &Server, output: &str) -> Child {
        let list = ["inboxes", "list", "--output", output];
        let mut child = spawn(&mut hears_hangup(&program_at(&server.base_url, &list)));
        child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        child
    }

    #[test]
    fn with_ctrl_c() {
        let server = Server::silent();
        let child = spawn(&mut program_at(&server.base_url, &["inboxes", "list"]));
        server.next_request();
        signal(&child, "INT");
        let output = wait(child);
        assert_eq!((output.code, output.stderr.as_str()), (130, ""));
    }

    #[test]
    fn while_a_change_is_under_way_it_says_so() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), super::publication("1").to_string()).unwrap();
        let file = file.path().to_str().unwrap();
        let as_agent = ["messages", "reply", "7", "hello", "--as-agent", "5"];
        let find = "the message may have been sent anyway; check with `convo messages find-sent` \
                    (add --comment for a comment) before you try again";
        let harmless = "the change may have been made anyway; it is safe to run the command again";
        for (command, name, code, said) in [
            (&["messages", "comment", "7", "hello"][..], "INT", 130, find),
            (&as_agent, "TERM", 143, find),
            (&as_agent, "HUP", 129, find),
            (&["threads", "close", "7"], "INT", 130, "check with `convo threads get`"),
            (&["threads", "assign", "7", "5"], "INT", 130, harmless),
            (&["threads", "archive", "7"], "TERM", 143, harmless),
            (&["visitors", "token", "ada@example.com"], "INT", 130, harmless),
            (&["custom-channels", "create", "Pigeon"], "INT", 130, "may have been registered"),
            (&["custom-channel-messages", "publish", "1", file], "INT", 130, "been published"),
        ] {
            let incoming = r#"{"results":[{"id":"m1","type":"MESSAGE","direction":"INCOMING","createdAt":"2026-01-02T03:04:05Z","createdBy":"V-1","channelId":"1002","channelAccountId":"5","senders":[{"actorId":"V-1","deliveryIdentifier":{"type":"HS_EMAIL_ADDRESS","value":"a@example.com"}}]}]}"#;
            // Changes get no response.
            let server = Server::each(move |line| match line.starts_with("GET ") {
                true => ("200 OK", "", incoming.to_owned()),
                false => ("", "", String::new()),
            });
            let child = spawn(&mut hears_hangup(&program_at(&server.base_url, command)));
            while server.next_request().starts_with("GET ") {}
            signal(&child, name);
            let output = wait(child);
            assert_eq!(output.code, code, "{command:?}: {}", output.stderr);
            assert!(
                output.stderr.starts_with("note: stopped before HubSpot responded: "),
                "{}",
                output.stderr
            );
            assert!(output.stderr.contains(said), "{command:?}: {}", output.stderr);
            assert_eq!(output.stderr.lines().count(), 1, "{}", output.stderr);
        }
    }

    #[test]
    fn while_a_reply_only_reads_nothing_is_said_of_it() {
        let server = Server::silent();
        let reply = ["messages", "reply", "7", "hello", "--as-agent", "5"];
        let child = spawn(&mut program_at(&server.base_url, &reply));
        assert!(server.next_request().starts_with("GET "));
        signal(&child, "INT");
        let output = wait(child);
        assert_eq!((output.code, output.stderr.as_str()), (130, ""));
    }

    #[test]
    fn by_a_signal_after_cleaning_up() {
        for (name, code) in [("TERM", 143), ("HUP", 129)] {
            let server = Server::silent();
            let folder = tempfile::tempdir().unwrap();
            let export = ["export", folder.path().to_str().unwrap()];
            let child = spawn(&mut hears_hangup(&program_at(&server.base_url, &export)));
            server.next_request();
            let files = || std::fs::read_dir(folder.path()).unwrap().count();
            assert!(files() > 0, "it has begun");
            signal(&child, name);
            assert_eq!(wait(child).code, code);
            assert_eq!(files(), 0, "it leaves nothing");
        }
    }

    #[test]
    fn while_its_reader_stands_still() {
        let server = long_list();
        for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
            for output in ["jsonl", "json", "table"] {
                let mut child = stuck_at_its_reader(&server, output);
                signal(&child, name);
                assert_eq!(child.wait().unwrap().code(), Some(code), "{name}, {output}");
            }
        }
    }

    #[test]
    fn while_it_reads_standard_input() {
        let mut command = program_at("http://127.0.0.1:9", &["messages", "comment", "1", "-"]);
        let mut child = spawn(command.stdin(Stdio::piped()));
        // Waiting for the child would close its input.
        let _input = child.stdin.take();
        // Before it listens, the system ends it, or the first signal is lost.
        let status = loop {
            signal(&child, "INT");
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
        };
        assert!(status.code() == Some(130) || status.signal() == Some(2), "{status}");
    }

    /// The program with its environment, started by a shell script.
    fn from_shell(server: &Server, script: &str) -> Child {
        let program = program_at(&server.base_url, &[]);
        let variables = program.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let script = script.replace("convo", env!("CARGO_BIN_EXE_convo"));
        spawn(Command::new("sh").args(["-c", &script]).envs(variables))
    }

    #[test]
    fn by_a_second_signal_whatever_it_does() {
        // Its standard error is full, so it blocks while it reports that the inbox does not exist.
        let server = Server::answering("404 Not Found", "", "");
        let mut child = from_shell(&server, "yes >&2 & exec convo inboxes get 1");
        let call = format!("/proc/{}/syscall", child.id());
        // The number of the system call depends on the processor, its first argument does not.
        let writes = |call: &str| call.split(' ').nth(1) == Some("0x2");
        while !writes(&std::fs::read_to_string(&call).unwrap()) {
            std::thread::yield_now();
        }
        signal(&child, "INT");
        assert_eq!(child.try_wait().unwrap(), None, "the first asks it to end");
        signal(&child, "TERM");
        assert_eq!(child.wait().unwrap().code(), Some(143));
    }

    #[test]
    fn not_by_a_hangup_that_nohup_ignores() {
        let server = long_list();
        let list = "trap '' HUP; exec convo inboxes list --output jsonl";
        let mut child = from_shell(&server, list);
        child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        signal(&child, "HUP");
        assert_eq!(wait(child).code, 0);
    }
}

#[test]
fn a_time_that_begins_with_a_sign_is_told_how_to_be_written() {
    for command in [
        &["threads", "list", "--latest-message-after", "-2d"][..],
        &["messages", "find-sent", "1", "hello", "--since", "-2d"],
        &["export", "folder", "--since", "-2d"],
    ] {
        let output = run(&mut program(command), "");
        assert_eq!(output.code, 2, "{command:?}");
        let sentence = "use 2d without the sign: an age counts back from now";
        assert!(output.stderr.contains(sentence), "{command:?}: {}", output.stderr);
    }
}
