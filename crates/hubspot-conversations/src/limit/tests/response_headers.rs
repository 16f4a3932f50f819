//! Response headers correct the limit.

use super::*;

#[tokio::test(start_paused = true)]
async fn headers_correct_a_preset_up_and_down() {
    let limiter = Limiter::new(&RateLimit::professional().share(0.5));
    let larger = [("x-hubspot-ratelimit-max", 250)];
    assert_eq!(burst_size(&limiter, &larger).await, 125);
    let smaller = [("x-hubspot-ratelimit-max", 20)];
    sleep(SLOT).await;
    assert_eq!(burst_size(&limiter, &smaller).await, 10);
    sleep(SLOT).await;
    let quicker = [("x-hubspot-ratelimit-interval-milliseconds", 1_000)];
    assert_eq!(burst_size(&limiter, &quicker).await, 10);
    sleep(ms(1_001)).await;
    assert_eq!(burst_size(&limiter, &quicker).await, 10);
}

#[tokio::test(start_paused = true)]
async fn headers_of_nonsense_change_nothing() {
    let limiter = Limiter::new(&RateLimit::private_app_free());
    let zeros = [
        ("x-hubspot-ratelimit-max", 0),
        ("x-hubspot-ratelimit-remaining", u64::MAX),
        ("x-hubspot-ratelimit-interval-milliseconds", 0),
        ("x-hubspot-ratelimit-daily", 0),
    ];
    assert_eq!(burst_size(&limiter, &zeros).await, 100);
}

#[tokio::test(start_paused = true)]
async fn without_headers_there_is_no_limit() {
    let limiter = Limiter::new(&RateLimit::default());
    assert_eq!(timeout(secs(1), requests(&limiter, 10_000, &[])).await, Ok(()));
    let unlimited = Limiter::new(&RateLimit::unlimited());
    let one = [("x-hubspot-ratelimit-max", 1), ("x-hubspot-ratelimit-daily-remaining", 0)];
    assert_eq!(timeout(Duration::ZERO, requests(&unlimited, 10_000, &one)).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn before_the_first_response_the_lowest_tier_holds() {
    let limiter = Limiter::new(&RateLimit::from_headers());
    let mut permits = Vec::new();
    let sending = async {
        loop {
            permits.push(limiter.acquire(UNHURRIED).await.unwrap());
        }
    };
    timeout(secs(100), sending).await.unwrap_err();
    assert_eq!(permits.len(), 100);
    // A gateway's error does not mean that there is no limit.
    permits.pop().unwrap().on_response(StatusCode::BAD_GATEWAY, &headers(&[]));
    assert!(timeout(secs(10), limiter.acquire(UNHURRIED)).await.is_err());
    permits.pop().unwrap().on_response(StatusCode::OK, &headers(&[]));
    assert_eq!(timeout(secs(1), requests(&limiter, 1_000, &[])).await, Ok(()));
}
