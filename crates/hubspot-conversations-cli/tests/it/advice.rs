//! The advice in error messages fits the error.

use crate::program::Server;

/// The error message for a response to a command.
fn said(status: &str, headers: &str, body: &str, command: &[&str]) -> String {
    Server::answering(status, headers, body).run(command).error(1)
}

const LIST: [&str; 2] = ["inboxes", "list"];
const COMMENT: [&str; 4] = ["messages", "comment", "7", "hello"];

#[test]
fn a_wait_without_end_is_said_to_be_long_and_no_more() {
    let long = "try again in more than a day";
    for seconds in [
        "86401",
        "9223372036854775807",
        "18446744073709551614",
        "18446744073709551615",
        "99999999999999999999999999",
    ] {
        let wait = format!("retry-after: {seconds}\r\n");
        for command in [&LIST[..], &COMMENT, &["inboxes", "list", "--deadline", "5"]] {
            let error = said("429 Too Many Requests", &wait, "", command);
            assert!(error.ends_with(long), "{seconds}: {error}");
            let error = said("477 Migration", &wait, "", command);
            assert!(error.ends_with("try again in more than a day"), "{seconds}: {error}");
        }
        let daily = r#"{"policyName":"DAILY"}"#;
        let error = said("429 Too Many Requests", &wait, daily, &LIST);
        assert!(error.ends_with("try again in more than a day"), "{seconds}: {error}");
    }
    let date = "retry-after: Fri, 31 Dec 9999 23:59:59 GMT\r\n";
    assert!(said("429 Too Many Requests", date, "", &LIST).ends_with(long));
    let a_day = said("429 Too Many Requests", "retry-after: 86400\r\n", "", &LIST);
    assert!(
        a_day.ends_with("try again in 24 hours, or wait automatically with --deadline 86460"),
        "{a_day}"
    );
}

#[test]
fn how_long_a_server_that_fails_asks_to_wait_is_told() {
    let unavailable = |seconds: &str, command: &[&str]| {
        said("503 Service Unavailable", &format!("retry-after: {seconds}\r\n"), "", command)
    };
    let error = unavailable("3600", &LIST);
    assert!(error.contains("try again in 60 minutes"), "{error}");
    let error = unavailable("99999999999999999999", &LIST);
    assert!(error.contains("try again in more than a day"), "{error}");
    let error = unavailable("3600", &COMMENT);
    assert!(error.ends_with("before you try again"), "to look comes first: {error}");
    let locked = said("423 Locked", "retry-after: 3600\r\n", "", &LIST);
    assert!(locked.contains("try again in 60 minutes"), "{locked}");
}

#[test]
fn where_nothing_is_named_there_is_nothing_to_correct() {
    let named = "correct the reported problem";
    for (status, body, advice) in [
        ("400 Bad Request", "", "HubSpot gives no reason"),
        ("400 Bad Request", "{}", "HubSpot gives no reason"),
        ("413 Content Too Large", "", "the request is too large"),
        ("431 Request Header Fields Too Large", "", "the access token"),
        ("414 URI Too Long", "", "the ids and options"),
        ("425 Too Early", "", "try again"),
        ("400 Bad Request", r#"{"message":"The name is wrong."}"#, named),
    ] {
        let error = said(status, "", body, &COMMENT);
        assert!(error.contains(advice), "{status}: {error}");
        assert_eq!(error.contains(named), advice == named, "{status}: {error}");
    }
}

#[test]
fn hubspots_sentences_are_told_apart() {
    let body = r#"{"message":"Invalid email","errors":[{"message":"It has no domain."},{"message":"Try another"}]}"#;
    let error = said("400 Bad Request", "", body, &COMMENT);
    assert!(error.contains("“Invalid email; It has no domain. Try another”"), "{error}");
}

#[test]
fn of_what_a_body_repeats_only_names_ids_and_constants_are_shown() {
    let body = r#"{"message":"Invalid input","category":"VALIDATION_ERROR",
        "context":{"email":["jane.doe@customer.example"],"name":["Jane Doe"],"propertyName":["senderActorId"],
            "threadId":["9999999655"],"validValues":["OPEN","CLOSED"],"city":["NEW_YORK"],"phone":["491701234567"],
            "propertyname":["Jane Doe"],"id":["jane"],"Jane":["x"]},
        "errors":[{"message":"is wrong","in":"Jane Doe","code":"Ask Ada","subCategory":"Sender.INVALID",
            "context":{"value":["customer words"]}}]}"#;
    let output = Server::answering("400 Bad Request", "", body).run(&COMMENT);
    let error = output.error(1);
    for hidden in ["jane", "Jane Doe", "YORK", "4917", "customer", "Ask Ada", "Jane"] {
        assert!(!error.contains(hidden), "{hidden} shows: {error}");
    }
    for shown in [
        "propertyName: senderActorId",
        "threadId: 9999999655",
        "validValues: OPEN, CLOSED",
        "Sender.INVALID",
        "email: …",
        "value: …",
    ] {
        assert!(error.contains(shown), "{shown} does not show: {error}");
    }
    let verbose = Server::answering("400 Bad Request", "", body)
        .run(&[&COMMENT[..], &["--verbose"]].concat());
    assert!(verbose.stderr.contains("jane.doe@customer.example"), "{}", verbose.stderr);
}

#[test]
fn addresses_and_numbers_in_hubspots_sentences_are_hidden() {
    for (sentence, shown) in [
        ("jane.doe+x@customer.example is invalid", "… is invalid"),
        ("Email <jane@customer.example>, or 'E-jane@customer.example'.", "Email <…>, or '…'."),
        ("+49 170 1234567 is taken", "… is taken"),
        ("call (555) 123-4567 or 0170/1234567!", "call … or …!"),
        ("thread 9999999655 of 2026-03-02T09:00:00Z", "thread 9999999655 of 2026-03-02T09:00:00Z"),
        ("line 1, column 11: 100-200 @ 5", "line 1, column 11: 100-200 @ 5"),
        ("4f1c2a3e-0000-4000-8000-00000badf00d", "4f1c2a3e-0000-4000-8000-00000badf00d"),
    ] {
        let body = serde_json::json!({ "message": sentence }).to_string();
        let error = said("400 Bad Request", "", &body, &COMMENT);
        assert!(error.contains(&format!("“{shown}”")), "{sentence}: {error}");
    }
}

#[test]
fn html_in_place_of_a_404_is_the_wrong_address() {
    let html = "content-type: text/html\r\n";
    for command in [&COMMENT[..], &["threads", "get", "7"], &["threads", "archive", "7"]] {
        let error = said("404 Not Found", html, "<html>not found</html>", command);
        assert!(error.contains("check the base URL"), "{error}");
        assert!(!error.contains("no such thread"), "{error}");
        let error = said("404 Not Found", "", r#"{"message":"resource not found"}"#, command);
        assert!(error.contains("no such thread"), "{error}");
    }
}
