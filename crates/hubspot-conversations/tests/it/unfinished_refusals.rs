//! A refusal counts as soon as its head is there, although its body stalls or breaks off.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};
use hubspot_conversations::types::NewComment;
use hubspot_conversations::{
    AccessToken, Client, Error, ErrorKind, TokenProvider, Transport, TransportBody, TransportError,
};
use tokio::time::Instant;

/// How a body ends before its end.
#[derive(Clone, Copy, Debug)]
enum End {
    Stalls,
    Breaks,
}

/// A server that refuses the first request with the beginning of a body, and stores each other one.
#[derive(Debug)]
struct Refusing {
    status: u16,
    header: Option<(&'static str, &'static str)>,
    part: &'static str,
    end: End,
    asked: Arc<AtomicU32>,
}

impl Transport for Refusing {
    fn execute(
        &self,
        _: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        if self.asked.fetch_add(1, Ordering::SeqCst) > 0 {
            return Box::pin(async {
                Ok(http::Response::new(TransportBody::new(r#"{"type":"COMMENT","id":"m1"}"#)))
            });
        }
        let (part, end) = (self.part, self.end);
        let part = stream::once(async move { Ok::<_, std::io::Error>(part) });
        let rest = stream::once(async move {
            match end {
                End::Stalls => std::future::pending().await,
                End::Breaks => Err(std::io::ErrorKind::ConnectionReset.into()),
            }
        });
        let body = TransportBody::from_stream(part.chain(rest));
        let mut answer = http::Response::builder().status(self.status);
        if let Some((name, value)) = self.header {
            answer = answer.header(name, value);
        }
        Box::pin(async { Ok(answer.body(body).unwrap()) })
    }
}

/// Has another token each time one is given back.
#[derive(Debug, Default)]
struct Fresh(AtomicU32);

impl TokenProvider for Fresh {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        let token = format!("token-{}", self.0.load(Ordering::SeqCst)).into();
        Box::pin(async { Ok(token) })
    }

    fn invalidate(&self, _: &AccessToken) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn client(refusing: Refusing) -> Client {
    Client::builder().token_provider(Fresh::default()).transport(refusing).build().unwrap()
}

fn comment() -> NewComment {
    NewComment::new("hello")
}

#[tokio::test(start_paused = true)]
async fn the_status_decides_what_a_refusal_is() {
    for end in [End::Stalls, End::Breaks] {
        for (status, part, kind) in [
            (400, "", ErrorKind::Rejected),
            (401, "{\"mess", ErrorKind::Unauthorized),
            (403, "<html>", ErrorKind::Forbidden),
            (404, "", ErrorKind::NotFound),
        ] {
            let asked = Arc::new(AtomicU32::new(0));
            let refusing = Refusing { status, header: None, part, end, asked: Arc::clone(&asked) };
            let begun = Instant::now();
            let error = client(refusing).messages("1").create(comment()).send().await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (kind, 1), "{status}: {error}");
            assert!(!error.is_ambiguous(), "{status}: {error}");
            assert_eq!(error.body(), Some(part.as_bytes()), "{status}");
            assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_told_where_less_time_is_left_than_its_body_may_take() {
    for time in [Duration::from_millis(1), Duration::from_secs(4), Duration::MAX] {
        let asked = Arc::new(AtomicU32::new(0));
        let refusing = Refusing { status: 400, header: None, part: "", end: End::Stalls, asked };
        let client = client(refusing);
        let request = client.messages("1").create(comment()).attempt_timeout(time);
        let error = request.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{time:?}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_arrived_of_a_refusal_is_heeded() {
    for end in [End::Stalls, End::Breaks] {
        for (status, header, part) in [
            (429, Some(("retry-after", "3")), ""),
            (423, Some(("retry-after", "3")), "{"),
            (401, None, r#"{"category":"EXPIRED_AUTHENTICATION","message":"The OAuth"#),
            (401, None, r#"{"message":"cut \ud83d","category":"EXPIRED_AUTHENTICATION","#),
        ] {
            let asked = Arc::new(AtomicU32::new(0));
            let begun = Instant::now();
            let refusing = Refusing { status, header, part, end, asked: Arc::clone(&asked) };
            client(refusing).messages("1").create(comment()).send().await.unwrap();
            assert_eq!(asked.load(Ordering::SeqCst), 2, "{status}");
            let waited = header.map_or(0, |_| 3);
            assert!(begun.elapsed() >= Duration::from_secs(waited), "{:?}", begun.elapsed());
        }
    }
}
