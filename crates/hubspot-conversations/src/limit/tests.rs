//! What the limiter promises, against a small HubSpot, in virtual time.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use chrono::FixedOffset;
use http::{HeaderMap, StatusCode};
use tokio::task::{JoinHandle, LocalSet, spawn_local, yield_now};
use tokio::time::{Instant, sleep, timeout};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

mod fake_server;
mod presets;

use fake_server::{HubSpot, Tally, UNHURRIED};

use super::{AcquireError, Limiter, Patience, RateLimit, ServerThrottle};

const SLOT: Duration = Duration::from_millis(10_001);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn headers(pairs: &[(&'static str, u64)]) -> HeaderMap {
    pairs.iter().map(|&(name, value)| (name.parse().unwrap(), value.into())).collect()
}

/// A limiter of 100 requests in ten seconds.
fn lowest_tier() -> Rc<Limiter> {
    Rc::new(Limiter::new(&RateLimit::private_app_free()))
}

/// Begins to wait for a turn. What comes of it is why there is none, if so.
fn wait_for_turn(limiter: &Rc<Limiter>, patience: Patience) -> JoinHandle<Option<AcquireError>> {
    let limiter = limiter.clone();
    spawn_local(async move { limiter.acquire(patience).await.err() })
}

/// A request that is answered at once.
async fn request(limiter: &Limiter, pairs: &[(&'static str, u64)]) {
    limiter.acquire(UNHURRIED).await.unwrap().answered(StatusCode::OK, &headers(pairs));
}

async fn requests(limiter: &Limiter, count: usize, pairs: &[(&'static str, u64)]) {
    for _ in 0..count {
        request(limiter, pairs).await;
    }
}

/// How many requests go through at once.
async fn at_once(limiter: &Limiter, pairs: &[(&'static str, u64)]) -> usize {
    let mut count = 0;
    while timeout(Duration::ZERO, request(limiter, pairs)).await.is_ok() {
        count += 1;
    }
    count
}

/// Tasks that send all the time.
fn crowd(hubspot: &Rc<HubSpot>, limiter: &Rc<Limiter>, tally: &Rc<Tally>, tasks: usize) {
    for _ in 0..tasks {
        let (hubspot, limiter, tally) = (hubspot.clone(), limiter.clone(), tally.clone());
        spawn_local(async move {
            loop {
                hubspot.polite(&limiter, &tally).await;
                yield_now().await;
            }
        });
    }
}

// ---- alone -------------------------------------------------------------------------------------

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
    // A slot is free again an interval after its answer, so a slow network costs its latency.
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
        // The first answer corrects the preset.
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
                            permit.unwrap().answered(status, &headers);
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

// ---- with others -------------------------------------------------------------------------------

type Program = fn(&Rc<HubSpot>, &Rc<Tally>);

fn ten_a_second(hubspot: &Rc<HubSpot>, tally: &Rc<Tally>) {
    let (hubspot, tally) = (hubspot.clone(), tally.clone());
    spawn_local(async move {
        loop {
            let (hubspot, tally) = (hubspot.clone(), tally.clone());
            spawn_local(async move { hubspot.stubborn(&tally).await });
            sleep(ms(100)).await;
        }
    });
}

fn a_hundred_now_and_then(hubspot: &Rc<HubSpot>, tally: &Rc<Tally>) {
    let mut rng = fastrand::Rng::with_seed(3);
    let (hubspot, tally) = (hubspot.clone(), tally.clone());
    spawn_local(async move {
        loop {
            let offset = rng.u64(0..10_000);
            sleep(ms(offset)).await;
            for _ in 0..100 {
                let (hubspot, tally) = (hubspot.clone(), tally.clone());
                spawn_local(async move {
                    let (status, _) = hubspot.call().await;
                    tally.count(status);
                });
            }
            sleep(ms(10_000 - offset)).await;
        }
    });
}

fn hog<const IN_FLIGHT: usize>(hubspot: &Rc<HubSpot>, tally: &Rc<Tally>) {
    for _ in 0..IN_FLIGHT {
        let (hubspot, tally) = (hubspot.clone(), tally.clone());
        spawn_local(async move {
            loop {
                hubspot.stubborn(&tally).await;
                yield_now().await;
            }
        });
    }
}

/// Five minutes beside another program, which began so much earlier. Gives our tally and theirs.
async fn beside(other: Program, latency: Duration, earlier: Duration) -> (Rc<Tally>, Rc<Tally>) {
    let hubspot = Rc::new(HubSpot::new(190, latency));
    let limiter = Rc::new(Limiter::new(&RateLimit::professional()));
    let (ours, theirs) = (Rc::new(Tally::default()), Rc::new(Tally::default()));
    let work = async {
        other(&hubspot, &theirs);
        sleep(earlier).await;
        crowd(&hubspot, &limiter, &ours, 50);
        sleep(secs(300)).await;
    };
    LocalSet::new().run_until(work).await;
    println!(
        "{latency:?}, {earlier:?} earlier: ours {} accepted, {} refused ({:.2} %); theirs {}, {}",
        ours.accepted.get(),
        ours.refused.get(),
        ours.refused_share() * 100.0,
        theirs.accepted.get(),
        theirs.refused.get(),
    );
    (ours, theirs)
}

#[tokio::test(start_paused = true)]
async fn a_steady_program_beside_is_left_its_part() {
    for (latency, earlier) in [(0, 33), (50, 0), (50, 33), (200, 0), (200, 33)] {
        let (ours, theirs) = beside(ten_a_second, ms(latency), secs(earlier)).await;
        assert!(ours.refused_share() < 0.01, "{ours:?}");
        assert!(ours.accepted.get() > 2_000 && theirs.accepted.get() > 1_500);
    }
}

#[tokio::test(start_paused = true)]
async fn bursts_of_a_program_beside_cost_few_refusals() {
    for latency in [0, 50, 200] {
        for earlier in [0, 33] {
            let (ours, _) = beside(a_hundred_now_and_then, ms(latency), secs(earlier)).await;
            assert!(ours.refused_share() < 0.01, "{ours:?}");
            assert!(ours.accepted.get() > 1_500, "{ours:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_greedy_program_that_comes_later_is_held_back_without_refusals() {
    for latency in [50, 200] {
        let (ours, theirs) = beside(hog::<1>, ms(latency), Duration::ZERO).await;
        assert!(ours.refused_share() < 0.01, "{ours:?}");
        assert!(ours.accepted.get() > 1_000 && theirs.accepted.get() > 500);
    }
}

/// Whoever takes every slot the moment it is free leaves nothing to find. Then only the number of tries
/// can be kept small.
#[tokio::test(start_paused = true)]
async fn beside_a_program_that_takes_everything_few_requests_are_tried_in_vain() {
    for latency in [0, 50, 200] {
        let (ours, _) = beside(hog::<50>, ms(latency), secs(33)).await;
        assert!(ours.refused.get() <= 20, "{ours:?}");
    }
    let (ours, _) = beside(hog::<1>, ms(50), secs(33)).await;
    assert!(ours.refused.get() <= 20 && ours.accepted.get() > 100, "{ours:?}");
}

// ---- waiting -----------------------------------------------------------------------------------

/// Tasks that want to send, in this order, and where they note it when they have.
fn line_up(
    limiter: &Rc<Limiter>,
    count: usize,
    done: &Rc<RefCell<Vec<usize>>>,
) -> VecDeque<JoinHandle<()>> {
    let task = |number| {
        let (limiter, done) = (limiter.clone(), done.clone());
        spawn_local(async move {
            request(&limiter, &[]).await;
            done.borrow_mut().push(number);
        })
    };
    (0..count).map(task).collect()
}

#[tokio::test(start_paused = true)]
async fn who_comes_first_is_first() {
    let limiter = lowest_tier();
    let done = Rc::new(RefCell::new(Vec::new()));
    let work = async {
        let mut tasks = line_up(&limiter, 350, &done);
        sleep(secs(31)).await;
        while let Some(task) = tasks.pop_front() {
            task.await.unwrap();
        }
    };
    LocalSet::new().run_until(work).await;
    assert!(done.borrow().iter().copied().eq(0..350), "{done:?}");
}

#[tokio::test(start_paused = true)]
async fn who_leaves_the_queue_costs_nothing() {
    let limiter = lowest_tier();
    let done = Rc::new(RefCell::new(Vec::new()));
    let work = async {
        requests(&limiter, 100, &[]).await;
        let tasks = line_up(&limiter, 300, &done);
        sleep(secs(5)).await;
        // The first in the queue, who waits for the slot, is among them.
        for task in tasks.iter().step_by(3) {
            task.abort();
        }
        sleep(SLOT - secs(4)).await;
        assert_eq!(done.borrow().len(), 100);
        sleep(SLOT).await;
        assert_eq!(done.borrow().len(), 200);
    };
    LocalSet::new().run_until(work).await;
    assert!(done.borrow().iter().copied().eq((0..300).filter(|n| n % 3 != 0)));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_given_up_holds_its_slot_for_an_interval() {
    let limiter = Limiter::new(&RateLimit::private_app_free());
    requests(&limiter, 99, &[]).await;
    drop(limiter.acquire(UNHURRIED).await.unwrap());
    let refused = limiter.acquire(Patience::Until(Instant::now() + secs(10))).await.unwrap_err();
    assert_eq!(refused, AcquireError::TooLong { wait: SLOT });
    let permit = limiter.acquire(UNHURRIED).await.unwrap();
    assert_eq!(permit.waited(), SLOT);
}

#[tokio::test(start_paused = true)]
async fn a_wait_past_the_deadline_fails_at_once_and_says_how_long() {
    let limiter = lowest_tier();
    let done = Rc::new(RefCell::new(Vec::new()));
    let work = async {
        requests(&limiter, 100, &[]).await;
        sleep(secs(4)).await;
        let soon = Patience::Until(Instant::now() + secs(2));
        let refused = limiter.acquire(soon).await.unwrap_err();
        assert_eq!(refused, AcquireError::TooLong { wait: SLOT - secs(4) });
        let _waiting = line_up(&limiter, 250, &done);
        sleep(ms(1)).await;
        let began = Instant::now();
        let refused = limiter.acquire(soon).await.unwrap_err();
        let AcquireError::TooLong { wait } = refused else { panic!("{refused:?}") };
        assert_eq!(Instant::now(), began, "it waited to say so");
        // So long, then: two hundred are ahead in the first two intervals.
        sleep(wait - ms(10)).await;
        assert_eq!(done.borrow().len(), 200);
        sleep(ms(20)).await;
        assert_eq!(done.borrow().len(), 250);
    };
    LocalSet::new().run_until(work).await;
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_begins_later_is_known_to_who_waits() {
    let limiter = lowest_tier();
    let work = async {
        requests(&limiter, 100, &[]).await;
        let waiting = wait_for_turn(&limiter, Patience::Until(Instant::now() + secs(20)));
        sleep(secs(1)).await;
        limiter.on_throttled(ServerThrottle { daily: false, wait: Some(secs(60)) });
        yield_now().await;
        yield_now().await;
        assert!(waiting.is_finished(), "it waits for a deadline it cannot keep");
        assert_eq!(waiting.await.unwrap(), Some(AcquireError::TooLong { wait: secs(60) }));
    };
    LocalSet::new().run_until(work).await;
}

#[tokio::test(start_paused = true)]
async fn after_a_refusal_nobody_sends_until_the_wait_is_over() {
    let limiter = Limiter::new(&RateLimit::professional());
    requests(&limiter, 1, &[]).await;
    for (wait, expected) in [(Some(secs(3)), secs(3)), (None, secs(10)), (Some(secs(90)), secs(90))]
    {
        limiter.on_throttled(ServerThrottle { daily: false, wait });
        let permit = limiter.acquire(UNHURRIED).await.unwrap();
        assert_eq!(permit.waited(), expected);
        permit.answered(StatusCode::OK, &headers(&[]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_is_too_far_off_is_an_error_at_once_for_everyone() {
    let minute = Patience::AtMost(secs(60));
    // (Retry-After of a 429, interval of a 200, how far off the next turn is)
    let long =
        [(Some(3_600), None, 3_600), (Some(u64::MAX), None, 86_400), (None, Some(3_600), 3_600)];
    for (retry_after, interval, wait) in long {
        let limiter = lowest_tier();
        let work = async {
            requests(&limiter, 100, &[]).await;
            let waiting: Vec<_> = (0..3).map(|_| wait_for_turn(&limiter, minute)).collect();
            yield_now().await;
            if let Some(seconds) = retry_after {
                limiter.on_throttled(ServerThrottle { daily: false, wait: Some(secs(seconds)) });
            }
            if let Some(seconds) = interval {
                sleep(SLOT).await;
                let long = [("x-hubspot-ratelimit-interval-milliseconds", seconds * 1_000)];
                requests(&limiter, 100 - waiting.len(), &long).await;
            }
            let began = Instant::now();
            for _ in 0..3 {
                let refused = limiter.acquire(minute).await.unwrap_err();
                let AcquireError::TooLong { wait: far } = refused else { panic!("{refused:?}") };
                assert!(far >= secs(wait) && far <= secs(wait + 1), "{far:?}");
            }
            if retry_after.is_some() {
                for waiting in waiting {
                    assert!(matches!(waiting.await.unwrap(), Some(AcquireError::TooLong { .. })));
                }
            }
            assert_eq!(Instant::now(), began, "it waited to say so");
            sleep(secs(wait + 1)).await;
            requests(&limiter, 1, &[]).await;
        };
        LocalSet::new().run_until(work).await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_would_wait_long_holds_up_no_other_that_would_not() {
    let long = [("x-hubspot-ratelimit-interval-milliseconds", 3_600_000)];
    for by_refusal in [true, false] {
        let limiter = lowest_tier();
        let work = async {
            requests(&limiter, 99, &[]).await;
            let under_way = limiter.acquire(UNHURRIED).await.unwrap();
            let began = Instant::now();
            let until = |seconds| Patience::Until(began + secs(seconds));
            let at_most = |seconds| Patience::AtMost(secs(seconds));
            let line = [until(7_200), at_most(60), at_most(7_200), until(600), at_most(60)];
            let waiting = line.map(|patience| {
                let limiter = limiter.clone();
                spawn_local(async move {
                    let sent = limiter.acquire(patience).await.map(|_| ());
                    (sent, began.elapsed())
                })
            });
            yield_now().await;
            if by_refusal {
                limiter.on_throttled(ServerThrottle { daily: false, wait: Some(secs(3_600)) });
            } else {
                under_way.answered(StatusCode::OK, &headers(&long));
            }
            for (waiting, is_patient) in waiting.into_iter().zip([true, false, true, false, false])
            {
                let (sent, waited) = waiting.await.unwrap();
                if is_patient {
                    assert_eq!(sent, Ok(()));
                    assert!((3_600..3_602).contains(&waited.as_secs()), "{waited:?}");
                } else {
                    let Err(AcquireError::TooLong { wait }) = sent else { panic!("{sent:?}") };
                    assert_eq!((wait.as_secs(), waited), (3_600, Duration::ZERO));
                }
            }
        };
        LocalSet::new().run_until(work).await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_leaves_the_line_for_a_pause_costs_no_other_its_turn() {
    let limiter = lowest_tier();
    let done = Rc::new(RefCell::new(Vec::new()));
    let work = async {
        requests(&limiter, 100, &[]).await;
        let _ahead = line_up(&limiter, 2, &done);
        let impatient = wait_for_turn(&limiter, Patience::AtMost(secs(15)));
        let _behind = line_up(&limiter, 3, &done);
        yield_now().await;
        limiter.on_throttled(ServerThrottle { daily: false, wait: Some(secs(20)) });
        let began = Instant::now();
        assert_eq!(impatient.await.unwrap(), Some(AcquireError::TooLong { wait: secs(20) }));
        assert_eq!(Instant::now(), began);
        sleep(secs(25)).await;
        assert_eq!(*done.borrow(), [0, 1, 0, 1, 2]);
    };
    LocalSet::new().run_until(work).await;
}

/// Asks what is left at each event, as a log that shows it does.
struct Asking(Arc<Limiter>, Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Asking {
    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        self.0.status();
        self.1.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn what_is_left_can_be_asked_while_something_is_logged() {
    let (done, ended) = mpsc::channel();
    let events = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&events);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let limiter = Arc::new(Limiter::new(&RateLimit::private_app_free()));
        let log = Registry::default().with(Asking(Arc::clone(&limiter), counted));
        tracing::subscriber::with_default(log, || {
            let long = [("x-hubspot-ratelimit-interval-milliseconds", 3_600_000)];
            runtime.block_on(request(&limiter, &long));
            limiter.on_throttled(ServerThrottle { daily: false, wait: Some(secs(3_600)) });
        });
        done.send(()).unwrap();
    });
    ended.recv_timeout(secs(10)).expect("asking waits for the lock that is held while logging");
    assert_eq!(events.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_line_of_ones_own_may_be_long_as_long_as_it_moves() {
    let limiter = lowest_tier();
    let work = async {
        let tasks: Vec<_> = (0..1_000)
            .map(|_| {
                let limiter = limiter.clone();
                let minute = Patience::AtMost(secs(60));
                spawn_local(async move {
                    limiter.acquire(minute).await.unwrap().answered(StatusCode::OK, &headers(&[]));
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    };
    LocalSet::new().run_until(work).await;
}

#[tokio::test(start_paused = true)]
async fn several_at_once_are_sent_however_long_the_interval_is() {
    let limiter = Limiter::new(&RateLimit::private_app_free());
    let long =
        [("x-hubspot-ratelimit-max", 50), ("x-hubspot-ratelimit-interval-milliseconds", 3_600_000)];
    requests(&limiter, 1, &long).await;
    sleep(secs(5)).await;
    let minute = Patience::AtMost(secs(60));
    let mut permits = Vec::new();
    while let Ok(permit) = timeout(secs(1), limiter.acquire(minute)).await {
        permits.push(permit.expect("it waits for an answer, and does not fail"));
    }
    permits.pop().unwrap().answered(StatusCode::OK, &headers(&long));
    let next = timeout(secs(1), limiter.acquire(minute)).await;
    assert!(next.is_ok_and(|next| next.is_ok()), "{} are under way", permits.len());
}

#[tokio::test(start_paused = true)]
async fn headers_of_nothing_left_delay_by_an_interval_at_most() {
    for remaining in [0, u64::MAX] {
        let limiter = Limiter::new(&RateLimit::private_app_free());
        let told = [("x-hubspot-ratelimit-max", 100), ("x-hubspot-ratelimit-remaining", remaining)];
        for _ in 0..20 {
            let permit = limiter.acquire(Patience::AtMost(secs(60))).await.unwrap();
            assert!(permit.waited() <= 2 * SLOT, "{:?}", permit.waited());
            permit.answered(StatusCode::OK, &headers(&told));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn tries_become_rare_while_all_are_refused() {
    let limiter = Limiter::new(&RateLimit::professional());
    let mut waits = Vec::new();
    for _ in 0..6 {
        let permit = limiter.acquire(UNHURRIED).await.unwrap();
        waits.push(permit.waited().as_secs());
        permit.answered(StatusCode::TOO_MANY_REQUESTS, &headers(&[]));
        limiter.on_throttled(ServerThrottle { daily: false, wait: None });
    }
    assert_eq!(waits, [0, 10, 20, 40, 60, 60]);
}

// ---- headers -----------------------------------------------------------------------------------

#[tokio::test(start_paused = true)]
async fn headers_correct_a_preset_up_and_down() {
    let limiter = Limiter::new(&RateLimit::professional().share(0.5));
    let larger = [("x-hubspot-ratelimit-max", 250)];
    assert_eq!(at_once(&limiter, &larger).await, 125);
    let smaller = [("x-hubspot-ratelimit-max", 20)];
    sleep(SLOT).await;
    assert_eq!(at_once(&limiter, &smaller).await, 10);
    sleep(SLOT).await;
    let quicker = [("x-hubspot-ratelimit-interval-milliseconds", 1_000)];
    assert_eq!(at_once(&limiter, &quicker).await, 10);
    sleep(ms(1_001)).await;
    assert_eq!(at_once(&limiter, &quicker).await, 10);
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
    assert_eq!(at_once(&limiter, &zeros).await, 100);
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
    permits.pop().unwrap().answered(StatusCode::BAD_GATEWAY, &headers(&[]));
    assert!(timeout(secs(10), limiter.acquire(UNHURRIED)).await.is_err());
    permits.pop().unwrap().answered(StatusCode::OK, &headers(&[]));
    assert_eq!(timeout(secs(1), requests(&limiter, 1_000, &[])).await, Ok(()));
}

// ---- the day -----------------------------------------------------------------------------------

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
    probe.answered(StatusCode::TOO_MANY_REQUESTS, &headers(&[]));
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
    slow.answered(StatusCode::OK, &headers(&of_day(1)));
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
