//! The extractor, alone and in a router behind a real connection.

use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRef, FromRequest, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use chrono::{DateTime, Utc};
use futures_util::stream;
use hubspot_conversations::webhook::{
    Event, SignatureError, SignedEvents, SignedEventsRejection, Verifier,
};
use tokio::net::TcpListener;

const SECRET: &str = "a-secret-that-shows-nowhere";
const BASE: &str = "https://bot.example.com";
const BODY: &str = r#"[{"subscriptionType":"conversation.newMessage","objectId":6065362089,"messageId":"9b38dc6d5b5744a788931a9cf3a7b225"},{"subscriptionType":"conversation.ofTomorrow"}]"#;

fn verifier() -> Verifier {
    Verifier::new(SECRET, BASE).unwrap()
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

fn signed(verifier: &Verifier, uri: &str, body: &str) -> HeaderMap {
    verifier.sign(&Method::POST, uri, body.as_bytes(), now())
}

fn request(uri: &str, headers: HeaderMap, body: impl Into<Body>) -> Request {
    let mut request = Request::new(body.into());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri.parse().unwrap();
    *request.headers_mut() = headers;
    request
}

async fn extract(
    request: Request,
    verifier: &Verifier,
) -> Result<Vec<Event>, SignedEventsRejection> {
    SignedEvents::from_request(request, verifier).await.map(|SignedEvents(events)| events)
}

/// The status and body that a rejection answers with.
async fn answer(rejection: SignedEventsRejection) -> (StatusCode, String) {
    let response = rejection.into_response();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn signed_events_are_handed_over() {
    for uri in ["/hubspot", "/hubspot?to=a%40b", "https://10.0.0.1/hubspot"] {
        let headers = signed(&verifier(), uri, BODY);
        let events = extract(request(uri, headers, BODY), &verifier()).await.unwrap();
        let [Event::NewMessage(new), Event::Unrecognized(_)] = events.as_slice() else {
            panic!("{events:?}")
        };
        assert_eq!(new.thread_id.as_str(), "6065362089");
    }
}

#[tokio::test]
async fn a_body_in_pieces_is_one_body() {
    let pieces: Vec<_> =
        BODY.as_bytes().chunks(7).map(Bytes::from_static).map(Ok::<_, std::io::Error>).collect();
    let body = Body::from_stream(stream::iter(pieces));
    let headers = signed(&verifier(), "/hubspot", BODY);
    assert_eq!(extract(request("/hubspot", headers, body), &verifier()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_not_signed_gets_401_and_no_hint() {
    let other_body = BODY.replace("9b38", "9b39");
    let late = now() - Duration::from_secs(301);
    let unsigned = HeaderMap::new();
    let of_another_url = signed(&verifier(), "/other", BODY);
    let of_another_secret = signed(&Verifier::new("another", BASE).unwrap(), "/hubspot", BODY);
    let of_another_body = signed(&verifier(), "/hubspot", &other_body);
    let too_late = verifier().sign(&Method::POST, "/hubspot", BODY.as_bytes(), late);
    for (headers, error) in [
        (unsigned, SignatureError::Missing("X-HubSpot-Signature-v3")),
        (of_another_url, SignatureError::Mismatch),
        (of_another_secret, SignatureError::Mismatch),
        (of_another_body, SignatureError::Mismatch),
        (too_late, SignatureError::TooOld),
    ] {
        let rejection = extract(request("/hubspot", headers, BODY), &verifier()).await.unwrap_err();
        assert_eq!(rejection, SignedEventsRejection::Signature(error));
        let (status, body) = answer(rejection).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(body, error.to_string());
        assert!(!body.contains(SECRET) && !body.contains("9b38"), "{body}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_gets_413_however_it_comes() {
    let limit = BODY.len();
    let headers = signed(&verifier(), "/hubspot", BODY);
    let fits = verifier().body_limit(limit);
    assert!(extract(request("/hubspot", headers.clone(), BODY), &fits).await.is_ok());
    let limited = verifier().body_limit(limit - 1);
    let endless =
        stream::iter(std::iter::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b" "))));
    for body in [Body::from(BODY), Body::from_stream(endless)] {
        let rejection =
            extract(request("/hubspot", headers.clone(), body), &limited).await.unwrap_err();
        assert_eq!(rejection, SignedEventsRejection::TooLarge);
        assert_eq!(answer(rejection).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mebibyte = " ".repeat(1 << 20);
    let headers = signed(&verifier(), "/hubspot", &mebibyte);
    let whole = extract(request("/hubspot", headers.clone(), mebibyte.clone()), &verifier()).await;
    assert!(matches!(whole, Err(SignedEventsRejection::Json(_))), "{whole:?}");
    let over = extract(request("/hubspot", headers, mebibyte + " "), &verifier()).await;
    assert_eq!(over.unwrap_err(), SignedEventsRejection::TooLarge);
}

#[tokio::test]
async fn a_signed_body_that_is_not_json_gets_400_and_is_not_repeated() {
    let body = r#""a customer's words""#;
    let headers = signed(&verifier(), "/hubspot", body);
    let rejection = extract(request("/hubspot", headers, body), &verifier()).await.unwrap_err();
    let (status, answered) = answer(rejection).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(answered, "the body cannot be read: expected a sequence, found a string");
}

#[tokio::test]
async fn a_body_that_breaks_off_gets_400() {
    let pieces = [Ok(Bytes::from_static(b"[{")), Err(std::io::Error::other("a secret reason"))];
    let headers = signed(&verifier(), "/hubspot", "[{");
    let body = Body::from_stream(stream::iter(pieces));
    let rejection = extract(request("/hubspot", headers, body), &verifier()).await.unwrap_err();
    assert_eq!(rejection, SignedEventsRejection::Interrupted);
    let (status, answered) = answer(rejection).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(answered, "the body did not arrive whole");
}

#[derive(Clone)]
struct Bot {
    name: &'static str,
    verifier: Verifier,
}

impl FromRef<Bot> for Verifier {
    fn from_ref(bot: &Bot) -> Self {
        bot.verifier.clone()
    }
}

async fn hook(State(bot): State<Bot>, SignedEvents(events): SignedEvents) -> String {
    format!("{} got {}", bot.name, events.len())
}

/// Serves on this machine until the test's runtime stops.
async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

async fn send(origin: &str, path: &str, headers: HeaderMap, body: &str) -> (StatusCode, String) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(format!("{origin}{path}")).headers(headers).body(body.to_owned());
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

#[tokio::test]
async fn a_router_takes_the_verifier_from_its_state() {
    let bot = Bot { name: "bot", verifier: verifier() };
    let app =
        Router::new().route("/hubspot", post(hook)).layer(DefaultBodyLimit::max(1)).with_state(bot);
    let origin = serve(app).await;
    let headers = signed(&verifier(), "/hubspot?a=%2F", BODY);
    let answered = send(&origin, "/hubspot?a=%2F", headers.clone(), BODY).await;
    assert_eq!(answered, (StatusCode::OK, "bot got 2".to_owned()));
    let (status, _) = send(&origin, "/hubspot?a=%2G", headers, BODY).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, answered) = send(&origin, "/hubspot", HeaderMap::new(), BODY).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(answered, "the header X-HubSpot-Signature-v3 is missing");
}

/// A nested router sees the path without its prefix.
#[tokio::test]
async fn a_nested_router_has_the_prefix_in_its_base_or_the_whole_url() {
    let prefixed = Verifier::new(SECRET, &format!("{BASE}/bots")).unwrap();
    let whole = Verifier::for_url(SECRET, &format!("{BASE}/whole")).unwrap();
    let nested = |path, verifier| {
        Router::new().route(path, post(hook)).with_state(Bot { name: "bot", verifier })
    };
    let app = Router::new()
        .nest("/bots", nested("/hubspot", prefixed))
        .nest("/plain", nested("/hubspot", verifier()))
        .nest("/whole", nested("/", whole));
    let origin = serve(app).await;
    for (path, expected) in [
        ("/bots/hubspot", StatusCode::OK),
        ("/plain/hubspot", StatusCode::UNAUTHORIZED),
        ("/whole", StatusCode::OK),
    ] {
        let as_hubspot_calls = signed(&verifier(), path, BODY);
        let (status, answered) = send(&origin, path, as_hubspot_calls, BODY).await;
        assert_eq!(status, expected, "{path}: {answered}");
    }
}
