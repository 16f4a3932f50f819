//! Files are sent completely, with a length known in advance, on every attempt; a token goes only
//! to its own server.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::TryStreamExt;
use hubspot_conversations_api::{BearerToken, Form, Operation, RequestHook, Upload};
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH};
use reqwest::{Body, Client, Method, Request};

/// The body as sent, with a fixed name in place of the boundary, and the announced length.
async fn sent(form: &Form) -> (String, usize) {
    let opened = form.open().await.unwrap();
    let boundary = opened.boundary().to_owned();
    let chunks: Vec<_> = opened.into_stream().try_collect().await.unwrap();
    let text = String::from_utf8(chunks.concat()).unwrap();
    let length = text.len();

    let opened = form.open().await.unwrap();
    let request = Client::new().post("http://127.0.0.1/").multipart(opened).build().unwrap();
    let announced = request.headers()[CONTENT_LENGTH].to_str().unwrap().parse::<usize>().unwrap();
    assert_eq!(announced, length, "the length is known in advance");
    (text.replace(&boundary, "BOUNDARY"), length)
}

#[tokio::test]
async fn a_form_is_sent_again_from_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rose.png");
    std::fs::write(&path, "petals").unwrap();
    let opened = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&opened);
    let form = Form::new()
        .text("folderPath", "/beds")
        .json("options", &["a"])
        .unwrap()
        .file("file", Upload::path(&path))
        .file("file", Upload::bytes("thorns").file_name("thorns.csv"))
        .file(
            "file",
            Upload::opened(4, move || {
                counted.fetch_add(1, Ordering::Relaxed);
                Body::from("stem")
            })
            .content_type("text/x-stem"),
        );

    let (first, _) = sent(&form).await;
    let (second, _) = sent(&form.clone()).await;
    assert_eq!(first, second);
    assert_eq!(opened.load(Ordering::Relaxed), 4, "it is opened for each attempt");
    for wanted in [
        "form-data; name=\"folderPath\"\r\n\r\n/beds\r\n",
        "form-data; name=\"options\"\r\nContent-Type: application/json\r\n\r\n[\"a\"]\r\n",
        "name=\"file\"; filename=\"rose.png\"\r\nContent-Type: image/png\r\n\r\npetals\r\n",
        "name=\"file\"; filename=\"thorns.csv\"\r\nContent-Type: text/csv\r\n\r\nthorns\r\n",
        "name=\"file\"; filename=\"file\"\r\nContent-Type: text/x-stem\r\n\r\nstem\r\n",
    ] {
        assert!(first.contains(wanted), "{wanted}\n{first}");
    }
}

#[tokio::test]
async fn what_is_appended_meanwhile_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.txt");
    std::fs::write(&path, "one").unwrap();
    let form = Form::new().file("file", Upload::path(&path)).text("last", "here");
    let opened = form.open().await.unwrap();
    std::fs::write(&path, "one, two").unwrap();
    let chunks: Vec<_> = opened.into_stream().try_collect().await.unwrap();
    let text = String::from_utf8(chunks.concat()).unwrap();
    assert!(text.contains("\r\n\r\none\r\n--"), "{text}");
}

#[tokio::test]
async fn what_cannot_be_opened_is_named_by_its_part() {
    let folder = tempfile::tempdir().unwrap();
    for (file, reason) in [
        (Upload::path(folder.path()), "not a regular file"),
        (Upload::path(folder.path().join("missing")), "No such file"),
        (Upload::bytes("x").content_type("picture"), "\"picture\" is not a media type"),
    ] {
        let error = Form::new().file("photo", file).open().await.unwrap_err().to_string();
        assert!(error.starts_with("the part \"photo\" cannot be sent: "), "{error}");
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn debug_shows_no_content_and_no_name() {
    let form = Form::new()
        .text("note", "Dear Ada")
        .file("photo", Upload::bytes("Dear Ada").file_name("Ada.png"))
        .file("scan", Upload::path("/home/ada/Ada.png"));
    assert_eq!(format!("{form:?}"), "[\"note\", \"photo\", \"scan\"]");
    let shown = format!("{:?}", Upload::path("/home/ada/Ada.png").file_name("Ada.png"));
    assert_eq!(shown, "Upload(path)");
}

fn prepared(hook: &BearerToken, url: &str) -> Result<Option<String>, String> {
    let mut request = Request::new(Method::GET, url.parse().unwrap());
    hook.prepare(&mut request, Operation::named("list_inboxes").unwrap())?;
    let header = request.headers().get(AUTHORIZATION);
    assert!(!format!("{request:?}").contains("pat-na1"), "the header is secret");
    Ok(header.map(|header| header.to_str().unwrap().to_owned()))
}

#[test]
fn a_token_goes_to_its_own_server_only_and_is_shown_nowhere() {
    let hook = BearerToken::new("https://api.hubapi.com", "pat-na1-abc").unwrap();
    assert!(!format!("{hook:?}").contains("pat-na1"), "{hook:?}");
    let sent = prepared(&hook, "https://api.hubapi.com:443/crm/v3/owners?limit=1");
    assert_eq!(sent.unwrap().unwrap(), "Bearer pat-na1-abc");
    for other in [
        "http://api.hubapi.com/crm/v3/owners",
        "https://api.hubapi.com:8443/crm/v3/owners",
        "https://api.hubapi.com.example.com/crm/v3/owners",
        "https://example.com/",
    ] {
        assert_eq!(
            prepared(&hook, other),
            Err("the access token is for another server".to_owned())
        );
    }
    let local = BearerToken::new("http://127.0.0.1:8080", "pat-na1-abc").unwrap();
    assert!(prepared(&local, "http://127.0.0.1:8080/").unwrap().is_some());
    assert!(BearerToken::new("http://[::1]:8080", "pat-na1-abc").is_ok());
}

#[test]
fn what_is_no_token_and_what_would_show_one_is_refused() {
    for token in ["", "Bearer pat-na1-abc", "\"pat-na1-abc\"", "pat na1", "pat-na1\n", "{}", "pät"]
    {
        let error = BearerToken::new("https://api.hubapi.com", token).unwrap_err();
        assert!(error.to_string().starts_with("the token is empty or malformed"), "{error}");
    }
    for url in ["http://api.hubapi.com", "ftp://127.0.0.1", "http://127.0.0.1.example.com"] {
        let error = BearerToken::new(url, "pat-na1-abc").unwrap_err();
        assert_eq!(error.to_string(), "the token would be sent unencrypted: use https");
    }
    let error = BearerToken::new("api.hubapi.com", "pat-na1-abc").unwrap_err();
    assert_eq!(error.to_string(), "the base URL is not a URL");
}
