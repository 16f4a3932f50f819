//! Nothing is sent twice that HubSpot may have carried out, and what is safe is tried again.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::server::{RecordedRequest, Reply, Server};
use futures_util::future::BoxFuture;
use hubspot_conversations::testing::{self, Fault, Recorder, Simulator};
use hubspot_conversations::types::NewComment;
use hubspot_conversations::{
    Client, Error, ErrorKind, FindSentOutcome, OperationId, Retry, Transport, TransportBody,
    TransportError,
};

const BROKEN: &str = "HTTP/1.1 200 .\r\ncontent-length: 100\r\n\r\n{\"results\":";

fn failures() -> Vec<(ErrorKind, fn() -> Reply)> {
    vec![
        (ErrorKind::Server, || Reply::Json(503, "{}".to_owned())),
        (ErrorKind::Server, || {
            Reply::With(502, "content-type: text/html\r\n", "<html>".to_owned())
        }),
        (ErrorKind::Interrupted, || Reply::raw("")),
        (ErrorKind::Interrupted, || Reply::raw(BROKEN)),
        // Without a length, nobody knows whether more was to come.
        (ErrorKind::Decode, || Reply::raw("HTTP/1.1 200 .\r\n\r\nnonsense")),
        (ErrorKind::Timeout, || Reply::Silence),
    ]
}

async fn send(client: Client) -> Result<(), Error> {
    client.messages("1").create(NewComment::new("hello")).send().await?;
    Ok(())
}

async fn token(client: Client) -> Result<(), Error> {
    client.visitors().token("visitor@example.com").send().await?;
    Ok(())
}

async fn close(client: Client) -> Result<(), Error> {
    client.threads().close("1").send().await?;
    Ok(())
}

async fn list(client: Client) -> Result<(), Error> {
    client.threads().list().send().await?;
    Ok(())
}

async fn batch(client: Client) -> Result<(), Error> {
    client.actors().batch_read(["A-1"]).send().await?;
    Ok(())
}

async fn assign(client: Client) -> Result<(), Error> {
    client.threads().assign("1", "A-1").send().await?;
    Ok(())
}

/// A client that does not wait long where no answer comes, and long enough on a busy machine where
/// one does.
fn client(server: &Server, failure: fn() -> Reply) -> Client {
    let silent = matches!(failure(), Reply::Silence);
    let timeout = Duration::from_millis(if silent { 100 } else { 10_000 });
    server.builder().attempt_timeout(timeout).build().unwrap()
}

/// Calls a server that always fails so, and gives the error and how often the server was asked.
async fn call<F: Future<Output = Result<(), Error>>>(
    failure: fn() -> Reply,
    operation: impl Fn(Client) -> F,
) -> (Error, usize) {
    let server = Server::start(move |_, _| failure()).await;
    let error = operation(client(&server, failure)).await.unwrap_err();
    (error, server.asked().len())
}

#[tokio::test]
async fn what_is_not_idempotent_is_sent_once_whatever_happens() {
    for (kind, failure) in failures() {
        for (error, asked) in
            [call(failure, send).await, call(failure, token).await, call(failure, close).await]
        {
            assert_eq!((error.kind(), error.attempts(), asked), (kind, 1, 1), "{error}");
        }
    }
}

#[tokio::test]
async fn what_is_idempotent_is_tried_again() {
    for (kind, failure) in failures() {
        for (error, asked) in
            [call(failure, list).await, call(failure, batch).await, call(failure, assign).await]
        {
            assert_eq!((error.kind(), error.attempts(), asked), (kind, 3, 3), "{error}");
        }
    }
}

#[tokio::test]
async fn what_will_not_pass_is_not_tried_again() {
    for status in [400, 401, 403, 404, 409, 414, 301, 307] {
        let server = Server::always(status, "{}").await;
        assert_eq!(list(server.client()).await.unwrap_err().attempts(), 1, "{status}");
    }
    let daily =
        r#"{"status":"error","message":"You have reached your daily limit.","policyName":"DAILY"}"#;
    let server = Server::always(429, daily).await;
    let error = list(server.client()).await.unwrap_err();
    assert_eq!((error.attempts(), error.policy_name()), (1, Some("DAILY")));
}

