#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Condvar;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use tokio::task::yield_now;
use tokio::time::advance;

use super::*;
use crate::auth::token_endpoint::Grant;

const HALF_AN_HOUR: u64 = 1800;

type Script = dyn Fn(usize) -> (Duration, Result<Grant, Error>) + Send + Sync;

/// Answers by a script, which gets the number of requests before, and keeps what it was sent.
struct Scripted {
    script: Box<Script>,
    sent: Arc<Mutex<Vec<String>>>,
}

impl TokenEndpoint for Scripted {
    fn refresh<'a>(&'a self, token: &'a RefreshToken) -> BoxFuture<'a, Result<Grant, Error>> {
        let before = {
            let mut sent = self.sent.lock().unwrap();
            sent.push(token.expose_secret().to_owned());
            sent.len() - 1
        };
        let (after, result) = (self.script)(before);
        Box::pin(async move {
            sleep(after).await;
            result
        })
    }
}

struct Setup {
    refresher: Arc<Refresher>,
    sent: Arc<Mutex<Vec<String>>>,
    saved: Arc<Mutex<Vec<String>>>,
}

impl Setup {
    /// Starts with the refresh token `r` and no access token. Storing takes five seconds.
    fn new(
        script: impl Fn(usize) -> (Duration, Result<Grant, Error>) + Send + Sync + 'static,
    ) -> Self {
        let saved = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&saved);
        Self::storing(script, saved, move |token: RefreshToken| {
            let kept = Arc::clone(&kept);
            Box::pin(async move {
                sleep(Duration::from_secs(5)).await;
                kept.lock().unwrap().push(token.expose_secret().to_owned());
            })
        })
    }

    fn storing(
        script: impl Fn(usize) -> (Duration, Result<Grant, Error>) + Send + Sync + 'static,
        saved: Arc<Mutex<Vec<String>>>,
        on_rotation: impl Fn(RefreshToken) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let endpoint = Scripted { script: Box::new(script), sent: Arc::clone(&sent) };
        let refresher = Refresher::new(
            Box::new(endpoint),
            "r".into(),
            None,
            Some(Arc::new(on_rotation)),
            Duration::from_secs(10),
            Duration::from_secs(30),
        );
        Self { refresher: Arc::new(refresher), sent, saved }
    }

    async fn token(&self) -> String {
        self.refresher.token().await.unwrap().expose_secret().to_owned()
    }

    /// The token, which has to be there at once.
    async fn token_at_once(&self) -> String {
        let before = Instant::now();
        let token = self.token().await;
        assert_eq!(before.elapsed(), Duration::ZERO);
        token
    }

    async fn failed(&self) -> Error {
        self.refresher.token().await.unwrap_err()
    }

    fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }

    fn saved(&self) -> Vec<String> {
        self.saved.lock().unwrap().clone()
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The access tokens a0, a1, … and no other refresh token.
fn granted(before: usize, lifetime: u64) -> Result<Grant, Error> {
    let token = AccessToken::from(format!("a{before}"));
    let access = Ok(Access { token, lifetime: seconds(lifetime) });
    Ok(Grant { refresh_token: None, access })
}

/// The same, with the refresh tokens r0, r1, …
fn rotated(before: usize) -> Result<Grant, Error> {
    let grant = granted(before, HALF_AN_HOUR)?;
    Ok(Grant { refresh_token: Some(format!("r{before}").into()), ..grant })
}

fn failing(kind: ErrorKind) -> Result<Grant, Error> {
    Err(Error::new(kind, "of the test"))
}

/// Lets tasks run that need no time.
async fn settle() {
    for _ in 0..10 {
        yield_now().await;
    }
}

/// Each request takes a tenth of a second.
const A_TENTH: Duration = Duration::from_millis(100);

#[tokio::test(start_paused = true)]
async fn a_token_is_refreshed_ahead_of_its_expiry_and_used_meanwhile() {
    for (lifetime, untouched) in [(1800, 1500), (7200, 6900), (60, 50)] {
        let setup = Setup::new(move |before| (A_TENTH, granted(before, lifetime)));
        assert_eq!(setup.token().await, "a0");

        // The lifetime counts from when the token was asked for.
        advance(seconds(untouched) - A_TENTH * 2).await;
        assert_eq!(setup.token_at_once().await, "a0");
        settle().await;
        assert_eq!(setup.sent().len(), 1, "{lifetime}");

        advance(A_TENTH).await;
        assert_eq!(setup.token_at_once().await, "a0");
        settle().await;
        assert_eq!(setup.sent().len(), 2, "{lifetime}");
        assert_eq!(setup.token_at_once().await, "a0");

        advance(A_TENTH * 2).await;
        settle().await;
        assert_eq!(setup.token_at_once().await, "a1");
        assert_eq!(setup.sent().len(), 2, "{lifetime}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_not_handed_out() {
    let setup = Setup::new(|before| (A_TENTH, granted(before, HALF_AN_HOUR)));
    assert_eq!(setup.token().await, "a0");
    advance(seconds(HALF_AN_HOUR)).await;
    let before = Instant::now();
    assert_eq!(setup.token().await, "a1");
    assert!(before.elapsed() >= A_TENTH);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_there_already_is_used_until_its_time() {
    let endpoint = Scripted {
        script: Box::new(|before| (A_TENTH, granted(before, HALF_AN_HOUR))),
        sent: Arc::default(),
    };
    let sent = Arc::clone(&endpoint.sent);
    let access = Access { token: "stored".into(), lifetime: Duration::MAX };
    let refresher = Refresher::new(
        Box::new(endpoint),
        "r".into(),
        Some(access),
        None,
        seconds(10),
        seconds(30),
    );
    let setup = Setup { refresher: Arc::new(refresher), sent, saved: Arc::default() };
    assert_eq!(setup.token_at_once().await, "stored");
    assert_eq!(setup.sent().len(), 0);
    advance(LONGEST_LIFETIME).await;
    assert_eq!(setup.token().await, "a0");
}

#[tokio::test(start_paused = true)]
async fn a_hundred_callers_share_one_refresh() {
    let setup = Setup::new(|before| (A_TENTH, granted(before, HALF_AN_HOUR)));
    for round in ["a0", "a1"] {
        let tokens = join_all((0..100).map(|_| setup.token())).await;
        assert!(tokens.iter().all(|token| token == round), "{tokens:?}");
        advance(seconds(HALF_AN_HOUR)).await;
    }
    assert_eq!(setup.sent().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_reaches_all_that_wait_for_it() {
    let setup = Setup::new(|_| (A_TENTH, failing(ErrorKind::Unauthorized)));
    let failures = join_all((0..100).map(|_| setup.failed())).await;
    assert!(failures.iter().all(|failed| failed.kind() == ErrorKind::Unauthorized));
    assert_eq!(setup.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_rotated_refresh_token_is_stored_before_the_access_token_is_handed_out() {
    let setup = Setup::new(|before| (A_TENTH, rotated(before)));
    let before = Instant::now();
    assert_eq!(setup.token().await, "a0");
    assert_eq!(setup.saved(), ["r0"]);
    assert!(before.elapsed() >= seconds(5), "the storing was not waited for");

    advance(seconds(HALF_AN_HOUR)).await;
    assert_eq!(setup.token().await, "a1");
    assert_eq!(setup.sent(), ["r", "r0"]);
    assert_eq!(setup.saved(), ["r0", "r1"]);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_stays_the_same_is_not_stored_again() {
    let setup = Setup::new(|before| {
        let grant = granted(before, HALF_AN_HOUR).unwrap();
        (A_TENTH, Ok(Grant { refresh_token: Some("r".into()), ..grant }))
    });
    setup.token().await;
    assert!(setup.saved().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_refresh_nobody_waits_for_any_more_is_carried_through() {
    let setup = Setup::new(|before| (A_TENTH, rotated(before)));
    let given_up = timeout(A_TENTH / 2, setup.refresher.token()).await;
    assert!(given_up.is_err());
    sleep(seconds(6)).await;
    assert_eq!(setup.saved(), ["r0"]);
    assert_eq!(setup.token_at_once().await, "a0");
    assert_eq!(setup.sent(), ["r"]);
}

#[tokio::test(start_paused = true)]
async fn a_rotated_refresh_token_counts_even_if_the_access_token_is_of_no_use() {
    let setup = Setup::new(|before| {
        let grant = rotated(before).unwrap();
        let unusable = Err(Error::new(ErrorKind::Decode, "of the test"));
        (A_TENTH, Ok(if before == 0 { Grant { access: unusable, ..grant } } else { grant }))
    });
    assert_eq!(setup.token().await, "a1");
    assert_eq!(setup.sent(), ["r", "r0"]);
    assert_eq!(setup.saved(), ["r0", "r1"]);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_whose_storing_panicked_comes_again() {
    let saved = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&saved);
    let on_rotation = move |token: RefreshToken| -> BoxFuture<'static, ()> {
        let kept = Arc::clone(&kept);
        Box::pin(async move {
            let times = {
                let mut kept = kept.lock().unwrap();
                kept.push(token.expose_secret().to_owned());
                kept.len()
            };
            assert!(times > 1, "a panic of the test");
        })
    };
    let script = |before| match before {
        0 => (A_TENTH, rotated(0)),
        _ => (A_TENTH, granted(before, HALF_AN_HOUR)),
    };
    let setup = Setup::storing(script, saved, on_rotation);
    assert_eq!(setup.failed().await.kind(), ErrorKind::TokenNotStored);
    assert_eq!(setup.token().await, "a0", "it came with the refresh token that is stored now");
    assert_eq!(setup.sent(), ["r"]);
    assert_eq!(setup.saved(), ["r0", "r0"]);
}

/// Storing that never ends the first `times` times.
fn hanging(times: usize) -> Setup {
    let saved = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&saved);
    let on_rotation = move |token: RefreshToken| -> BoxFuture<'static, ()> {
        let kept = Arc::clone(&kept);
        Box::pin(async move {
            let begun = {
                let mut kept = kept.lock().unwrap();
                kept.push(token.expose_secret().to_owned());
                kept.len()
            };
            if begun <= times {
                std::future::pending::<()>().await;
            }
        })
    };
    Setup::storing(|before| (A_TENTH, rotated(before)), saved, on_rotation)
}

#[tokio::test(start_paused = true)]
async fn storing_that_never_ends_fails_calls_in_time_and_comes_first_at_the_next() {
    let setup = hanging(2);
    for stored in [&["r0"][..], &["r0", "r0"]] {
        let before = Instant::now();
        let failures = join_all((0..10).map(|_| setup.failed())).await;
        assert!(failures.iter().all(|failed| failed.kind() == ErrorKind::TokenNotStored));
        assert_eq!(before.elapsed().as_secs(), 30);
        assert_eq!(setup.saved(), stored);
    }
    assert_eq!(setup.token_at_once().await, "a0");
    assert_eq!((setup.saved().len(), setup.sent()), (3, vec!["r".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_expired_while_its_refresh_token_was_not_stored_is_not_handed_out() {
    let setup = hanging(1);
    assert_eq!(setup.failed().await.kind(), ErrorKind::TokenNotStored);
    sleep(seconds(HALF_AN_HOUR)).await;
    assert_eq!(setup.token().await, "a1");
    assert_eq!(setup.sent(), ["r", "r0"]);
    assert_eq!(setup.saved(), ["r0", "r0", "r1"]);
}

#[tokio::test(start_paused = true)]
async fn a_replaced_refresh_token_is_not_kept_from_use_by_storing_the_one_before() {
    let setup = hanging(1);
    assert_eq!(setup.failed().await.kind(), ErrorKind::TokenNotStored);
    setup.refresher.replace("new".into());
    assert_eq!(setup.token().await, "a1");
    assert_eq!(setup.sent(), ["r", "new"]);
    assert_eq!(setup.saved(), ["r0", "r1"]);
}

#[tokio::test(start_paused = true)]
async fn failures_ahead_of_expiry_are_spaced_and_cost_no_call() {
    let setup = Setup::new(|before| match before {
        0 => (A_TENTH, granted(0, HALF_AN_HOUR)),
        _ => (A_TENTH, failing(ErrorKind::Unauthorized)),
    });
    setup.token().await;
    advance(seconds(1500)).await;
    let until = Instant::now() + seconds(295);
    let mut begun = Vec::new();
    while Instant::now() < until {
        let before = setup.sent().len();
        assert_eq!(setup.token_at_once().await, "a0");
        settle().await;
        if setup.sent().len() > before {
            begun.push(Instant::now());
        }
        sleep(A_TENTH).await;
    }
    let pauses: Vec<_> = begun.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

#[tokio::test(start_paused = true)]
async fn storing_that_always_panics_does_not_hammer_the_server() {
    let script = |before| match before {
        0 => (A_TENTH, granted(0, HALF_AN_HOUR)),
        _ => (A_TENTH, rotated(before)),
    };
    let setup = Setup::storing(script, Arc::default(), |_| {
        Box::pin(async { panic!("a panic of the test") })
    });
    setup.token().await;
    advance(seconds(1500)).await;
    for _ in 0..100 {
        assert_eq!(setup.token_at_once().await, "a0");
        sleep(A_TENTH).await;
    }
    assert_eq!(setup.sent().len(), 1 + 1, "what is not stored is stored, and not asked for anew");
}

#[tokio::test(start_paused = true)]
async fn a_passing_failure_is_not_an_error() {
    for kind in [
        ErrorKind::Connect,
        ErrorKind::Timeout,
        ErrorKind::Interrupted,
        ErrorKind::Server,
        ErrorKind::RateLimited,
        ErrorKind::Decode,
    ] {
        let setup = Setup::new(move |before| match before {
            0 | 1 => (A_TENTH, failing(kind)),
            _ => (A_TENTH, granted(before, HALF_AN_HOUR)),
        });
        let before = Instant::now();
        assert_eq!(setup.token().await, "a2");
        assert!(before.elapsed() > A_TENTH * 7 && before.elapsed() < seconds(2), "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_lasts_is_an_error_and_the_next_call_tries_again() {
    let setup = Setup::new(|before| match before {
        0..3 => (A_TENTH, failing(ErrorKind::Server)),
        _ => (A_TENTH, granted(before, HALF_AN_HOUR)),
    });
    let error = setup.failed().await;
    assert_eq!(error.kind(), ErrorKind::Server);
    assert_eq!(error.to_string(), "of the test (3 attempts)");
    assert_eq!(setup.token().await, "a3");
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_will_not_pass_is_an_error_at_once() {
    for kind in [
        ErrorKind::Unauthorized,
        ErrorKind::InvalidGrant,
        ErrorKind::Rejected,
        ErrorKind::UnexpectedStatus,
        ErrorKind::InvalidRequest,
    ] {
        let setup = Setup::new(move |_| (A_TENTH, failing(kind)));
        assert_eq!((setup.failed().await.kind(), setup.sent().len()), (kind, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn the_server_says_when_to_ask_again() {
    for (asked, sent) in [(0, 2), (7, 2), (11, 1)] {
        let setup = Setup::new(move |before| match before {
            0 => {
                let failed = Error::new(ErrorKind::RateLimited, "of the test");
                (A_TENTH, Err(failed.with_retry_after(Some(seconds(asked)))))
            }
            _ => (A_TENTH, granted(before, HALF_AN_HOUR)),
        });
        let before = Instant::now();
        assert_eq!(setup.refresher.token().await.is_ok(), sent == 2, "{asked}");
        assert_eq!(setup.sent().len(), sent);
        if sent == 2 {
            assert_eq!(before.elapsed().as_secs(), asked);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_given_up() {
    let setup = Setup::new(|before| (Duration::MAX, granted(before, HALF_AN_HOUR)));
    let before = Instant::now();
    let failed = setup.failed().await;
    assert_eq!(failed.kind(), ErrorKind::Timeout);
    assert_eq!(failed.to_string(), "no answer from the token server within 10s (3 attempts)");
    assert!(before.elapsed() > seconds(30) && before.elapsed() < seconds(32));
}

#[tokio::test(start_paused = true)]
async fn a_refused_refresh_token_is_final_until_it_is_replaced() {
    let setup = Setup::new(|before| match before {
        0 | 2 => (A_TENTH, granted(before, HALF_AN_HOUR)),
        _ => (A_TENTH, failing(ErrorKind::InvalidGrant)),
    });
    setup.token().await;
    advance(seconds(1600)).await;
    // A token that is still valid is used until it expires.
    for _ in 0..3 {
        assert_eq!(setup.token_at_once().await, "a0");
        sleep(seconds(60)).await;
    }
    sleep(seconds(60)).await;
    for _ in 0..3 {
        assert_eq!(setup.failed().await.kind(), ErrorKind::InvalidGrant);
        sleep(seconds(3600)).await;
    }
    assert_eq!(setup.sent(), ["r", "r"]);

    setup.refresher.replace("new".into());
    assert_eq!(setup.token().await, "a2");
    assert_eq!(setup.sent(), ["r", "r", "new"]);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_from_before_the_replacement_changes_nothing_after_it() {
    for outcome in [rotated as fn(usize) -> _, |_| failing(ErrorKind::InvalidGrant)] {
        let setup = Setup::new(move |before| match before {
            0 => (seconds(9), outcome(0)),
            _ => (seconds(3), granted(before, HALF_AN_HOUR)),
        });
        let waiting = tokio::spawn({
            let refresher = Arc::clone(&setup.refresher);
            async move { refresher.token().await.is_ok() }
        });
        sleep(seconds(1)).await;
        setup.refresher.replace("new".into());
        // It does not wait for the refresh from before, which ends later.
        assert_eq!(setup.token().await, "a1");
        assert!(!waiting.is_finished());
        waiting.await.unwrap();
        assert_eq!(setup.token_at_once().await, "a1");

        sleep(seconds(HALF_AN_HOUR)).await;
        assert_eq!(setup.token().await, "a2");
        assert_eq!(setup.sent(), ["r", "new", "new"]);
        assert!(setup.saved().is_empty(), "{:?}", setup.saved());
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_expired_before_its_time_is_refreshed_once_for_all() {
    let setup = Setup::new(|before| (seconds(1), granted(before, HALF_AN_HOUR)));
    assert_eq!(setup.token().await, "a0");
    let expired = AccessToken::from("a0");
    setup.refresher.invalidate(&expired);
    setup.refresher.invalidate(&expired);
    assert_eq!(join_all((0..20).map(|_| setup.token())).await, ["a1"; 20]);
    // One that was sent before and comes back late.
    setup.refresher.invalidate(&expired);
    assert_eq!(setup.token_at_once().await, "a1");
    assert_eq!(setup.sent(), ["r", "r"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_expires_while_it_is_refreshed_waits_for_that_refresh() {
    let setup = Setup::new(|before| (seconds(1), granted(before, HALF_AN_HOUR)));
    setup.token().await;
    advance(seconds(HALF_AN_HOUR - 60)).await;
    assert_eq!(setup.token_at_once().await, "a0", "it begins a refresh ahead of time");
    setup.refresher.invalidate(&AccessToken::from("a0"));
    assert_eq!(setup.token().await, "a1");
    assert_eq!(setup.sent(), ["r", "r"]);
}

/// A disk that completes no write until it is released.
#[derive(Default)]
struct Disk {
    is_back: Mutex<bool>,
    changed: Condvar,
}

impl Disk {
    fn come_back(&self) {
        *self.is_back.lock().unwrap() = true;
        self.changed.notify_all();
    }

    /// Blocks its thread, but not for ever: a test that fails is to end.
    fn write(&self) {
        let is_back = self.is_back.lock().unwrap();
        let waited = self.changed.wait_timeout_while(is_back, seconds(20), |is_back| !*is_back);
        drop(waited.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storing_that_blocks_its_thread_fails_calls_in_time_and_is_done_once() {
    for blocks_in_the_future in [true, false] {
        let disk = Arc::new(Disk::default());
        let (saved, begun) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (kept, counted, written) = (saved.clone(), begun.clone(), disk.clone());
        let on_rotation = move |token: RefreshToken| -> BoxFuture<'static, ()> {
            counted.fetch_add(1, Ordering::SeqCst);
            let (kept, written) = (kept.clone(), written.clone());
            let write = move || {
                written.write();
                kept.lock().unwrap().push(token.expose_secret().to_owned());
            };
            if blocks_in_the_future {
                return Box::pin(async move { write() });
            }
            write();
            Box::pin(async {})
        };
        let mut setup =
            Setup::storing(|before| (Duration::ZERO, rotated(before)), saved, on_rotation);
        Arc::get_mut(&mut setup.refresher).unwrap().rotation_timeout = A_TENTH;
        // More calls than threads, of which each would block another one.
        for _ in 0..6 {
            assert_eq!(setup.failed().await.kind(), ErrorKind::TokenNotStored);
        }
        disk.come_back();
        assert_eq!(setup.token().await, "a0");
        assert_eq!(
            (begun.load(Ordering::SeqCst), setup.saved(), setup.sent().len()),
            (1, vec!["r0".to_owned()], 1)
        );
    }
}

#[test]
fn a_refresh_whose_runtime_stands_still_is_given_up_and_another_begins() {
    let runtime =
        || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let setup = Setup::new(|before| (A_TENTH, granted(before, HALF_AN_HOUR)));
    let still = runtime().unwrap();
    // The call is dropped, and the refresh that it began goes no further than its runtime.
    still.block_on(async { timeout(Duration::ZERO, setup.refresher.token()).await.unwrap_err() });
    runtime().unwrap().block_on(async {
        let before = Instant::now();
        assert_eq!(setup.failed().await.kind(), ErrorKind::Interrupted);
        assert!(before.elapsed() < seconds(300), "{:?}", before.elapsed());
        assert!(setup.token().await.starts_with('a'));
    });
    drop(still);
}

#[tokio::test(start_paused = true)]
async fn tokens_that_expire_at_once_are_refreshed_with_growing_pauses() {
    for is_always_the_same in [true, false] {
        let setup = Setup::new(move |before| {
            let number = if is_always_the_same { 0 } else { before };
            (Duration::ZERO, granted(number, HALF_AN_HOUR))
        });
        let mut asked = Vec::new();
        let begun = Instant::now();
        while begun.elapsed() < seconds(300) {
            let before = setup.sent().len();
            let token = setup.token().await;
            setup.refresher.invalidate(&AccessToken::from(token));
            if setup.sent().len() > before {
                asked.push(begun.elapsed().as_secs());
            }
            sleep(A_TENTH).await;
        }
        assert_eq!(asked, [0, 0, 1, 3, 7, 15, 31, 63, 123, 183, 243], "{is_always_the_same}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_good_for_long_is_refreshed_at_once_when_it_expires() {
    let setup = Setup::new(move |before| (Duration::ZERO, granted(before, HALF_AN_HOUR)));
    for round in 0..20 {
        let token = setup.token().await;
        assert_eq!(token, format!("a{round}"));
        advance(seconds(20 * 60)).await;
        setup.refresher.invalidate(&AccessToken::from(token));
    }
}
