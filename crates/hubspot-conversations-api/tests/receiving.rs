//! How the generated client reads a response: as a record with its JSON, or as an error that names
//! the place and prints no body.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use hubspot_conversations_api::types::{InboxId, Thread, ThreadId};
use hubspot_conversations_api::{
    Client, Error, ErrorBody, Executing, Limit, Operation, Page, Received, RequestHook, from_str,
};

/// A customer's text, which no error shows.
const SECRET: &str = "jane@example.com";

/// Returns the same response to every request.
#[derive(Debug)]
struct Answers(u16, String);

impl RequestHook for Answers {
    fn prepare(&self, _: &mut reqwest::Request, _: &Operation) -> Result<(), String> {
        Ok(())
    }

    fn execute<'a>(&'a self, _: &'a reqwest::Client, _: reqwest::Request) -> Executing<'a> {
        let answer = http::Response::builder().status(self.0).body(self.1.clone()).unwrap();
        Box::pin(async { Ok(answer.into()) })
    }

    fn max_body_size(&self) -> usize {
        64 * 1024
    }
}

fn client(status: u16, body: &str) -> Client {
    let hook = Arc::new(Answers(status, body.to_owned()));
    Client::new_with_client("https://api.example.com", reqwest::Client::new(), hook)
}

async fn thread(status: u16, body: &str) -> Result<Received<Thread>, Error> {
    client(status, body).get_thread(&ThreadId::from("1"), None, None, None).await
}

