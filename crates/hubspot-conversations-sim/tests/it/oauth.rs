//! Access tokens that expire, and the refresh token that is exchanged for new ones.

use std::time::Duration;

use crate::caller::{Caller, http_client};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::{Simulator, SimulatorBuilder};
use serde_json::{Value, json};

const PATHS: [&str; 3] = ["/oauth/v3/token", "/oauth/2026-03/token", "/oauth/2026-09/token"];

struct App {
    caller: Caller,
    http: reqwest::Client,
}

impl App {
    async fn new() -> Self {
        Self::of(Simulator::builder()).await
    }

    async fn of(builder: SimulatorBuilder) -> Self {
        Self { caller: Caller::of(builder).await, http: http_client() }
    }

    fn simulator(&self) -> &Simulator {
        &self.caller.simulator
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let url = format!("{}{path}", self.simulator().base_url());
        let form: String =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.http.post(url).body(form);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn exchange(&self, refresh_token: &str) -> (u16, Value) {
        let simulator = self.simulator();
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", simulator.client_id()),
            ("client_secret", simulator.client_secret()),
            ("refresh_token", refresh_token),
        ];
        self.post(PATHS[0], &form).await
    }

    /// Exchanges the refresh token for an access token.
    async fn refresh(&self) -> String {
        let (status, json) = self.exchange(&self.simulator().refresh_token()).await;
        assert_eq!(status, 200, "{json}");
        json["access_token"].as_str().unwrap().to_owned()
    }

