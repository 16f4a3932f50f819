//! A rate limit costs time and no data: what is refused with 429 is asked again when HubSpot says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use hubspot_conversations::requests::ListThreads;
use hubspot_conversations::testing::{self, Fault, Simulator};
use hubspot_conversations::{
    Client, ErrorKind, OperationId, Retry, Transport, TransportBody, TransportError,
};
use tokio::time::Instant;

/// Refuses every second request on its way.
#[derive(Debug)]
struct EverySecond<T> {
    way: T,
    asked: AtomicUsize,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
}

impl<T: Transport> Transport for EverySecond<T> {
    fn execute(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        if self.asked.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            let mut refusal = http::Response::builder().status(429);
            for (name, value) in self.headers {
                refusal = refusal.header(*name, *value);
            }
            return Box::pin(async { Ok(refusal.body(TransportBody::new(self.body)).unwrap()) });
        }
        self.way.execute(request)
    }
}

const BURST: &str = r#"{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","correlationId":"aeb5f871-7f07-4993-9211-075dc63e7cbf","policyName":"TEN_SECONDLY_ROLLING","groupName":"publicapi:private-apps:1"}"#;
const SEARCH: &str = r#"{"status":"error","message":"You have reached your secondly limit.","correlationId":"aeb5f871-7f07-4993-9211-075dc63e7cbf","category":"RATE_LIMITS"}"#;

#[tokio::test(start_paused = true)]
async fn every_thread_is_listed_although_every_second_request_is_refused() {
    for body in [BURST, SEARCH] {
        for headers in [
            &[][..],
            &[("retry-after", "3")],
            &[("x-hubspot-ratelimit-interval-milliseconds", "10000")],
        ] {
            let hubspot = Arc::new(Simulator::builder().threads(250).in_process());
            let way = testing::in_process(&hubspot);
            let refusing = EverySecond { way, asked: AtomicUsize::new(0), headers, body };
            let client = testing::client(&hubspot).transport(refusing).build().unwrap();
            let mut threads = client.threads().list().limit(10).stream();
            let mut listed = 0;
            while threads.try_next().await.unwrap().is_some() {
                listed += 1;
            }
            assert_eq!(listed, 250);
        }
    }
}