#[tokio::test]
async fn an_error_prints_nothing_of_a_body() {
    let bodies = [
        (200, format!(r#"{{"id":["{SECRET}"]}}"#)),
        (200, format!(r#"{{"email":"{SECRET}"}}"#)),
        (200, format!(r#""{SECRET}""#)),
        (200, SECRET.to_owned()),
        (400, format!(r#"{{"message":"{SECRET}","category":"{SECRET}"}}"#)),
        (404, format!(r#"{{"correlationId":"{SECRET}"}}"#)),
        (404, r#"{"category":"jane doe","correlationId":"jane doe"}"#.to_owned()),
        (404, r#"{"category":"pat-jane-1","correlationId":"pat-jane-1"}"#.to_owned()),
        (502, format!("<html>{SECRET}")),
        (302, SECRET.to_owned()),
        (200, SECRET.repeat(10_000)),
    ];
    for (status, body) in bodies {
        let error = thread(status, &body).await.unwrap_err();
        let mut shown = format!("{error} {error:?} {error:#?}");
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            shown += &format!("{error} {error:?}");
            source = error.source();
        }
        if let Some(answer) = error.answer() {
            shown += &format!("{answer:?} {:?}", answer.body);
        }
        assert!(!shown.contains("jane"), "{status} {body:.80}: {shown}");
    }
}

#[tokio::test]
async fn what_hubspot_says_of_an_error_can_be_asked() {
    let body = r#"{"status":"error","message":"no such thread","category":"OBJECT_NOT_FOUND",
        "correlationId":"aeb5f871-7f07-4993-9211-075dc63e7cbf","errors":[{"in":"threadId"}]}"#;
    let error = thread(404, body).await.unwrap_err();
    let answer = error.answer().unwrap();
    assert_eq!((error.status().unwrap().as_u16(), answer.text.as_slice()), (404, body.as_bytes()));
    assert_eq!(answer.body.message(), Some("no such thread"));
    assert_eq!(answer.body.details()[0].field(), Some("threadId"));
    let sentence = "the server answered 404 (OBJECT_NOT_FOUND, \
                    correlation id aeb5f871-7f07-4993-9211-075dc63e7cbf)";
    assert_eq!(error.to_string(), sentence);
}

#[tokio::test]
async fn a_record_keeps_the_json_it_was_read_from() {
    let json = r#"{ "id": "1", "invented": {"later": [1, 2]}, "status": "OPEN" }"#;
    let record = thread(200, &format!("\n{json}\n")).await.unwrap();
    assert_eq!((record.id.as_str(), record.json().get()), ("1", json));
    assert_eq!(serde_json::to_string(&record).unwrap(), json);
    assert!(!format!("{record:?}").contains("later"));
}

#[tokio::test]
async fn a_success_without_a_record_is_no_decode_error() {
    for (body, empty) in [("", true), (" \r\n", true), ("null", false), ("\"\"", false)] {
        match thread(200, body).await.unwrap_err() {
            Error::NoRecord { is_empty, .. } => assert_eq!(is_empty, empty, "{body:?}"),
            other => panic!("{body:?}: {other}"),
        }
    }
    for (body, empty) in [("\u{feff}", true), ("\u{feff}null", false)] {
        let error = thread(200, body).await.unwrap_err();
        assert!(matches!(error, Error::NoRecord { is_empty, .. } if is_empty == empty), "{body:?}");
    }
    client(204, "").archive_thread(&ThreadId::from("1")).await.unwrap();
}

#[tokio::test]
async fn an_answer_is_read_up_to_its_limit() {
    let long = format!(r#"{{"id":"{}"}}"#, "1".repeat(64 * 1024));
    match thread(200, &long).await.unwrap_err() {
        Error::TooLarge(error) => assert_eq!(error.limit, Limit::Bytes(64 * 1024)),
        other => panic!("{other}"),
    }
    let page = format!(r#"{{"results":[{}1]}}"#, "1,".repeat(10_000));
    let inboxes = client(200, &page).list_inboxes(None, None, None, None, None).await;
    match inboxes.unwrap_err() {
        Error::TooLarge(error) => assert_eq!(error.limit, Limit::Items(10_000)),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_decode_error_names_the_place_and_whether_the_body_was_whole() {
    for (body, whole) in
        [(r#"{"status":"OPEN"}"#, true), (r#"{"id":"1""#, false), ("<html>", false)]
    {
        match thread(200, body).await.unwrap_err() {
            Error::Decode(error) => {
                assert_eq!((error.is_complete, error.text.as_slice()), (whole, body.as_bytes()));
            }
            other => panic!("{body}: {other}"),
        }
    }
    let id = InboxId::from("..");
    let error = client(200, "{}").get_inbox(&id, None).await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(_)), "{error}");
}

/// The cursor of a page with this `paging`: `Ok(None)` on the last page, `Err` if it is unusable.
fn cursor(paging: &str) -> (Result<Option<String>, String>, usize) {
    let page = format!(r#"{{"results":[{{"id":"1"}}],"paging":{paging}}}"#);
    let page: Page<Thread> = from_str(&page).unwrap_or_else(|error| panic!("{paging}: {error}"));
    assert_eq!(page.results.len(), 1, "{paging}");
    let cursor = page.next_cursor().map(|cursor| cursor.map(str::to_owned));
    (cursor.map_err(|left_out| left_out.path().to_owned()), page.left_out().len())
}

#[test]
fn a_cursor_is_read_for_what_it_means() {
    for (paging, after) in [
        (r#"{"next":{"after":"a%3D"}}"#, "a%3D"),
        (r#"{"next":{"after":2}}"#, "2"),
        (r#"{"next":{"after":9007199254740993}}"#, "9007199254740993"),
        (r#"{"next":{"after":"2","link":7}}"#, "2"),
        (r#"{"next":{"link":"https://api.example.com/x?limit=1&after=a%3D"}}"#, "a="),
        (r#"{"next":{"after":null,"link":"?after=3"}}"#, "3"),
        (r#"{"prev":"odd","next":{"after":"2"}}"#, "2"),
        (r#"{"prev":{"before":[]},"next":{"after":"2"}}"#, "2"),
    ] {
        assert_eq!(cursor(paging).0, Ok(Some(after.to_owned())), "{paging}");
    }
}

#[test]
fn what_is_empty_ends_a_list_and_is_noted_unless_it_is_null() {
    for paging in ["null", "{}", r#"{"next":null}"#, r#"{"prev":null}"#] {
        assert_eq!(cursor(paging), (Ok(None), 0), "{paging}");
    }
    for paging in [
        "[]",
        "false",
        "\"\"",
        r#"{"next":{}}"#,
        r#"{"next":[]}"#,
        r#"{"next":""}"#,
        r#"{"next":{ }}"#,
        r#"{"next":{"after":""}}"#,
        r#"{"next":{"after":null}}"#,
        r#"{"next":{"after":"","link":""}}"#,
    ] {
        assert_eq!(cursor(paging), (Ok(None), 1), "{paging}");
    }
}

#[test]
fn what_says_that_a_list_continues_and_not_where_is_no_end() {
    for (paging, place) in [
        (r#"{"next":{"after":{}}}"#, None),
        (r#"{"next":{"after":{"id":"2"}}}"#, Some("paging.next.after")),
        (r#"{"next":{"after":true}}"#, Some("paging.next.after")),
        (r#"{"next":{"after":["2"]}}"#, Some("paging.next.after")),
        (r#"{"next":{"link":"https://api.example.com/x"}}"#, Some("paging.next.after")),
        (r#"{"next":"2"}"#, Some("paging.next")),
        (r#"{"next":2}"#, Some("paging.next")),
        (r#"{"next":["2"]}"#, Some("paging.next")),
        (r#"["2"]"#, Some("paging")),
        ("7", Some("paging")),
        ("true", Some("paging")),
    ] {
        let (cursor, noted) = cursor(paging);
        assert_eq!((cursor.err().as_deref(), noted), (place, 1), "{paging}");
    }
}

#[test]
fn debug_of_a_page_hides_its_cursor() {
    let page =
        r#"{"results":[{"id":"1"}],"paging":{"next":{"after":"secret","link":"?after=secret"}}}"#;
    let page: Page<Thread> = from_str(page).unwrap();
    assert_eq!(page.next_after(), Some("secret"));
    let shown = format!("{page:?} {page:#?}");
    assert!(shown.contains("After") && !shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn a_byte_order_mark_and_bytes_that_are_not_utf_8_cost_no_answer() {
    let bytes = |body: &[u8]| {
        let hook = Arc::new(AnswersBytes(body.to_vec()));
        Client::new_with_client("https://api.example.com", reqwest::Client::new(), hook)
    };
    let mark = "\u{feff}";
    let page = format!(r#"{mark}{{"results":[{{"id":"1"}}]}}"#);
    let page = client(200, &page).list_inboxes(None, None, None, None, None).await.unwrap();
    assert_eq!((page.results.len(), page.left_out().len()), (1, 0));
    let record = thread(200, &format!(r#"{mark}{{"id":"1"}}"#)).await.unwrap();
    assert_eq!((record.json().get(), record.left_out().len()), (r#"{"id":"1"}"#, 0));

    let page = bytes(b"{\"results\":[{\"id\":\"1\",\"name\":\"caf\xe9\"}]}");
    let page = page.list_inboxes(None, None, None, None, None).await.unwrap();
    let inbox = page.results[0].decode().unwrap();
    assert_eq!((inbox.name.as_deref(), page.left_out().len()), (Some("caf\u{fffd}"), 1));
    let record = bytes(b"{\"id\":\"1\",\"name\":\"caf\xe9\"}");
    let record = record.get_inbox(&InboxId::from("1"), None).await.unwrap();
    assert_eq!((record.name.as_deref(), record.left_out().len()), (Some("caf\u{fffd}"), 1));
}

#[test]
fn an_error_body_is_read_as_far_as_it_can_be() {
    let read = |body: &str| ErrorBody::read(body.as_bytes());
    let body = read(r#"{"message":"cut \ud83d","policyName":"DAILY","requiredScopes":["a.b"]}"#);
    assert_eq!((body.policy_name(), body.missing_scopes()), (Some("DAILY"), vec!["a.b"]));
    assert_eq!(body.message(), Some("cut \u{fffd}"));
    let body = read("\u{feff}{\"category\":\"VALIDATION_ERROR\"}");
    assert_eq!((body.category(), body.is_object()), (Some("VALIDATION_ERROR"), true));
    let body = ErrorBody::read(b"{\"message\":\"caf\xe9\",\"category\":\"VALIDATION_ERROR\"}");
    assert_eq!(body.category(), Some("VALIDATION_ERROR"));

    let body = read(r#"{"category":"EXPIRED_AUTHENTICATION","message":"The OAu"#);
    assert_eq!((body.category(), body.message()), (Some("EXPIRED_AUTHENTICATION"), None));
    let body = read(r#"{"message":"\ud83d","policyName":"DAILY","errors":[{"mess"#);
    assert_eq!((body.policy_name(), body.details().len()), (Some("DAILY"), 0));
    for other in ["", "<html>", "[{\"category\":\"A\"}]", "\"{\"", "null"] {
        let body = read(other);
        assert!(!body.is_object() && body.category().is_none(), "{other}");
    }
}

#[test]
fn scopes_that_a_token_has_are_not_missing() {
    for body in [
        r#"{"grantedScopes":["a.b"]}"#,
        r#"{"errors":[{"context":{"grantedScopes":["a.b"],"scopes":["a.b"]}}]}"#,
        r#"{"context":{"userScopes":["a.b"],"tokenScopes":["a.b"]}}"#,
    ] {
        let body = ErrorBody::read(body.as_bytes());
        assert!(body.missing_scopes().is_empty() && !body.is_missing_scope(), "{body:?}");
    }
    for name in ["requiredScopes", "requiredGranularScopes", "missingScopes", "MISSING_SCOPES"] {
        let body = format!(r#"{{"grantedScopes":["c"],"context":{{"{name}":["a.b"]}}}}"#);
        assert_eq!(ErrorBody::read(body.as_bytes()).missing_scopes(), ["a.b"], "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_status_of_an_error_counts_also_where_its_body_stalls_or_breaks_off() {
    for end in [End::Stalls, End::Breaks] {
        let begun = tokio::time::Instant::now();
        let hook = Arc::new(AnswersInPart(end));
        let client =
            Client::new_with_client("https://api.example.com", reqwest::Client::new(), hook);
        let error = client.get_thread(&ThreadId::from("1"), None, None, None).await.unwrap_err();
        assert!(begun.elapsed() <= Duration::from_secs(6), "{:?}", begun.elapsed());
        let answer = error.answer().unwrap();
        assert_eq!((answer.status.as_u16(), answer.body.policy_name()), (429, Some("DAILY")));
        assert_eq!(answer.text, PART.as_bytes());
    }
}

const PART: &str = r#"{"policyName":"DAILY","message":"You have"#;

#[derive(Clone, Copy, Debug)]
enum End {
    Stalls,
    Breaks,
}

/// Rejects every request with a body that does not arrive completely.
#[derive(Debug)]
struct AnswersInPart(End);

impl RequestHook for AnswersInPart {
    fn prepare(&self, _: &mut reqwest::Request, _: &Operation) -> Result<(), String> {
        Ok(())
    }

    fn execute<'a>(&'a self, _: &'a reqwest::Client, _: reqwest::Request) -> Executing<'a> {
        let end = self.0;
        let part = stream::once(async { Ok::<_, std::io::Error>(PART) });
        let rest = stream::once(async move {
            match end {
                End::Stalls => std::future::pending().await,
                End::Breaks => Err(std::io::ErrorKind::ConnectionReset.into()),
            }
        });
        let body = reqwest::Body::wrap_stream(part.chain(rest));
        let answer = http::Response::builder().status(429).body(body).unwrap();
        Box::pin(async { Ok(answer.into()) })
    }
}

/// Returns these bytes to every request.
#[derive(Debug)]
struct AnswersBytes(Vec<u8>);

impl RequestHook for AnswersBytes {
    fn prepare(&self, _: &mut reqwest::Request, _: &Operation) -> Result<(), String> {
        Ok(())
    }

    fn execute<'a>(&'a self, _: &'a reqwest::Client, _: reqwest::Request) -> Executing<'a> {
        let answer = http::Response::new(self.0.clone());
        Box::pin(async { Ok(answer.into()) })
    }
}

#[test]
fn what_is_repeated_beside_the_items_is_told_once_and_its_last_value_counts() {
    let flaws = vec![r#""total":{},"paging":{"prev":7}"#; 1_000].join(",");
    let page = format!(r#"{{{flaws},"total":"7","paging":{{"next":{{"after":2}}}},"results":[]}}"#);
    let page: Page<Thread> = from_str(&page).unwrap();
    assert_eq!((page.total, page.next_after()), (Some(7), Some("2")));
    let told: Vec<_> = page.left_out().iter().map(|place| place.to_string()).collect();
    assert_eq!(
        told,
        [
            "at `total`: expected one value, found several",
            "at `paging`: expected one value, found several",
        ]
    );
}

#[test]
fn a_total_of_any_shape_costs_no_page() {
    for (total, read, noted) in [
        ("7", Some(7), 0),
        ("\"7\"", Some(7), 0),
        ("7.0", Some(7), 0),
        ("\" 7 \"", Some(7), 0),
        ("1e999", None, 1),
        ("null", None, 0),
        ("7.5", None, 1),
        ("{}", None, 1),
        ("[7]", None, 1),
        ("\"many\"", None, 1),
        ("true", None, 1),
    ] {
        let page = format!(r#"{{"total":{total},"results":[{{}}]}}"#);
        let page: Page<Thread> = from_str(&page).unwrap();
        assert_eq!((page.total, page.left_out().len()), (read, noted), "{total}");
    }
}