    /// The status of a request with this token.
    async fn ask(&self, token: &str) -> (u16, Value) {
        let request = self.caller.request(ListInboxes, &[]).bearer_auth(token);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

/// Advances the clock, which runs before and after, because requests use real sockets.
async fn pass(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_refresh_token_gets_an_access_token_on_every_path() {
    let app = App::of(Simulator::builder().scopes(["conversations.read"])).await;
    let simulator = app.simulator();
    let refresh_token = simulator.refresh_token();
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", simulator.client_id()),
        ("client_secret", simulator.client_secret()),
        ("refresh_token", refresh_token.as_str()),
    ];
    let mut tokens = Vec::new();
    for path in PATHS {
        let (status, mut json) = app.post(path, &form).await;
        assert_eq!(status, 200, "{path} {json}");
        let token = json["access_token"].take().as_str().unwrap().to_owned();
        assert!(json["hub_id"].take().is_u64());
        let rest = json!({
            "token_type": "bearer", "refresh_token": refresh_token, "access_token": null,
            "hub_id": null, "scopes": ["conversations.read"], "expires_in": 1800,
        });
        assert_eq!(json, rest);
        assert!(!tokens.contains(&token), "each refresh returns another token");
        tokens.push(token);
    }
    for token in &tokens {
        assert_eq!(app.ask(token).await.0, 200, "all of them are valid");
    }
    assert_eq!(app.ask(simulator.token()).await.0, 200, "and so is the one that remains");
    assert_eq!(simulator.refreshes(), 3);

    let first = crate::caller::id(&app.caller.threads().await[0]).to_owned();
    let request = app.caller.request(ArchiveThread, &[("threadId", &first)]);
    let response = request.bearer_auth(&tokens[0]).send().await.unwrap();
    assert_eq!(response.status(), 403, "it has the scopes of the other one");
}

#[tokio::test]
async fn an_access_token_runs_out_and_the_one_that_stays_does_not() {
    let app = App::new().await;
    let token = app.refresh().await;
    pass(1790).await;
    assert_eq!(app.ask(&token).await.0, 200);
    pass(10).await;
    let (status, json) = app.ask(&token).await;
    assert_eq!((status, &json["category"]), (401, &json!("EXPIRED_AUTHENTICATION")));
    let (status, json) = app.ask("oauth-unknown").await;
    assert_eq!((status, &json["category"]), (401, &json!("INVALID_AUTHENTICATION")));
    assert_eq!(app.ask(app.simulator().token()).await.0, 200);
    let next = app.refresh().await;
    assert_eq!(app.ask(&next).await.0, 200, "another one is valid");
}

#[tokio::test]
async fn how_long_an_access_token_is_good_can_be_set() {
    let app = App::of(Simulator::builder().access_token_lifetime(Duration::from_secs(60))).await;
    let (_, json) = app.exchange(&app.simulator().refresh_token()).await;
    assert_eq!(json["expires_in"], 60);
    let token = json["access_token"].as_str().unwrap();
    pass(50).await;
    assert_eq!(app.ask(token).await.0, 200);
    pass(10).await;
    assert_eq!(app.ask(token).await.0, 401);
}

#[tokio::test]
async fn a_refresh_token_stays_unless_they_rotate() {
    for rotate in [false, true] {
        let app = App::of(Simulator::builder().rotate_refresh_tokens(rotate)).await;
        let first = app.simulator().refresh_token();
        let (_, json) = app.exchange(&first).await;
        let second = json["refresh_token"].as_str().unwrap();
        assert_eq!(app.simulator().refresh_token(), second);
        assert_eq!(second != first, rotate);
        let (status, json) = app.exchange(&first).await;
        if rotate {
            assert_eq!((status, &json["error"]), (400, &json!("invalid_grant")));
            assert_eq!(app.exchange(second).await.0, 200);
        } else {
            assert_eq!(status, 200);
        }
        assert_eq!(app.simulator().refreshes(), 2, "a rejected request does not count");
    }
}

#[tokio::test]
async fn after_it_was_revoked_a_refresh_token_is_refused() {
    let app = App::new().await;
    let token = app.refresh().await;
    app.simulator().revoke_refresh_token();
    for refresh_token in [app.simulator().refresh_token(), "never given".to_owned()] {
        let (status, json) = app.exchange(&refresh_token).await;
        assert_eq!(status, 400);
        assert_eq!(json["error"], "invalid_grant");
        assert_eq!(json["status"], "BAD_REFRESH_TOKEN");
        assert!(json["message"].is_string());
        assert_eq!(json["error_description"], json["message"]);
    }
    assert_eq!(app.ask(&token).await.0, 200, "what was given stays good");
    assert_eq!(app.simulator().refreshes(), 1);
}

#[tokio::test]
async fn another_client_another_grant_and_another_method_are_refused() {
    let app = App::of(Simulator::builder().client_secret("the-secret")).await;
    let simulator = app.simulator();
    assert_eq!(simulator.client_secret(), "the-secret");
    let refresh_token = simulator.refresh_token();
    let right = [
        ("grant_type", "refresh_token"),
        ("client_id", simulator.client_id()),
        ("client_secret", "the-secret"),
        ("refresh_token", refresh_token.as_str()),
    ];
    assert_eq!(app.post(PATHS[0], &right).await.0, 200);
    for (place, value, status) in [
        (0, "authorization_code", "BAD_GRANT_TYPE"),
        (1, "other", "BAD_CLIENT_ID"),
        (2, "other", "BAD_CLIENT_ID"),
        (3, "other", "BAD_REFRESH_TOKEN"),
    ] {
        let mut wrong = right;
        wrong[place].1 = value;
        let (code, json) = app.post(PATHS[0], &wrong).await;
        assert_eq!((code, &json["status"]), (400, &json!(status)), "{place}");
        let mut missing = right.to_vec();
        missing.remove(place);
        let (code, json) = app.post(PATHS[0], &missing).await;
        assert_eq!((code, &json["status"]), (400, &json!(status)), "{place}");
    }
    let url = format!("{}{}", simulator.base_url(), PATHS[0]);
    assert_eq!(app.http.get(url).send().await.unwrap().status(), 405);
    assert_eq!(simulator.refreshes(), 1);
}

#[tokio::test]
async fn no_token_and_no_secret_is_recorded() {
    let app = App::of(Simulator::builder().rotate_refresh_tokens(true)).await;
    let simulator = app.simulator();
    let mut secrets = vec![simulator.client_secret().to_owned(), simulator.refresh_token()];
    let token = app.refresh().await;
    app.ask(&token).await;
    let form = [("client_secret", simulator.client_secret()), ("refresh_token", &secrets[1])];
    app.post("/oauth/v1/token", &form).await;
    app.post(&format!("{}?refresh_token={}", PATHS[0], secrets[1]), &[]).await;
    secrets.extend([token, simulator.refresh_token(), simulator.token().to_owned()]);

    let requests = simulator.requests();
    let paths: Vec<&str> = requests.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(paths.iter().filter(|path| path.starts_with("/oauth/")).count(), 3);
    assert_eq!(requests[0].body, "***");
    let shown = format!("{requests:?} {simulator:?}");
    for secret in secrets {
        assert!(!shown.contains(&secret), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn in_process_a_paused_clock_says_when_an_access_token_runs_out() {
    let simulator = Simulator::builder().in_process();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "refresh_token")
        .append_pair("client_id", simulator.client_id())
        .append_pair("client_secret", simulator.client_secret())
        .append_pair("refresh_token", &simulator.refresh_token())
        .finish();
    let request = http::Request::post(PATHS[0]).body(form).unwrap();
    let answer = simulator.answer(request).await.unwrap();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let json: Value = serde_json::from_slice(&body).unwrap();
    let authorization = format!("Bearer {}", json["access_token"].as_str().unwrap());
    let ask = async || {
        let request = http::Request::get("/conversations/v3/conversations/inboxes")
            .header("authorization", &authorization)
            .body(String::new())
            .unwrap();
        simulator.answer(request).await.unwrap().status()
    };
    tokio::time::advance(Duration::from_millis(1_799_999)).await;
    assert_eq!(ask().await, 200);
    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(ask().await, 401);
}
