//! The daily limit, and a share of it.

use super::*;

fn of_day(remaining: u64) -> [(&'static str, u64); 2] {
    [("x-hubspot-ratelimit-daily", 1_000), ("x-hubspot-ratelimit-daily-remaining", remaining)]
}

#[tokio::test(start_paused = true)]
async fn on_a_day_that_is_used_up_nothing_is_sent_until_the_reset() {
    let limiter = Limiter::new(&RateLimit::professional());
    limiter.on_throttled(ServerThrottle { daily: true, wait: Some(secs(1_000)) });
    sleep(secs(400)).await;
    let refused = limiter.acquire(UNHURRIED).await.unwrap_err();
    assert_eq!(refused, AcquireError::Daily { reset: Some(secs(600)), of_share: false });
    sleep(secs(600)).await;
    requests(&limiter, 100, &of_day(500)).await;
}

#[tokio::test(start_paused = true)]
async fn who_waits_learns_that_the_day_is_used_up() {
    let limiter = lowest_tier();
    let work = async {
        requests(&limiter, 100, &[]).await;
        let waiting: Vec<_> = (0..3).map(|_| wait_for_turn(&limiter, UNHURRIED)).collect();
        sleep(secs(1)).await;
        limiter.on_throttled(ServerThrottle { daily: true, wait: None });
        for waiting in waiting {
            let refused = timeout(Duration::from_millis(1), waiting).await.unwrap().unwrap();
            assert_eq!(refused, Some(AcquireError::Daily { reset: None, of_share: false }));
        }
    };
    LocalSet::new().run_until(work).await;
}

#[tokio::test(start_paused = true)]
async fn a_new_day_is_noticed_by_trying_now_and_then() {
    let limiter = Limiter::new(&RateLimit::professional());
    requests(&limiter, 1, &of_day(0)).await;
    let used_up = AcquireError::Daily { reset: None, of_share: false };
    assert_eq!(limiter.acquire(UNHURRIED).await.unwrap_err(), used_up);
    sleep(secs(600)).await;
    let probe = limiter.acquire(UNHURRIED).await.unwrap();
    assert_eq!(limiter.acquire(UNHURRIED).await.unwrap_err(), used_up, "a second probe");
    probe.on_response(StatusCode::TOO_MANY_REQUESTS, &headers(&[]));
    limiter.on_throttled(ServerThrottle { daily: true, wait: None });
    drop(probe);
    sleep(secs(599)).await;
    assert_eq!(limiter.acquire(UNHURRIED).await.unwrap_err(), used_up);
    sleep(secs(1)).await;
    requests(&limiter, 1, &of_day(999)).await;
    requests(&limiter, 100, &of_day(900)).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_from_before_does_not_reopen_the_day() {
    let limiter = Limiter::new(&RateLimit::professional());
    requests(&limiter, 1, &[]).await;
    let slow = limiter.acquire(UNHURRIED).await.unwrap();
    limiter.on_throttled(ServerThrottle { daily: true, wait: None });
    slow.on_response(StatusCode::OK, &headers(&of_day(1)));
    assert_eq!(
        limiter.acquire(UNHURRIED).await.unwrap_err(),
        AcquireError::Daily { reset: None, of_share: false }
    );
}

#[tokio::test(start_paused = true)]
async fn the_reset_is_midnight_where_the_account_is() {
    let offset = FixedOffset::east_opt(2 * 60 * 60).unwrap();
    let limiter = Limiter::new(&RateLimit::professional().utc_offset(offset));
    limiter.on_throttled(ServerThrottle { daily: true, wait: None });
    let refused = limiter.acquire(UNHURRIED).await.unwrap_err();
    let AcquireError::Daily { reset: Some(reset), .. } = refused else { panic!("{refused:?}") };
    assert!(reset > Duration::ZERO && reset <= secs(24 * 60 * 60), "{reset:?}");
}

#[tokio::test(start_paused = true)]
async fn a_share_is_one_of_the_day_too() {
    let limiter = Limiter::new(&RateLimit::professional().share(0.01));
    // Ten of a thousand; what others send that day is theirs.
    for left in [900, 899, 700, 699, 698, 690, 500, 499, 498, 497] {
        request(&limiter, &of_day(left)).await;
        sleep(secs(60)).await;
    }
    assert_eq!(
        limiter.acquire(UNHURRIED).await.unwrap_err(),
        AcquireError::Daily { reset: None, of_share: true }
    );
    sleep(secs(24 * 60 * 60)).await;
    request(&limiter, &of_day(999)).await;
}

#[tokio::test(start_paused = true)]
async fn more_left_than_before_is_a_new_day() {
    let limiter = Limiter::new(&RateLimit::professional().share(0.01));
    for left in [500, 499, 498, 497, 496, 1_000, 999, 998, 997, 996, 995, 994, 993] {
        request(&limiter, &of_day(left)).await;
        sleep(secs(60)).await;
    }
}
