//! What the policy around a call costs, where the network costs nothing.
//!
//! Run with `cargo bench -p hubspot-conversations`.

use std::fmt::Write as _;

use divan::Bencher;
use futures_util::future::BoxFuture;
use hubspot_conversations::{Client, RateLimit, Transport, TransportBody, TransportError};
use tokio::runtime::{Builder, Runtime};

fn main() {
    divan::main();
}

/// Answers everything the same.
#[derive(Debug)]
struct Constant(String);

impl Transport for Constant {
    fn execute(
        &self,
        _: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        let answer = http::Response::builder()
            .header("x-hubspot-ratelimit-max", "1000000")
            .header("x-hubspot-ratelimit-remaining", "1000000")
            .header("x-hubspot-ratelimit-interval-milliseconds", "1")
            .body(TransportBody::new(self.0.clone()));
        Box::pin(async { Ok(answer.expect("a valid answer")) })
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn client(limit: RateLimit, body: String) -> Client {
    let client = Client::builder().token("pat-bench").base_url("http://127.0.0.1:1");
    client.transport(Constant(body)).rate_limit(limit).build().expect("a client")
}

/// A whole call, from request to value, of a thread that is one field.
#[divan::bench(args = ["without a limiter", "with a limiter"])]
fn get_thread(bencher: Bencher, limit: &str) {
    let limit = match limit {
        "with a limiter" => RateLimit::from_headers(),
        _ => RateLimit::unlimited(),
    };
    let runtime = runtime();
    let client = client(limit, r#"{"id":"176347007"}"#.to_owned());
    bencher.bench_local(|| {
        runtime.block_on(client.threads().get("176347007").send()).expect("a thread")
    });
}

/// A page of a hundred threads, item by item.
#[divan::bench]
fn list_a_hundred_threads(bencher: Bencher) {
    let mut items = String::new();
    for id in 0..100 {
        write!(items, r#"{}{{"id":"{id}","status":"OPEN"}}"#, if id > 0 { "," } else { "" })
            .expect("text");
    }
    let runtime = runtime();
    let client = client(RateLimit::unlimited(), format!(r#"{{"results":[{items}]}}"#));
    bencher.bench_local(|| {
        let threads = client.threads().list().stream();
        assert_eq!(runtime.block_on(threads.try_collect()).expect("a list").len(), 100);
    });
}
