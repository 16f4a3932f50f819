//! An error is one sentence that says what happened, and shows no secret.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::server::{Reply, Server, TOKEN};
use hubspot_conversations::{Client, Error, ErrorDetail, ErrorKind, Retry};
use tokio::io::AsyncWriteExt;

async fn get(server: &Server) -> Error {
    let client = server.builder().retry(Retry::never()).build().unwrap();
    client.threads().get("1").send().await.unwrap_err()
}

async fn answered(status: u16, body: &str) -> Error {
    get(&Server::always(status, body).await).await
}

#[tokio::test]
async fn each_failure_says_what_happened() {
    let unauthorized = r#"{"status":"error","message":"Authentication credentials not found.","correlationId":"aeb5f871-7f07-4993-9211-075dc63e7cbf","category":"INVALID_AUTHENTICATION"}"#;
    let scopes = r#"{"status":"error","message":"…","correlationId":"aeb5f871-7f07-4993-9211-075dc63e7cbf","errors":[{"message":"One or more of the following scopes are required.","context":{"requiredGranularScopes":["conversations.read"]}}],"category":"MISSING_SCOPES"}"#;
    let not_found = r#"{"status":"error","message":"resource not found","correlationId":"aeb5f871-7f07-4993-9211-075dc63e7cbf","category":"OBJECT_NOT_FOUND"}"#;
    let burst = r#"{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","correlationId":"aeb5f871-7f07-4993-9211-075dc63e7cbf","policyName":"TEN_SECONDLY_ROLLING"}"#;
    let sentences = [
        answered(401, unauthorized).await,
        answered(403, scopes).await,
        answered(403, "{}").await,
        answered(404, not_found).await,
        answered(404, "<html>not found</html>").await,
        answered(429, burst).await,
        answered(429, r#"{"policyName":"DAILY"}"#).await,
        answered(400, r#"{"category":"VALIDATION_ERROR"}"#).await,
        answered(477, "").await,
        answered(500, "<html>").await,
        answered(302, "").await,
        answered(200, "<html>welcome</html>").await,
        answered(200, "").await,
        answered(200, r#"{"id":"1""#).await,
        answered(200, r#"{"id":["1"],"archived":"no"}"#).await,
    ];
    let sentences: Vec<_> = sentences.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(sentences.join("\n"));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = Client::builder()
        .token(TOKEN)
        .base_url(format!("http://{address}"))
        .retry(Retry::never())
        .build()
        .unwrap();
    let error = client.actors().get("E-someone@example.com").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    let sentence = error.to_string();
    assert!(
        sentence.starts_with(&format!("get_actor: cannot reach http://{address}: ")),
        "{sentence}"
    );
    assert!(!format!("{error:?} {sentence}").contains("someone"), "{error:?}");
}

#[tokio::test]
async fn what_hubspot_says_of_the_error_can_be_asked() {
    let body = r#"{"message":"Multiple errors validating request.","category":"VALIDATION_ERROR",
        "errors":[{"message":"Actor type EMAIL is not supported for receiving"},{"code":7}]}"#;
    let server = Server::start(|_, _| {
        Reply::With(400, "x-hubspot-correlation-id: from-the-header\r\n", body.to_owned())
    })
    .await;
    let error = get(&server).await;
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.status().unwrap().as_u16(), 400);
    assert_eq!(error.category(), Some("VALIDATION_ERROR"));
    assert_eq!(error.message(), Some("Multiple errors validating request."));
    assert_eq!(
        error.details().iter().map(ErrorDetail::message).collect::<Vec<_>>(),
        [Some("Actor type EMAIL is not supported for receiving"), None]
    );
    assert_eq!(error.correlation_id(), Some("from-the-header"));
    assert_eq!(error.operation(), Some("get_thread"));
    assert_eq!(error.body(), Some(body.as_bytes()));
}

#[tokio::test]
async fn what_could_not_be_read_can_be_looked_at() {
    let error = answered(200, r#"{"id":[]}"#).await;
    assert_eq!((error.kind(), error.body()), (ErrorKind::Decode, Some(&br#"{"id":[]}"#[..])));
}

#[tokio::test]
async fn no_error_shows_the_token_or_the_body() {
    let bodies = [
        format!(r#"{{"category":"{TOKEN}","correlationId":"{TOKEN}","policyName":"{TOKEN}"}}"#),
        format!(r#"{{"errors":[{{"context":{{"requiredScopes":["{TOKEN}"]}}}}]}}"#),
        format!(
            r#"{{"message":"{TOKEN} secret","category":"{TOKEN} secret","correlationId":"{TOKEN} secret"}}"#
        ),
        format!("<html>{TOKEN} secret</html>"),
        format!(r#"{{"id":{{"{TOKEN}":"secret"}}}}"#),
        format!(r#"{{"createdAt":"{TOKEN} secret"}}"#),
        format!(
            r#"{{"errors":[{{"message":"secret","context":{{"requiredScopes":["{TOKEN} secret"]}}}}]}}"#
        ),
    ];
    for body in bodies {
        for status in [200, 400, 401, 403, 404, 429, 500] {
            let error = answered(status, &body).await;
            let mut shown = format!("{error} {error:?} {error:#?}");
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                shown += &format!(" {error} {error:?}");
                source = error.source();
            }
            assert!(!shown.contains("secret") && !shown.contains(TOKEN), "{shown}");
        }
    }
}

#[tokio::test]
async fn the_token_is_sent_and_shown_nowhere() {
    let server = Server::always(200, r#"{"id":"1"}"#).await;
    let client = server.client();
    client.threads().get("1").send().await.unwrap();
    assert!(server.asked()[0].head.contains(&format!("authorization: Bearer {TOKEN}")));

    let request = client.threads().get("1");
    let shown = format!("{:?} {client:?} {request:?} {:?}", server.builder(), client.threads());
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn a_server_without_tls_and_a_proxy_that_wants_credentials_are_asked_once() {
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = plain.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let client = Client::builder().token(TOKEN).base_url(format!("https://{address}"));
    let error = client.build().unwrap().inboxes().list().send().await.unwrap_err();
    assert_eq!((error.kind(), error.is_ambiguous()), (ErrorKind::Tls, false), "{error}");
    assert_eq!(connections.load(Ordering::Relaxed), 1);

    let proxy = Server::always(407, "").await;
    let error = proxy.client().messages("1").comment("text").send().await.unwrap_err();
    assert_eq!((error.kind(), error.is_ambiguous()), (ErrorKind::Proxy, false), "{error}");
    assert_eq!(proxy.asked().len(), 1);
}

/// A server with a certificate that nobody vouches for, and how many connections it got. The key was made
/// for it alone.
fn self_signed() -> (SocketAddr, Arc<AtomicUsize>) {
    let certificate = include_bytes!("../fixtures/tls/certificate.der").to_vec().into();
    let key = include_bytes!("../fixtures/tls/key.der").to_vec();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.try_into().unwrap());
    let config = Arc::new(config.unwrap());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            // The client ends it.
            let _ = tls.complete_io(&mut connection.unwrap());
        }
    });
    (address, connections)
}

#[tokio::test]
async fn a_certificate_that_is_refused_is_an_error_of_its_own_at_the_first_try() {
    let (address, connections) = self_signed();
    let client = Client::builder().token(TOKEN).base_url(format!("https://{address}"));
    let client = client.build().unwrap();
    let sent = client.messages("1").comment("text").send().await.map(|_| ());
    let listed = client.inboxes().list().send().await.map(|_| ());
    for error in [sent.unwrap_err(), listed.unwrap_err()] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1), "{error}");
        assert!(!error.is_ambiguous() && !error.is_retryable(), "{error}");
        let sentence = error.to_string();
        assert!(sentence.contains(": no secure connection can be made: "), "{sentence}");
        assert!(sentence.contains("certificate"), "{sentence}");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_time_without_end_is_none() {
    let server = Server::always(200, r#"{"id":"1"}"#).await;
    let forever = Duration::MAX;
    let client = server.builder().attempt_timeout(forever).deadline(forever).build().unwrap();
    client.threads().get("1").attempt_timeout(forever).deadline(forever).send().await.unwrap();
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::always(200, r#"{"id":"1"}"#).await;
    let address = elsewhere.base_url.clone();
    let server = Server::start(move |_, _| {
        Reply::raw(format!("HTTP/1.1 307 .\r\nlocation: {address}\r\ncontent-length: 0\r\n\r\n"))
    })
    .await;
    assert_eq!(get(&server).await.kind(), ErrorKind::UnexpectedStatus);
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn an_id_that_leads_elsewhere_is_not_sent() {
    let server = Server::always(200, r#"{"id":"1"}"#).await;
    for id in ["", ".", "..", "%2e%2e", "1/2", "1?archived=true", "1#", "/", "\\"] {
        let result = server.client().threads().archive(id).send().await;
        let asked = server.asked();
        match result {
            Ok(()) => {
                let line = &asked.last().unwrap().line;
                let path = "DELETE /conversations/v3/conversations/threads/";
                let segment = line.strip_prefix(path).unwrap();
                assert!(!segment.is_empty() && !segment.contains(['/', '?', '#']), "{line}");
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}"),
        }
    }
    for id in ["", ".", ".."] {
        assert!(server.client().threads().archive(id).send().await.is_err(), "{id}");
    }
}

#[tokio::test]
async fn a_missing_scope_is_told_in_each_of_hubspots_ways() {
    for (body, scopes) in [
        (
            r#"{"errors":[{"context":{"requiredGranularScopes":["conversations.read"]}}],"category":"MISSING_SCOPES"}"#,
            &["conversations.read"][..],
        ),
        (
            r#"{"requiredScopes":["contacts","conversations.read"]}"#,
            &["contacts", "conversations.read"],
        ),
        (
            r#"{"requiredScopes":"contacts","context":{"requiredScopes":["contacts"]}}"#,
            &["contacts"],
        ),
        (
            r#"{"status":"error","message":"This access_token (pat-na1-11111111) does not have proper permissions! (requires any of [conversations.read, automation-access])"}"#,
            &["conversations.read", "automation-access"],
        ),
        (r#"{"message":"This oauth-token [CJSP5] does not have proper permissions!"}"#, &[]),
        (r#"{"category":"MISSING_SCOPES"}"#, &[]),
    ] {
        let error = answered(403, body).await;
        assert!(error.is_missing_scope(), "{body}");
        assert_eq!(error.missing_scopes(), scopes, "{body}");
        assert!(error.to_string().contains("the access token lacks "), "{error}");
        assert!(!error.to_string().contains("pat-na1"), "{error}");
    }
    for body in [
        "",
        "<html>requires any of [conversations.read], not have proper permissions</html>",
        "Access denied",
        "[]",
        r#"{"message":"Your account does not include this.","links":{"scopes":"https://example.com"}}"#,
        r#"{"category":"BANNED"}"#,
    ] {
        let error = answered(403, body).await;
        assert!(!error.is_missing_scope() && error.missing_scopes().is_empty(), "{body}");
        let is_of_gateway = !body.starts_with('{');
        assert_eq!(error.to_string().contains("a gateway"), is_of_gateway, "{error}");
        assert!(!is_of_gateway || !error.to_string().contains("scope"), "{error}");
    }
}

#[tokio::test]
async fn half_of_a_character_costs_no_error_its_meaning() {
    let daily = answered(429, r#"{"message":"\ud83d","policyName":"DAILY"}"#).await;
    assert!(daily.is_daily_limit(), "{daily}");
    let scopes = r#"{"message":"\ud83d","errors":[{"context":{"requiredScopes":["a.b"]}}]}"#;
    assert_eq!(answered(403, scopes).await.missing_scopes(), ["a.b"]);
    let granted = r#"{"message":"no","grantedScopes":["conversations.read"]}"#;
    let error = answered(403, granted).await;
    assert!(error.missing_scopes().is_empty() && !error.is_missing_scope(), "{error}");
}

#[tokio::test]
async fn older_results_of_a_validation_are_problems() {
    let body = r#"{"message":"Property values were not valid","validationResults":[
        {"isValid":false,"message":"PENDING is none","error":"INVALID_OPTION","name":"status"},
        {"isValid":true,"name":"inboxId"}, "odd", 7]}"#;
    let error = answered(400, body).await;
    let problem = &error.details()[0];
    assert_eq!(problem.message(), Some("PENDING is none"));
    assert_eq!((problem.field(), problem.code()), (Some("status"), Some("INVALID_OPTION")));
    assert!(error.details().iter().all(|problem| problem.field() != Some("inboxId")));
}

#[test]
fn what_is_no_token_is_refused_before_it_is_sent() {
    for (flawed, reason) in [
        ("Bearer pat-na1-secret", "begins with the word Bearer"),
        ("\"pat-na1-secret\"", "is in quotes"),
        (r#"{"access_token":"pat-na1-secret"}"#, "is JSON"),
        ("HUBSPOT_ACCESS_TOKEN=pat-na1-secret", "has a name"),
        ("pat-na1-secret # mine", "holds white space"),
        ("https://pat-na1-secret", "holds an address"),
        ("\u{FEFF}pat-na1-secret", "byte order mark"),
        ("pat-na1-secret\npat-na1-secret", "a character that no token has"),
        ("pat-na1-secret…", "a character that no token has"),
        ("", "is empty"),
    ] {
        let error = Client::new(flawed).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("the access token ") && shown.contains(reason), "{shown}");
        assert!(!shown.contains("pat-na1") && !shown.contains("secret"), "{shown}");
    }
}

#[test]
fn settings_that_cannot_work_are_refused() {
    for (builder, reason) in [
        (Client::builder(), "there is no access token"),
        (Client::builder().token(" "), "the access token is empty"),
        (
            Client::builder().token("pat\nx"),
            "the access token holds a character that no token has, such as a line break",
        ),
        (
            Client::builder().token("pat").base_url("http://api.hubapi.com"),
            "the base URL must begin with https:// unless it is on this machine",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidRequest, reason));
    }
}

#[test]
fn a_client_can_be_shared_between_threads_and_its_futures_sent() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    fn sent<T: Send>(_: T) {}
    let client = Client::new("pat").unwrap();
    shared(&client);
    sent(client.threads().list().send());
    sent(client.threads().list().stream());
    sent(client.messages("1").reply("hello").send());
    sent(client.actors().resolve(["A-1"]).send());
}
