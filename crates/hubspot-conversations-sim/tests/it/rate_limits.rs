//! How many requests are admitted, and which limits responses report. All tests use virtual time.

use std::collections::VecDeque;
use std::time::Duration;

use crate::caller::{Caller, Reply, http_client, id};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::{Fault, RateLimit, Simulator};
use serde_json::json;
use tokio::time::{Instant, advance};

const HEADERS: [&str; 5] =
    ["max", "remaining", "interval-milliseconds", "daily", "daily-remaining"];

fn limited(rate_limit: RateLimit) -> Caller {
    Caller::in_process(Simulator::builder().threads(2).messages(2).rate_limit(rate_limit))
}

async fn list(caller: &Caller) -> Reply {
    caller.get(ListInboxes, &[], &[]).await
}

/// The limits in the headers of a reply.
fn limits_in(reply: &Reply) -> [Option<u32>; 5] {
    HEADERS.map(|header| {
        let value = reply.headers.get(format!("x-hubspot-ratelimit-{header}"))?;
        Some(value.to_str().unwrap().parse().unwrap())
    })
}

fn remaining(reply: &Reply) -> u32 {
    limits_in(reply)[1].unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_request_is_refused_if_the_burst_was_let_through_in_the_ten_seconds_before_it() {
    let caller = limited(RateLimit::new(3));
    let begin = Instant::now();
    for (millisecond, status, left) in [
        (0, 200, 2),
        (4_000, 200, 1),
        (8_000, 200, 0),
        (9_999, 429, 0),
        (10_000, 200, 0),
        (13_999, 429, 0),
        (14_000, 200, 0),
        (30_000, 200, 2),
    ] {
        advance(Duration::from_millis(millisecond) - begin.elapsed()).await;
        let reply = list(&caller).await;
        assert_eq!((reply.status, remaining(&reply)), (status, left), "after {millisecond} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn the_window_rolls_whenever_requests_come() {
    let mut random = fastrand::Rng::with_seed(11);
    let caller = limited(RateLimit::new(17));
    let mut admitted: VecDeque<Instant> = VecDeque::new();
    let mut refused = 0;
    for _ in 0..1_000 {
        advance(Duration::from_millis(random.u64(..900))).await;
        let ten_seconds_ago = Instant::now() - Duration::from_secs(10);
        let recent = admitted.iter().filter(|&&then| then > ten_seconds_ago).count();
        let reply = list(&caller).await;
        if recent < 17 {
            assert_eq!((reply.status, remaining(&reply) as usize), (200, 16 - recent));
            admitted.push_back(Instant::now());
        } else {
            assert_eq!((reply.status, remaining(&reply)), (429, 0));
            refused += 1;
        }
    }
    assert!((100..900).contains(&refused), "{refused} were refused");
    assert_eq!(caller.simulator.request_stats(None).rate_limited, refused);
}

#[tokio::test(start_paused = true)]
async fn requests_that_are_refused_do_not_count() {
    let caller = limited(RateLimit::new(1).daily(2));
    assert_eq!(list(&caller).await.status, 200);
    for _ in 0..50 {
        advance(Duration::from_millis(100)).await;
        let reply = list(&caller).await;
        assert_eq!((reply.status, limits_in(&reply)[4]), (429, Some(1)));
    }
    advance(Duration::from_secs(5)).await;
    assert_eq!(list(&caller).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn each_tier_has_the_limits_hubspot_documents() {
    for (rate_limit, max, daily) in [
        (RateLimit::private_app_free(), 100, Some(250_000)),
        (RateLimit::professional(), 190, Some(625_000)),
        (RateLimit::enterprise(), 190, Some(1_000_000)),
        (RateLimit::oauth_app(), 110, None),
        (RateLimit::new(250), 250, None),
    ] {
        let caller = limited(rate_limit);
        for used in 1..=max {
            let reply = list(&caller).await;
            assert_eq!(reply.status, 200, "{used} of {rate_limit:?}");
            let left = daily.map(|daily| daily - used);
            assert_eq!(limits_in(&reply), [Some(max), Some(max - used), Some(10_000), daily, left]);
        }
        assert_eq!(list(&caller).await.status, 429, "{rate_limit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_nothing_is_told_or_refused() {
    let caller = Caller::in_process(Simulator::builder());
    for _ in 0..500 {
        let reply = list(&caller).await;
        assert_eq!((reply.status, limits_in(&reply)), (200, [None; 5]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_names_the_policy_and_has_no_category() {
    let caller = limited(RateLimit::new(1).daily(2));
    let refused = async |policy: &str, message: &str| {
        let reply = list(&caller).await;
        assert_eq!(reply.status, 429);
        assert!(reply.headers.get("retry-after").is_none());
        assert_eq!(
            reply.json,
            json!({
                "status": "error",
                "message": message,
                "errorType": "RATE_LIMIT",
                "correlationId": reply.headers["x-hubspot-correlation-id"].to_str().unwrap(),
                "policyName": policy,
            })
        );
        limits_in(&reply)
    };
    list(&caller).await.ok();
    let burst = "You have reached your ten_secondly_rolling limit.";
    let reported = refused("TEN_SECONDLY_ROLLING", burst).await;
    assert_eq!(reported, [Some(1), Some(0), Some(10_000), Some(2), Some(1)]);

    advance(Duration::from_secs(10)).await;
    list(&caller).await.ok();
    advance(Duration::from_secs(10)).await;
    let reported = refused("DAILY", "You have reached your daily limit.").await;
    assert_eq!(reported, [Some(1), Some(1), Some(10_000), Some(2), Some(0)]);
}

#[tokio::test(start_paused = true)]
async fn the_other_kind_of_refusal_has_a_category_and_names_no_policy() {
    let caller = limited(RateLimit::new(0).with_category());
    let reply = list(&caller).await;
    assert_eq!((reply.status, remaining(&reply)), (429, 0));
    let mut fields: Vec<_> = reply.json.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["category", "correlationId", "message", "status"]);
    assert_eq!(reply.json["category"], "RATE_LIMITS");
}

#[tokio::test(start_paused = true)]
async fn a_day_begins_with_its_first_request_and_ends_after_24_hours() {
    let caller = limited(RateLimit::new(100).daily(2));
    let begin = Instant::now();
    for (hour, status) in [
        (5, 200),
        (20, 200),
        (28, 429),
        (29, 200),
        (40, 200),
        (52, 429),
        // The second day ended at 53, and the third begins with this.
        (60, 200),
        (61, 200),
        (83, 429),
        (84, 200),
    ] {
        advance(Duration::from_hours(hour) - begin.elapsed()).await;
        assert_eq!(list(&caller).await.status, status, "in hour {hour}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_not_carried_out() {
    let caller = limited(RateLimit::new(2));
    let threads = caller.threads().await;
    let thread = [("threadId", id(&threads[0]))];
    let comment = json!({ "type": "COMMENT", "text": "Called." });
    let before = caller.simulator.counts().messages;
    caller.write(SendMessage, &thread, &[], comment.clone()).await.ok();
    for _ in 0..3 {
        assert_eq!(caller.write(SendMessage, &thread, &[], comment.clone()).await.status, 429);
    }
    assert_eq!(caller.simulator.counts().messages, before + 1);
    let traffic = caller.simulator.request_stats(SendMessage);
    assert_eq!((traffic.arrived, traffic.carried_out, traffic.rate_limited), (4, 1, 3));
    assert_eq!(caller.simulator.request_stats(ListThreads).rate_limited, 0);
}

#[tokio::test(start_paused = true)]
async fn every_authorized_request_counts_whatever_it_is_answered() {
    let caller = limited(RateLimit::new(5).daily(9));
    let not_found = caller.get(GetThread, &[("threadId", "1")], &[]).await;
    assert_eq!((not_found.status, remaining(&not_found)), (404, 4));
    let invalid = caller.get(GetThread, &[("threadId", "abc")], &[]).await;
    assert_eq!((invalid.status, remaining(&invalid)), (400, 3));
    let too_large = caller.request(SendMessage, &[("threadId", "1")]).body("x".repeat(3 << 20));
    let too_large = caller.send(too_large).await;
    assert_eq!((too_large.status, remaining(&too_large)), (413, 2));
    let with_key = caller.get(ListCustomChannels, &[], &[]).await;
    assert_eq!((with_key.status, remaining(&with_key)), (200, 1));
    assert_eq!(limits_in(&list(&caller).await), [Some(5), Some(0), Some(10_000), Some(9), Some(4)]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_authorized_or_not_in_the_api_does_not_count() {
    let builder = Simulator::builder().rate_limit(RateLimit::new(1)).scopes(["conversations.read"]);
    let caller = Caller::in_process(builder);
    let http = http_client();
    let wrong_token = caller.request(ListInboxes, &[]).header("authorization", "Bearer wrong");
    let nowhere = http.get(format!("{}/nowhere", caller.simulator.base_url()));
    let scope = caller.request(ArchiveThread, &[("threadId", "1")]);
    for (request, status) in [(wrong_token, 401), (nowhere, 404), (scope, 403)] {
        let reply = caller.send(request).await;
        assert_eq!((reply.status, limits_in(&reply)), (status, [None; 5]));
    }
    assert_eq!(list(&caller).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn what_a_fault_keeps_from_the_api_does_not_count_and_what_it_spoils_does() {
    let caller = limited(RateLimit::new(3));
    let kept = [Fault::status(503), Fault::LoseRequest, Fault::RefuseConnection];
    let spoilt = [Fault::status(503).although_carried_out(), Fault::LoseAnswer];
    for fault in kept.into_iter().chain(spoilt) {
        caller.simulator.fail_next(None, fault);
        let _ = caller.response(caller.request(ListInboxes, &[])).await;
    }
    let reply = list(&caller).await;
    assert_eq!((reply.status, remaining(&reply)), (200, 0));

    // A fault replaces a 429 like any other response, and the request is not executed.
    caller.simulator.fail_next(None, Fault::status(503).although_carried_out());
    let reply = list(&caller).await;
    assert_eq!((reply.status, limits_in(&reply)), (503, [None; 5]));
    let traffic = caller.simulator.request_stats(ListInboxes);
    assert_eq!((traffic.arrived, traffic.carried_out), (6, 3));
    assert_eq!((traffic.rate_limited, traffic.met_fault), (1, 5));
}
