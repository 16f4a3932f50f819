//! Malformed responses count neither as success nor as data.

use crate::program::Server;

const LOGIN: &str = "<!doctype html><title>Log in</title>";

#[test]
fn a_send_that_gives_no_message_is_not_done() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message.json");
    std::fs::write(&file, r#"{"type":"COMMENT","text":"hello","attachments":[]}"#).unwrap();
    let send = ["messages", "send", "7", file.to_str().unwrap()];
    for command in [&["messages", "comment", "7", "hello"][..], &send] {
        for (status, body) in [
            ("200 OK", r#"{"status":"error","message":"no way","category":"VALIDATION_ERROR"}"#),
            ("200 OK", r#"{"status":"error"}"#),
            ("207 Multi-Status", r#"{"status":"error"}"#),
        ] {
            let server = Server::answering(status, "", body);
            let error = server.run(command).error(1);
            assert!(error.contains("check with `convo messages find-sent`"), "{body}: {error}");
            assert!(!error.contains("no way"), "{error}");
            assert_eq!(server.count(), 1, "it is sent once");
        }
        for body in ["{}", r#"{"foo":1}"#, r#"{"type":"MESSAGE"}"#] {
            let output = Server::answering("201 Created", "", body).run(command);
            assert_eq!(output.stdout, "", "{body}");
            let error = output.error(4);
            assert!(error.contains("`id`"), "{body}: {error}");
            assert!(error.ends_with("do not run it again"), "{body}: {error}");
        }
    }
}

#[test]
fn a_token_that_is_not_there_is_not_printed() {
    for body in ["{}", r#"{"token":null}"#, r#"{"token":""}"#, r#"{"token":{}}"#] {
        let output = Server::json(body).run(&["visitors", "token", "ada@example.com"]);
        assert_eq!(output.stdout, "", "{body}");
        let error = output.error(4);
        assert!(error.contains("missing field `token`"), "{body}: {error}");
    }
    let refused = Server::json(r#"{"status":"error","message":"no way"}"#);
    let error = refused.run(&["visitors", "token", "ada@example.com"]).error(1);
    assert!(!error.contains("no way"), "{error}");
}

#[test]
fn what_names_neither_itself_nor_its_kind_is_no_entry_of_a_list() {
    let server = Server::json(r#"{"results":[{},{"foo":1},{"id":"m1","foo":1},{"type":"NEW"}]}"#);
    let output = server.run(&["messages", "list", "7"]);
    assert_eq!(output.code, 1, "{}", output.stderr);
    assert!(output.stderr.contains("missing field `id`"), "{}", output.stderr);
    assert!(output.stderr.contains("2 records could not be read"), "{}", output.stderr);
    assert!(output.stdout.contains("m1") && output.stdout.contains("NEW"), "{}", output.stdout);
    let json = server.run(&["messages", "list", "7", "--output", "jsonl"]).data();
    assert_eq!(json.lines().count(), 4, "{json}");
}

#[test]
fn what_is_answered_with_nothing_is_done_unless_the_answer_says_otherwise() {
    let inbox = ["threads", "archive", "7"];
    let html = "content-type: text/html\r\n";
    for command in [&inbox[..], &["threads", "unassign", "7"], &["custom-channels", "archive", "1"]]
    {
        for (headers, body) in [
            (html, LOGIN),
            ("", "\n <html>"),
            ("", r#"{"status":"error","message":"no way","category":"VALIDATION_ERROR"}"#),
            ("", r#"{"status":"error"}"#),
        ] {
            let error = Server::answering("200 OK", headers, body).run(command).error(1);
            assert!(!error.contains("no way") && !error.contains("Log in"), "{error}");
        }
        for (status, body) in [
            ("204 No Content", ""),
            ("200 OK", ""),
            ("200 OK", "{}"),
            ("202 Accepted", r#"{"id":"7"}"#),
        ] {
            let output = Server::answering(status, "", body).run(command);
            assert_eq!(output.code, 0, "{body}: {}", output.stderr);
        }
    }
}

/// A list of two pages with this second page.
fn second_page(status: &'static str, headers: &'static str, body: &'static str) -> Server {
    Server::each(move |line| {
        if line.contains("after=") {
            (status, headers, body.to_owned())
        } else {
            let first =
                r#"{"results":[{"id":"1","name":"one"}],"paging":{"next":{"after":"NQ%3D%3D"}}}"#;
            ("200 OK", "", first.to_owned())
        }
    })
}

#[test]
fn a_list_that_fails_on_a_later_page_says_where_to_go_on() {
    let list = ["channels", "list"];
    for (status, headers, body) in [
        ("500 Internal Server Error", "", ""),
        ("401 Unauthorized", "", r#"{"message":"expired","category":"INVALID_AUTHENTICATION"}"#),
        ("400 Bad Request", "", r#"{"message":"bad"}"#),
        ("200 OK", "content-type: text/html\r\n", LOGIN),
        ("429 Too Many Requests", "retry-after: 3600\r\n", ""),
    ] {
        let output = second_page(status, headers, body).run(&list);
        assert!(output.stdout.contains("one"), "{}", output.stdout);
        let error = output.error(1);
        assert!(
            error.ends_with("; the printed list is incomplete, continue with --after NQ%3D%3D"),
            "{error}"
        );
    }
    let first = Server::answering("400 Bad Request", "", "").run(&list).error(1);
    assert!(!first.contains("printed list"), "{first}");
    let odd = Server::each(|line| match line.contains("after=") {
        true => ("400 Bad Request", "", "{}".to_owned()),
        false => {
            let first =
                r#"{"results":[{"id":"1","name":"one"}],"paging":{"next":{"after":"a b;rm"}}}"#;
            ("200 OK", "", first.to_owned())
        }
    });
    let error = odd.run(&list).error(1);
    assert!(error.ends_with("; the printed list is incomplete"), "{error}");
}
