//! Requests wait in order, and no longer than allowed.

use super::*;

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
        permit.on_response(StatusCode::OK, &headers(&[]));
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
                under_way.on_response(StatusCode::OK, &headers(&long));
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
                    limiter
                        .acquire(minute)
                        .await
                        .unwrap()
                        .on_response(StatusCode::OK, &headers(&[]));
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
    permits.pop().unwrap().on_response(StatusCode::OK, &headers(&long));
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
            permit.on_response(StatusCode::OK, &headers(&told));
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
        permit.on_response(StatusCode::TOO_MANY_REQUESTS, &headers(&[]));
        limiter.on_throttled(ServerThrottle { daily: false, wait: None });
    }
    assert_eq!(waits, [0, 10, 20, 40, 60, 60]);
}
