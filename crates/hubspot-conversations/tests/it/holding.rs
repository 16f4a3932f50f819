//! A server that holds its answers back until a condition is met, and counts what is under way.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use hubspot_conversations::{Client, RateLimit, Retry};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Polls a new future again and again, and drops each that does not have it yet.
macro_rules! impatiently {
    ($future:expr) => {
        loop {
            if let Some(output) = futures_util::FutureExt::now_or_never($future) {
                break output;
            }
            tokio::task::yield_now().await;
        }
    };
}

pub(crate) use impatiently;

/// The requests to the server so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Observed {
    /// Path and query of each request.
    pub(crate) lines: Vec<String>,
    /// How many requests are not answered yet.
    pub(crate) under_way: usize,
    /// How many that were at the most.
    pub(crate) most: usize,
}

impl Observed {
    /// How often something with this in its path or query was asked for.
    pub(crate) fn count(&self, part: &str) -> usize {
        self.lines.iter().filter(|line| line.contains(part)).count()
    }
}

/// A server on this machine. It stops when the test's runtime does.
pub(crate) struct Holding {
    base_url: String,
    asked: watch::Sender<Observed>,
}

impl Holding {
    /// Answers each request by the script, as soon as the condition is met.
    pub(crate) async fn start(
        condition: impl Fn(&str, &Observed) -> bool + Send + Sync + 'static,
        script: impl Fn(&str) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let asked = watch::Sender::default();
        let held = Arc::new((condition, script));
        let counted = asked.clone();
        let answer = move |uri: Uri| {
            let (held, asked) = (Arc::clone(&held), counted.clone());
            async move {
                let line = uri.to_string();
                let _under_way = UnderWay::new(&asked, &line);
                let mut changes = asked.subscribe();
                changes.wait_for(|asked| held.0(&line, asked)).await.unwrap();
                respond(held.1(&line))
            }
        };
        let router = Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base_url, asked }
    }

    pub(crate) fn client(&self) -> Client {
        // What a list asks for, and not when the limiter lets it, is what is looked at.
        let builder = Client::builder().token("pat-test").base_url(&self.base_url);
        let builder = builder.rate_limit(RateLimit::unlimited());
        builder.retry(Retry::default().backoff(Duration::from_millis(1))).build().unwrap()
    }

    pub(crate) fn asked(&self) -> Observed {
        self.asked.borrow().clone()
    }

    /// Waits until that is so.
    pub(crate) async fn until(&self, condition: impl Fn(&Observed) -> bool) {
        let mut changes = self.asked.subscribe();
        let waited = changes.wait_for(|asked| condition(asked));
        if tokio::time::timeout(Duration::from_secs(10), waited).await.is_err() {
            panic!("it never came to that: {:?}", self.asked());
        }
    }

    /// Gives requests that should not be made the time to arrive.
    pub(crate) async fn settle(&self) {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
    }
}

fn respond((status, body): (u16, String)) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::from_u16(status).unwrap(), json, body).into_response()
}

/// A request that is not answered yet. It ends when the client hangs up, too.
struct UnderWay(watch::Sender<Observed>);

impl UnderWay {
    fn new(asked: &watch::Sender<Observed>, line: &str) -> Self {
        asked.send_modify(|asked| {
            asked.lines.push(line.to_owned());
            asked.under_way += 1;
            asked.most = asked.most.max(asked.under_way);
        });
        Self(asked.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|asked| asked.under_way -= 1);
    }
}
