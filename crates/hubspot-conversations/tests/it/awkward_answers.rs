//! Whatever comes back, a call ends, with a good value or a typed error, and its token stays here.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::server::{Reply, Server, TOKEN};
use hubspot_conversations::{Client, Error, ErrorKind, Retry};

const PAGE: &str =
    r#"{"results":[{"id":"1","status":"OPEN"},{"id":"2"}],"paging":{"next":{"after":"2"}}}"#;

/// The page, compressed.
const GZIPPED: &[u8] = include_bytes!("../fixtures/page_of_threads.json.gz");

fn whole() -> Reply {
    Reply::Json(200, PAGE.to_owned())
}

async fn list(client: &Client, retry: Retry) -> Result<usize, Error> {
    let page = client.threads().list().retry(retry).send().await?;
    Ok(page.results.len())
}

/// A server that answers what is put before it, and a good page where nothing is.
struct Awkward {
    server: Server,
    client: Client,
    next: Arc<Mutex<VecDeque<Reply>>>,
}

impl Awkward {
    async fn start() -> Self {
        let next = Arc::new(Mutex::new(VecDeque::new()));
        let queue = Arc::clone(&next);
        let server =
            Server::start(move |_, _| queue.lock().unwrap().pop_front().unwrap_or_else(whole))
                .await;
        let client = server.builder().attempt_timeout(Duration::from_secs(5)).retry_budget(1_000);
        let client = client.build().unwrap();
        Self { server, client, next }
    }

    /// What comes of this answer without another attempt, and how many items with one.
    async fn both(&self, answer: impl Fn() -> Reply) -> (Error, usize) {
        self.next.lock().unwrap().push_back(answer());
        let error = list(&self.client, Retry::never()).await.unwrap_err();
        self.next.lock().unwrap().push_back(answer());
        let retry = Retry::default().max_attempts(2).backoff(Duration::ZERO);
        (error, list(&self.client, retry).await.unwrap())
    }
}

#[tokio::test]
async fn a_body_cut_at_any_byte_is_tried_again() {
    let awkward = Awkward::start().await;
    for end in 0..PAGE.len() {
        let (error, items) = awkward
            .both(|| {
                let head = format!("HTTP/1.1 200 .\r\ncontent-length: {}\r\n\r\n", PAGE.len());
                Reply::raw(head + &PAGE[..end])
            })
            .await;
        assert_eq!((error.kind(), items), (ErrorKind::Interrupted, 2), "cut at {end}: {error}");
    }
}

#[tokio::test]
async fn a_body_that_claims_to_be_whole_when_it_is_not_is_tried_again() {
    let awkward = Awkward::start().await;
    for end in 0..PAGE.len() {
        let (error, items) = awkward.both(|| Reply::Json(200, PAGE[..end].to_owned())).await;
        assert_eq!((error.kind(), items), (ErrorKind::Decode, 2), "cut at {end}: {error}");
    }
}

#[tokio::test]
async fn a_chunked_body_cut_at_any_byte_is_tried_again() {
    let awkward = Awkward::start().await;
    let (first, second) = PAGE.split_at(20);
    let chunked =
        format!("{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n", first.len(), second.len());
    // Without the two last bytes it is whole: they only end the trailers.
    for end in 0..chunked.len() - 2 {
        let begin = chunked[..end].to_owned();
        let (error, items) = awkward
            .both(|| {
                Reply::raw(format!("HTTP/1.1 200 .\r\ntransfer-encoding: chunked\r\n\r\n{begin}"))
            })
            .await;
        assert_eq!((error.kind(), items), (ErrorKind::Interrupted, 2), "cut at {end}: {error}");
    }
}

#[tokio::test]
async fn a_compressed_body_cut_at_any_byte_is_tried_again() {
    let awkward = Awkward::start().await;
    let gzipped = |end: usize| {
        let head = "HTTP/1.1 200 .\r\ncontent-encoding: gzip\r\ncontent-length: ";
        let mut answer = format!("{head}{end}\r\n\r\n").into_bytes();
        answer.extend_from_slice(&GZIPPED[..end]);
        Reply::Raw(answer)
    };
    for end in 0..GZIPPED.len() {
        let (error, items) = awkward.both(|| gzipped(end)).await;
        let kind = error.kind();
        let expected = if end == 0 { ErrorKind::Decode } else { ErrorKind::Interrupted };
        assert_eq!((kind, items), (expected, 2), "cut at {end}: {error}");
    }
    awkward.next.lock().unwrap().push_back(gzipped(GZIPPED.len()));
    assert_eq!(list(&awkward.client, Retry::never()).await.unwrap(), 2);
}