fn client(hubspot: &Arc<Simulator>) -> Client {
    testing::client(hubspot).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_daily_limit_is_asked_once_and_names_the_reset() {
    let hubspot = Arc::new(Simulator::builder().in_process());
    let client = client(&hubspot);
    let daily = r#"{"status":"error","message":"You have reached your daily limit.","errorType":"RATE_LIMIT","policyName":"DAILY"}"#;
    hubspot.fail_next(None, Fault::answer(429, daily));

    let error = client.threads().list().send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 1));
    assert!(error.is_daily_limit() && !error.is_ambiguous());
    assert!(error.to_string().contains("at midnight in the account's time zone"), "{error}");

    // Nobody asks again, whatever it is for and from whichever clone.
    for _ in 0..100 {
        let error = client.clone().inboxes().list().send().await.unwrap_err();
        assert_eq!((error.is_daily_limit(), error.attempts()), (true, 0), "{error}");
    }
    assert_eq!(hubspot.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn waits_are_as_long_as_hubspot_says() {
    let hubspot = Arc::new(Simulator::builder().in_process());
    let client = client(&hubspot);
    for (fault, seconds) in [
        (Fault::status(423), 2),
        (Fault::status(423).with_header("retry-after", "5"), 5),
        (Fault::status(429).with_header("retry-after", "7"), 7),
        (Fault::status(477).with_header("retry-after", "45"), 45),
        (Fault::status(503).with_header("retry-after", "9"), 9),
    ] {
        hubspot.fail_next(None, fault);
        let begun = Instant::now();
        client.threads().list().send().await.unwrap();
        assert_eq!(begun.elapsed().as_secs(), seconds);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_past_the_deadline_is_an_error_at_once() {
    let hubspot = Arc::new(Simulator::builder().in_process());
    let client = client(&hubspot);
    hubspot.fail_next(None, Fault::status(477).with_header("retry-after", "86400"));
    let begun = Instant::now();
    let call = client.threads().list().deadline(Duration::from_secs(600));
    let error = call.send().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(86_400)));
    assert!(error.is_retryable() && begun.elapsed().is_zero(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_for_all_attempts_together() {
    let hubspot = Arc::new(Simulator::builder().in_process());
    let client = client(&hubspot);
    for _ in 0..100 {
        hubspot.fail_next(OperationId::ListThreads, Fault::Delay(Duration::from_secs(25)));
    }
    let begun = Instant::now();
    let retry = Retry::default().max_attempts(100).backoff(Duration::ZERO);
    let call = client.threads().list().retry(retry).attempt_timeout(Duration::from_secs(20));
    let error = call.deadline(Duration::from_secs(50)).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    assert_eq!(begun.elapsed(), Duration::from_secs(50));
}

#[tokio::test(start_paused = true)]
async fn what_hubspot_paces_itself_costs_no_retry() {
    let hubspot = Arc::new(Simulator::builder().in_process());
    let client = testing::client(&hubspot).retry_budget(0).build().unwrap();
    for status in [423, 429, 477] {
        hubspot.fail_next(None, Fault::status(status).with_header("retry-after", "2"));
        client.threads().list().send().await.unwrap();
    }
    hubspot.fail_next(None, Fault::status(503));
    let error = client.threads().list().send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);
}

/// A call to a server that fails and asks for half a minute, by a client that has no retries left
/// and waits for some for so long.
fn out_of_retries(hubspot: &Arc<Simulator>, patience: u64) -> ListThreads {
    hubspot.fail_next(None, Fault::status(503).with_header("retry-after", "30"));
    let retry = Retry::default().wait_for_budget(true);
    let retry = retry.max_backoff(Duration::from_secs(patience));
    let client = testing::client(hubspot).retry_budget(0).retry(retry).build().unwrap();
    client.threads().list()
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_retry_ends_at_the_deadline() {
    let hubspot = Arc::new(Simulator::builder().in_process());
    let begun = Instant::now();
    let call = out_of_retries(&hubspot, 60).deadline(Duration::from_secs(50));
    let error = call.send().await.unwrap_err();
    assert_eq!(begun.elapsed(), Duration::from_secs(50));
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
    assert!(error.to_string().contains("no retries left"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_retry_and_the_wait_that_hubspot_asks_for_are_one() {
    let hubspot = Arc::new(Simulator::builder().in_process());
    for (patience, seconds) in [(20, 30), (60, 60)] {
        let begun = Instant::now();
        out_of_retries(&hubspot, patience).send().await.unwrap();
        assert_eq!(begun.elapsed().as_secs(), seconds);
    }
}

/// Refuses everything.
#[derive(Debug)]
struct Refusing(&'static [(&'static str, &'static str)]);

impl Transport for Refusing {
    fn execute(
        &self,
        _: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        let mut refusal = http::Response::builder().status(429);
        for (name, value) in self.0 {
            refusal = refusal.header(*name, *value);
        }
        Box::pin(async { Ok(refusal.body(TransportBody::new(BURST)).unwrap()) })
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_deadline_a_throttled_call_ends_after_five_minutes() {
    let hubspot = Arc::new(Simulator::builder().in_process());
    for headers in [
        &[][..],
        &[("retry-after", "0")],
        &[("retry-after", "1")],
        &[("retry-after", "10")],
        &[("retry-after", "45")],
        &[("x-hubspot-ratelimit-interval-milliseconds", "10000")],
    ] {
        let client = testing::client(&hubspot).transport(Refusing(headers)).build().unwrap();
        let begun = Instant::now();
        let error = client.messages("1").comment("hello").send().await.unwrap_err();
        let took = begun.elapsed().as_secs();
        assert!((240..=300).contains(&took), "{headers:?}: {took} s");
        assert_eq!(error.kind(), ErrorKind::RateLimited);
        assert!((5..=40).contains(&error.attempts()), "{headers:?}: {error}");
        let tries = format!("{} attempts", error.attempts());
        assert!(error.to_string().contains(&tries) && !error.is_ambiguous(), "{error}");
        assert!(error.is_retryable(), "{error}");
    }
}