#[tokio::test]
async fn a_passing_failure_is_not_an_error() {
    let server = Server::start(|_, before| match before {
        0 => Reply::Json(503, String::new()),
        1 => Reply::With(
            429,
            "x-hubspot-ratelimit-interval-milliseconds: 1\r\n",
            r#"{"policyName":"TEN_SECONDLY_ROLLING"}"#.to_owned(),
        ),
        _ => Reply::Json(200, r#"{"results":[]}"#.to_owned()),
    })
    .await;
    list(server.client()).await.unwrap();
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn a_wait_too_long_to_be_worth_it_is_an_error_at_once() {
    let server =
        Server::start(|_, _| Reply::With(429, "retry-after: 3600\r\n", String::new())).await;
    let error = list(server.client()).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn a_success_under_another_status_is_a_success() {
    let server = Server::always(200, r#"{"type":"COMMENT","id":"m1"}"#).await;
    send(server.client()).await.unwrap();
    let server = Server::always(200, "").await;
    server.client().threads().archive("1").send().await.unwrap();
}

/// A server that stores each comment and then fails so. It lists what it stored.
async fn storing(failure: fn() -> Reply) -> (Server, Arc<Mutex<Vec<String>>>) {
    let stored = Arc::new(Mutex::new(Vec::new()));
    let store = Arc::clone(&stored);
    let server = Server::start(move |asked: &RecordedRequest, _| {
        let mut stored = store.lock().unwrap();
        if asked.line.starts_with("POST") {
            let id = format!(r#"{{"id":"m{}","#, stored.len());
            stored.push(asked.body.replacen('{', &id, 1));
            return failure();
        }
        let newest_first: Vec<_> = stored.iter().rev().cloned().collect();
        Reply::Json(200, format!(r#"{{"results":[{}]}}"#, newest_first.join(",")))
    })
    .await;
    (server, stored)
}

#[tokio::test]
async fn a_message_that_was_stored_is_stored_once_and_can_be_found() {
    for (kind, failure) in failures() {
        let (server, stored) = storing(failure).await;
        let error = send(client(&server, failure)).await.unwrap_err();
        assert_eq!((error.kind(), error.is_ambiguous()), (kind, true), "{error}");
        assert!(!error.is_retryable());
        assert!(error.to_string().contains("may have been carried out"), "{error}");
        assert_eq!(stored.lock().unwrap().len(), 1, "{error}");

        let client = server.client();
        let thread = client.messages("1");
        let found = thread.find_sent("hello\r\n").comment().send().await.unwrap();
        assert_eq!(found.id().unwrap().as_str(), "m0");
        let newest = thread.newest().await.unwrap();
        let after = thread.find_sent("hello").comment().after_newest(newest).send().await.unwrap();
        assert!(matches!(after, FindSentOutcome::NotFound));
        let other = thread.find_sent("good bye").comment().send().await.unwrap();
        assert!(matches!(other, FindSentOutcome::NotFound));
    }
}

#[tokio::test]
async fn what_only_reads_is_never_ambiguous() {
    for (_, failure) in failures() {
        for (error, _) in [call(failure, list).await, call(failure, batch).await] {
            assert!(!error.is_ambiguous() && error.is_retryable(), "{error}");
        }
        let (error, _) = call(failure, assign).await;
        assert!(error.is_ambiguous() && error.is_retryable(), "{error}");
    }
}

/// Refuses the first connections, as a server does that is starting.
#[derive(Debug)]
struct Starting {
    refusals: AtomicU32,
    nowhere: String,
    network: Recorder,
}

impl Transport for Starting {
    fn execute(
        &self,
        mut request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        let refuse = |left: u32| left.checked_sub(1);
        if self.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, refuse).is_ok() {
            *request.uri_mut() = self.nowhere.parse().unwrap();
        }
        self.network.execute(request)
    }
}

/// A client whose first connections are refused.
async fn refused(server: &Server, refusals: u32) -> Client {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = format!("http://{}", closed.local_addr().unwrap());
    let network = Recorder::new().unwrap();
    let transport = Starting { refusals: AtomicU32::new(refusals), nowhere, network };
    server.builder().transport(transport).build().unwrap()
}

#[tokio::test]
async fn a_message_whose_connection_is_refused_is_sent_again() {
    let (server, stored) =
        storing(|| Reply::Json(201, r#"{"type":"COMMENT","id":"m0"}"#.into())).await;
    send(refused(&server, 2).await).await.unwrap();
    assert_eq!((server.asked().len(), stored.lock().unwrap().len()), (1, 1));

    let error = send(refused(&server, 3).await).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    assert!(!error.is_ambiguous() && error.is_retryable(), "{error}");
    assert_eq!(stored.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_message_that_hubspot_says_it_did_not_take_is_sent_again() {
    for status in [429, 477] {
        let server = Server::start(move |_, before| match before {
            0 => Reply::With(status, "retry-after: 0\r\n", "<html>".to_owned()),
            _ => Reply::Json(201, r#"{"type":"COMMENT","id":"m0"}"#.to_owned()),
        })
        .await;
        send(server.client()).await.unwrap();
        assert_eq!(server.asked().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn an_outage_is_not_amplified() {
    let server = Server::always(503, "").await;
    let client = server.builder().retry_budget(10).build().unwrap();
    for _ in 0..50 {
        list(client.clone()).await.unwrap_err();
    }
    assert_eq!(server.asked().len(), 60, "50 calls, and the budget of 10");
    let error = list(client.clone()).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert!(error.to_string().contains("no retries left"), "{error}");
}

#[tokio::test]
async fn a_call_has_its_own_policy() {
    let server = Server::always(503, "").await;
    let client = server.client();
    let retry = Retry::default().max_attempts(2).backoff(Duration::ZERO);
    let error = client.threads().list().retry(retry).send().await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    let error = client.threads().list().retry(Retry::never()).send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);

    let retry = Retry::default().backoff(Duration::from_secs(3600)).max_backoff(Duration::MAX);
    let call = client.threads().list().retry(retry).deadline(Duration::from_secs(1));
    let error = call.send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Server, 1),
        "a wait past the deadline"
    );

    let error = client.threads().list().deadline(Duration::ZERO).send().await.unwrap_err();
    assert_eq!((error.kind(), error.is_timeout()), (ErrorKind::Deadline, true));

    let call = client.threads().list().header("x-correlation", "abc").retry(Retry::never());
    call.send().await.unwrap_err();
    assert!(server.asked().last().unwrap().head.contains("x-correlation: abc"));
    for (name, value) in [("authorization", "Bearer x"), ("a b", ""), ("a", "\n"), ("Host", "x")] {
        let error = client.threads().list().header(name, value).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name}");
    }
}

/// A server that keeps connections open until it is told to close them.
struct Closing {
    base_url: String,
    requests: Receiver<String>,
    connections: Arc<AtomicU32>,
    close: Sender<()>,
    closed: Receiver<()>,
}

impl Closing {
    fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let (request, requests) = mpsc::channel();
        let (close, closes) = mpsc::channel();
        let (has_closed, closed) = mpsc::channel();
        let connections = Arc::new(AtomicU32::new(0));
        let open = Arc::new(Mutex::new(Vec::new()));
        let (count, accepted) = (Arc::clone(&connections), Arc::clone(&open));
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let connection = connection.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                accepted.lock().unwrap().push(connection.try_clone().unwrap());
                let request = request.clone();
                std::thread::spawn(move || answer(&connection, &request));
            }
        });
        std::thread::spawn(move || {
            while closes.recv().is_ok() {
                for connection in open.lock().unwrap().drain(..) {
                    // The client may have closed it first.
                    let _ = connection.shutdown(std::net::Shutdown::Both);
                }
                has_closed.send(()).unwrap();
            }
        });
        Self { base_url, requests, connections, close, closed }
    }

    fn close_connections(&self) {
        self.close.send(()).unwrap();
        self.closed.recv().unwrap();
    }
}

/// Answers all requests of a connection, and reports the method of each.
fn answer(connection: &std::net::TcpStream, requests: &Sender<String>) {
    use std::io::{BufRead, Read, Write};

    let mut reader = std::io::BufReader::new(connection);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            match reader.read_line(&mut head) {
                Ok(1..) => {}
                _ => return,
            }
        }
        let lower = head.to_ascii_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        reader.read_exact(&mut body).unwrap();
        let _ = requests.send(head.split(' ').next().unwrap().to_owned());
        let body = r#"{"type":"COMMENT","id":"m1","results":[]}"#;
        let answer = format!("HTTP/1.1 200 .\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        let mut writer = connection;
        if writer.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

#[test]
fn what_must_not_be_repeated_goes_over_no_connection_that_may_be_closed() {
    let server = Closing::start();
    // The client's side of a connection is looked at only while the runtime runs.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::builder().token("pat").base_url(&server.base_url).build().unwrap();
    for round in 0..60 {
        runtime.block_on(list(client.clone())).unwrap();
        if round % 2 == 0 {
            runtime.block_on(send(client.clone())).unwrap();
        }
        server.close_connections();
        runtime.block_on(send(client.clone())).unwrap_or_else(|error| {
            panic!("round {round}: {error}");
        });
        server.close_connections();
    }
    drop(runtime);
    let posts = server.requests.try_iter().filter(|method| method == "POST").count();
    assert_eq!(posts, 90, "nothing is sent twice");
}

#[test]
fn what_only_reads_keeps_its_connection() {
    let server = Closing::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::builder().token("pat").base_url(&server.base_url).build().unwrap();
    for _ in 0..20 {
        runtime.block_on(list(client.clone())).unwrap();
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
    let hubspot = Arc::new(Simulator::builder().in_process());
    let client = testing::client(&hubspot).build().unwrap();
    let mut threads = client.threads().list().stream();
    let thread = threads.try_next().await.unwrap().unwrap().id;

    // It is archived, nobody hears of it, and so it is not there to be archived again.
    hubspot.fail_next(OperationId::ArchiveThread, Fault::LoseAnswer);
    let error = client.threads().archive(&thread).send().await.unwrap_err();
    assert_eq!((error.is_not_found(), error.attempts()), (true, 2), "{error}");
    assert!(error.is_ambiguous(), "{error}");

    let error = client.threads().archive(&thread).send().await.unwrap_err();
    assert!(error.is_not_found() && !error.is_ambiguous(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn only_what_is_new_is_found() {
    let hubspot = Arc::new(Simulator::builder().in_process());
    let client = testing::client(&hubspot).build().unwrap();
    let mut threads = client.threads().list().stream();
    let thread = threads.try_next().await.unwrap().unwrap().id;
    let messages = client.messages(&thread);
    let first = messages.comment("hello").send().await.unwrap();
    hubspot.advance(Duration::from_secs(60));
    let between = hubspot.now();
    hubspot.advance(Duration::from_secs(60));

    let hello = || messages.find_sent("hello").comment();
    assert!(hello().send().await.unwrap().found().is_some());
    assert!(hello().since(between).send().await.unwrap().found().is_none());
    let after_first = first.id().unwrap();
    assert!(hello().after(after_first).send().await.unwrap().found().is_none());

    let second = messages.comment("hello").send().await.unwrap();
    for search in [
        messages.find_sent("hello").comment().since(between),
        messages.find_sent(" hello\n").comment().after(after_first),
    ] {
        assert_eq!(search.send().await.unwrap().id().as_ref(), second.id());
    }
}

/// Bodies of a success that contain no record.
const WITHOUT_RECORD: [&str; 4] = ["", " \n", "null", "\"\""];

/// Bodies of a success that are not a record.
const NO_RECORD: [&str; 9] = [
    "OK",
    "{}",
    "true",
    "[]",
    "7",
    "\"done\"",
    "\u{feff}{}",
    r#"{"status":"OPEN"}"#,
    r#"{"id":"1""#,
];

#[tokio::test]
async fn a_change_answered_without_a_record_is_made_once_and_its_record_read() {
    const THREAD: &str = r#"{"id":"1","status":"CLOSED","unknown":7}"#;
    let bodies = WITHOUT_RECORD.into_iter().chain(NO_RECORD).map(|body| (200, body));
    for (status, body) in bodies.chain([(204, "")]) {
        let server = Server::start(move |asked, _| match asked.line.starts_with("GET ") {
            true => Reply::Json(200, THREAD.to_owned()),
            false => Reply::Json(status, body.to_owned()),
        })
        .await;
        let threads = server.client().threads();
        let (closed, assigned) =
            (threads.close("1").send().await, threads.assign("1", "A-1").send().await);
        for record in [closed.unwrap(), assigned.unwrap()] {
            assert_eq!(record.json().get(), THREAD, "{body:?}");
        }
        let lines = server.asked().into_iter().map(|asked| asked.line);
        let methods: Vec<String> = lines.map(|line| line[..3].to_owned()).collect();
        assert_eq!(methods, ["PAT", "GET", "PUT", "GET"], "{body:?}");
    }
}

#[tokio::test]
async fn a_change_answered_in_chunks_that_end_is_made_once() {
    let server = Server::start(|asked, _| match asked.line.starts_with("GET ") {
        true => Reply::Json(200, r#"{"id":"1"}"#.to_owned()),
        false => {
            Reply::raw("HTTP/1.1 200 .\r\ntransfer-encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n")
        }
    })
    .await;
    server.client().threads().assign("1", "A-1").send().await.unwrap();
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn html_is_no_answer_of_hubspots_and_a_change_is_not_made_again_for_it() {
    let server = Server::always(200, "<html>").await;
    let error = assign(server.client()).await.unwrap_err();
    assert!(error.is_ambiguous() && !error.was_carried_out(), "{error}");
    assert_eq!((error.kind(), server.asked().len()), (ErrorKind::Decode, 1), "{error}");
}

#[tokio::test]
async fn a_change_whose_record_cannot_be_read_either_is_said_to_be_made() {
    let server = Server::start(|asked, _| match asked.line.starts_with("GET ") {
        true => Reply::Json(403, "{}".to_owned()),
        false => Reply::Json(204, String::new()),
    })
    .await;
    let error = server.client().threads().assign("1", "A-1").send().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NoRecord, Some("assign_thread")));
    assert!(error.was_carried_out() && !error.is_ambiguous() && !error.is_retryable(), "{error}");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_send_answered_with_an_unusable_success_was_carried_out() {
    let token = WITHOUT_RECORD.into_iter().chain(["[]", "7", "OK"]).map(|body| (true, body));
    let thread = NO_RECORD.map(|body| (false, body));
    for (makes_token, body) in token.chain(thread) {
        let server = Server::always(201, body).await;
        let client = server.client();
        let sent = if makes_token { self::token(client).await } else { close(client).await };
        let error = sent.unwrap_err();
        assert!(error.was_carried_out() && !error.is_ambiguous(), "{body:?}: {error}");
        assert!(error.to_string().contains("carried"), "{body:?}: {error}");
        assert!(!error.is_retryable() && error.attempts() == 1, "{body:?}: {error}");
        let changes = server.asked().iter().filter(|asked| !asked.line.starts_with("GET ")).count();
        assert_eq!(changes, 1, "{body:?}");
    }
}

#[tokio::test]
async fn a_success_that_is_cut_short_or_says_it_failed_leaves_it_open() {
    let failed = r#"{"status":"error","message":"no","category":"X"}"#;
    let answered =
        |body: &str| format!("HTTP/1.1 200 .\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    for body in [
        "HTTP/1.1 200 .\r\ncontent-length: 10\r\n\r\n{\"id\":\"1\"".to_owned(),
        "HTTP/1.1 200 .\r\ntransfer-encoding: chunked\r\n\r\n2\r\nOK\r\n".to_owned(),
        "HTTP/1.1 200 .\r\n\r\n{\"id\":\"1\"".to_owned(),
        answered("<html>"),
        answered(failed),
    ] {
        let answer = body.clone();
        let server = Server::start(move |_, _| Reply::raw(answer.clone())).await;
        let error = close(server.client()).await.unwrap_err();
        assert!(error.is_ambiguous() && !error.was_carried_out(), "{body}: {error}");
        assert_eq!(server.asked().len(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_success_without_a_body_is_one_where_nothing_was_promised() {
    for (status, body) in [(204, ""), (200, ""), (202, "{}"), (200, "null")] {
        let server = Server::always(status, body).await;
        server.client().threads().archive("1").send().await.unwrap();
        server.client().threads().unassign("1").send().await.unwrap();
        assert_eq!(server.asked().len(), 2);
    }
}