#[tokio::test]
async fn what_is_no_json_is_an_error_that_says_so_and_is_tried_again() {
    let awkward = Awkward::start().await;
    for garbage in ["", "  \n", "<!doctype html><title>hello</title>", "{\"results\":[]} and more"]
    {
        let (error, items) = awkward.both(|| Reply::Json(200, garbage.to_owned())).await;
        assert_eq!((error.kind(), items), (ErrorKind::Decode, 2), "{garbage}: {error}");
    }
    for raw in ["", "\r\n", "SSH-2.0-server\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/9.9 200 .\r\n\r\n"]
    {
        let (error, items) = awkward.both(|| Reply::raw(raw)).await;
        assert_eq!((error.kind(), items), (ErrorKind::Interrupted, 2), "{raw}: {error}");
    }
}

#[tokio::test]
async fn a_complete_answer_of_the_wrong_shape_is_asked_for_once() {
    for (wrong, place) in [
        ("null", ""),
        ("[]", ""),
        (r#"["123","CLOSED"]"#, ""),
        ("{}", ""),
        ("7", ""),
        (r#"{"results":{}}"#, "results"),
        (r#"{"results":"none"}"#, "results"),
        (r#"{"data":[]}"#, ""),
    ] {
        let server = Server::always(200, wrong).await;
        let error = list(&server.client(), Retry::default()).await.unwrap_err();
        let path = error.decode_error().unwrap().path().to_owned();
        assert_eq!((error.kind(), path.as_str()), (ErrorKind::Decode, place), "{wrong}: {error}");
        assert_eq!((error.attempts(), server.asked().len()), (1, 1), "{wrong}: {error}");
    }
    for wrong in ["null", "\"\"", "[]", r#"["123","CLOSED"]"#, "7", "{}", r#"{"status":"OPEN"}"#] {
        let server = Server::always(200, wrong).await;
        let error = server.client().threads().get("123").send().await.unwrap_err();
        assert_eq!(
            (error.kind(), server.asked().len()),
            (ErrorKind::Decode, 1),
            "{wrong}: {error}"
        );
        assert!(!error.was_carried_out() && !error.is_ambiguous(), "{wrong}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_and_a_byte_that_is_not_utf_8_cost_no_page() {
    let awkward = Awkward::start().await;
    let page =
        [&b"\xef\xbb\xbf{\"results\":[{\"id\":\"1\",\"x\":\"caf\xe9\"},{\"id\":\"2\"}]}"[..]]
            .concat();
    let mut answer =
        format!("HTTP/1.1 200 .\r\ncontent-length: {}\r\n\r\n", page.len()).into_bytes();
    answer.extend_from_slice(&page);
    awkward.next.lock().unwrap().push_back(Reply::Raw(answer));
    assert_eq!(list(&awkward.client, Retry::never()).await.unwrap(), 2);
}

#[tokio::test]
async fn json_counts_whatever_it_is_called() {
    let awkward = Awkward::start().await;
    for kind in ["text/html", "application/octet-stream", "nonsense", ""] {
        let head = format!("HTTP/1.1 200 .\r\ncontent-type: {kind}\r\ncontent-length: ");
        let answer = Reply::raw(format!("{head}{}\r\n\r\n{PAGE}", PAGE.len()));
        awkward.next.lock().unwrap().push_back(answer);
        assert_eq!(list(&awkward.client, Retry::never()).await.unwrap(), 2, "{kind}");
    }
}

#[tokio::test]
async fn an_answer_that_stalls_is_cut_off_and_tried_again() {
    for begin in ["", "HTTP/1.1 200 .\r\n", "HTTP/1.1 200 .\r\ncontent-length: 99\r\n\r\n{\"res"] {
        let server = Server::start(move |_, before| match before {
            0 => Reply::Stall(begin.to_owned()),
            _ => whole(),
        })
        .await;
        let retry = Retry::default().max_attempts(2).backoff(Duration::ZERO);
        let client =
            server.builder().retry(retry).attempt_timeout(Duration::from_millis(250)).build();
        client.unwrap().threads().list().send().await.unwrap();
        assert_eq!(server.asked().len(), 2);
    }
}

#[tokio::test]
async fn a_redirect_is_an_error_and_takes_the_token_nowhere() {
    let awkward = Awkward::start().await;
    let elsewhere = Server::always(200, PAGE).await;
    for status in [301, 302, 303, 307, 308] {
        let target = elsewhere.base_url.replace("127.0.0.1", "localhost");
        let answer =
            format!("HTTP/1.1 {status} .\r\nlocation: {target}/x\r\ncontent-length: 0\r\n\r\n");
        awkward.next.lock().unwrap().push_back(Reply::raw(answer));
        let error = list(&awkward.client, Retry::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::UnexpectedStatus, 1));
    }
    assert!(awkward.server.asked()[0].head.contains(TOKEN), "the server itself gets the token");
    assert_eq!(elsewhere.asked().len(), 0);
}

#[tokio::test]
async fn an_endless_error_body_is_read_in_part() {
    let server = Server::always(400, &"x".repeat(3 * 1024 * 1024)).await;
    let error = list(&server.client(), Retry::never()).await.unwrap_err();
    assert_eq!((error.kind(), error.body().unwrap().len()), (ErrorKind::Rejected, 1024 * 1024));
}

/// A body that never ends, of this text over and over.
fn endless(text: &str) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 .\r\ncontent-type: application/json\r\n\r\n".to_vec();
    while answer.len() < 4 * 1024 * 1024 {
        answer.extend_from_slice(text.as_bytes());
    }
    answer
}

#[tokio::test]
async fn an_answer_larger_than_the_limit_is_not_read_to_its_end() {
    let server = Server::start(|_, _| Reply::Raw(endless("{\"id\":\"1\","))).await;
    let client = server.builder().max_body_size(1024 * 1024).build().unwrap();
    let errors = [
        client.threads().list().send().await.unwrap_err(),
        client.threads().get("1").send().await.unwrap_err(),
        client.threads().list().stream().try_next().await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1), "{error}");
        assert!(error.to_string().contains("larger than 1 MiB"), "{error}");
        assert!(error.body().unwrap().len() <= 1024 * 1024);
    }
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn an_announced_length_over_the_limit_is_enough_to_refuse() {
    let awkward = Awkward::start().await;
    let head = "HTTP/1.1 200 .\r\ncontent-length: 99999999999\r\n\r\n{";
    awkward.next.lock().unwrap().push_back(Reply::raw(head));
    let error = list(&awkward.client, Retry::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1), "{error}");
    assert!(error.to_string().contains("larger than 32 MiB"), "{error}");
}

#[tokio::test]
async fn a_body_of_just_the_limit_is_read() {
    let server = Server::always(200, PAGE).await;
    for (limit, is_read) in [(PAGE.len(), true), (PAGE.len() - 1, false)] {
        let client = server.builder().max_body_size(limit).build().unwrap();
        assert_eq!(list(&client, Retry::never()).await.is_ok(), is_read, "{limit}");
    }
}

#[tokio::test]
async fn a_page_of_more_items_than_any_page_has_is_not_read_to_its_end() {
    let page = |items: usize| format!("{{\"results\":[{}{{}}]}}", "{},".repeat(items - 1));
    let most = Server::always(200, &page(10_000)).await;
    assert_eq!(list(&most.client(), Retry::never()).await.unwrap(), 10_000);
    let more = Server::always(200, &page(10_001)).await;
    let error = list(&more.client(), Retry::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1), "{error}");
    assert!(error.to_string().contains("larger than 10000 items"), "{error}");
}

#[tokio::test]
async fn a_record_that_is_answered_with_nothing_is_asked_for_again_only_if_it_may_have_been_cut() {
    let length = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    let chunks = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    for (answer, attempts) in [
        ("HTTP/1.1 204 No Content\r\n\r\n", 1),
        (length, 1),
        (chunks, 1),
        // Its end is that of the connection, which may have broken.
        ("HTTP/1.1 200 OK\r\n\r\n", 3),
    ] {
        let server = Server::start(move |_, _| Reply::raw(answer)).await;
        let original = server.client().messages("7").original("m").send().await;
        let error = original.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, attempts), "{answer}");
        assert_eq!(server.asked().len(), attempts as usize, "{answer}");
    }
}
