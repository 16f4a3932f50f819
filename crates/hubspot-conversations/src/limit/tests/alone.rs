//! The limit is used, and never exceeded.

use super::*;

async fn alone(limit: &RateLimit, latency: Duration, seconds: u64) -> Rc<Tally> {
    let hubspot = Rc::new(HubSpot::new(190, latency));
    let limiter = Rc::new(Limiter::new(limit));
    let tally = Rc::new(Tally::default());
    let work = async {
        crowd(&hubspot, &limiter, &tally, 200);
        sleep(secs(seconds)).await;
    };
    LocalSet::new().run_until(work).await;
    tally
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_used_and_never_passed() {
    // A slot is free again one interval after its response, so a slow network costs its latency.
    for (latency, least) in [(0, 1.0), (5, 0.98), (20, 0.98), (50, 0.97), (200, 0.95)] {
        let tally = alone(&RateLimit::professional(), ms(latency), 60).await;
        let used = tally.accepted.get() as f64 / 1140.0;
        println!("{latency} ms: {:.1} % of the limit", used * 100.0);
        assert_eq!(tally.refused.get(), 0, "refused at {latency} ms");
        assert!(used >= least, "{used} of the limit at {latency} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_learned_from_the_first_response() {
    let tally = alone(&RateLimit::from_headers(), ms(5), 60).await;
    assert_eq!(tally.refused.get(), 0);
    assert!(tally.accepted.get() >= 1117, "{tally:?}");
}

#[tokio::test(start_paused = true)]
async fn a_share_leaves_the_rest() {
    let tally = alone(&RateLimit::professional().share(0.5), Duration::ZERO, 10).await;
    assert_eq!(tally.accepted.get(), 95);
    let tally = alone(&RateLimit::professional().share(0.001), Duration::ZERO, 10).await;
    assert_eq!(tally.accepted.get(), 1, "a share is at least one request");
}

#[tokio::test(start_paused = true)]
async fn no_window_holds_more_than_the_limit_whatever_happens() {
    let mut total = 0;
    for seed in 0..30 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let max = rng.usize(1..60);
        let hubspot = Rc::new(HubSpot::new(max, Duration::ZERO));
        let limiter = lowest_tier();
        let sent = Rc::new(RefCell::new(Vec::new()));
        // The first response corrects the preset.
        request(&limiter, &[("x-hubspot-ratelimit-max", max as u64)]).await;
        sent.borrow_mut().push(Instant::now());
        let work = async {
            let mut tasks = Vec::new();
            for _ in 0..rng.usize(1..100) {
                let (hubspot, limiter, sent) = (hubspot.clone(), limiter.clone(), sent.clone());
                let mut rng = rng.fork();
                tasks.push(spawn_local(async move {
                    for _ in 0..20 {
                        let patience = ms(rng.u64(0..30_000));
                        let Ok(permit) = timeout(patience, limiter.acquire(UNHURRIED)).await else {
                            continue;
                        };
                        sent.borrow_mut().push(Instant::now());
                        sleep(ms(rng.u64(0..1_500))).await;
                        let (status, headers) = hubspot.handle();
                        assert_eq!(status, StatusCode::OK, "seed {seed}");
                        if rng.bool() {
                            sleep(ms(rng.u64(0..1_500))).await;
                            permit.unwrap().on_response(status, &headers);
                        }
                    }
                }));
            }
            for task in tasks {
                task.await.unwrap();
            }
        };
        LocalSet::new().run_until(work).await;
        let sent = sent.borrow();
        for window in sent.windows(max + 1) {
            assert!(
                window[max] - window[0] >= secs(10),
                "seed {seed}: more than {max} in ten seconds"
            );
        }
        total += sent.len();
    }
    assert!(total > 10_000, "{total} requests prove little");
}
