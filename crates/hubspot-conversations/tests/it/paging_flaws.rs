//! An odd `paging` costs no page, and ends no list in silence.

use crate::server::{Reply, Server};
use hubspot_conversations::{Error, ErrorKind};

/// A list of two pages, with this `paging` on the first and `total` on both.
async fn two_pages(paging: &'static str, total: &'static str) -> Server {
    Server::start(move |asked, _| {
        let page = match asked.line.contains("after=") {
            true => format!(r#"{{"total":{total},"results":[{{"id":"2"}}]}}"#),
            false => format!(r#"{{"total":{total},"results":[{{"id":"1"}}],"paging":{paging}}}"#),
        };
        Reply::Json(200, page)
    })
    .await
}

/// The ids that a list gives, and how it ends.
async fn listed(server: &Server) -> (Vec<String>, Result<(), Error>) {
    let mut inboxes = server.client().inboxes().list().stream();
    let mut ids = Vec::new();
    loop {
        match inboxes.try_next().await {
            Ok(Some(inbox)) => ids.push(inbox.id.to_string()),
            Ok(None) => return (ids, Ok(())),
            Err(error) => return (ids, Err(error)),
        }
    }
}

#[tokio::test]
async fn a_cursor_that_can_be_read_is_followed() {
    for paging in [
        r#"{"next":{"after":2}}"#,
        r#"{"next":{"after":"2","link":{}},"prev":"odd"}"#,
        r#"{"next":{"after":"2"},"prev":[1,2]}"#,
        r#"{"next":{"after":"2"},"prev":{"before":{}}}"#,
        r#"{"next":{"link":"https://api.example.com/inboxes?after=2"}}"#,
    ] {
        for total in ["2", "\"2\"", "null", "{}", "[]", "\"two\"", "2.5"] {
            let server = two_pages(paging, total).await;
            let (ids, end) = listed(&server).await;
            assert!(end.is_ok(), "{paging} {total}: {end:?}");
            assert_eq!(
                (ids.join(","), server.asked().len()),
                ("1,2".to_owned(), 2),
                "{paging} {total}"
            );
            assert!(server.asked()[1].line.contains("after=2"), "{paging}");
        }
    }
}

#[tokio::test]
async fn an_empty_next_ends_the_list_and_its_items_are_given() {
    for paging in
        ["null", "{}", "[]", r#"{"next":null}"#, r#"{"next":{}}"#, r#"{"next":{"after":""}}"#]
    {
        let server = two_pages(paging, "2").await;
        let (ids, end) = listed(&server).await;
        assert!(end.is_ok(), "{paging}: {end:?}");
        assert_eq!((ids.join(","), server.asked().len()), ("1".to_owned(), 1), "{paging}");
        let page = server.client().inboxes().list().send().await.unwrap();
        let is_noted = !matches!(paging, "null" | "{}" | r#"{"next":null}"#);
        assert_eq!(!page.left_out().is_empty(), is_noted, "{paging}");
    }
}

#[tokio::test]
async fn a_next_that_cannot_be_followed_is_an_error_after_the_items() {
    for paging in [
        r#"{"next":"2"}"#,
        r#"{"next":{"after":["2"]}}"#,
        r#"{"next":{"after":true}}"#,
        r#"{"next":[1]}"#,
        "7",
    ] {
        let server = two_pages(paging, "2").await;
        let (ids, end) = listed(&server).await;
        let error = end.unwrap_err();
        assert_eq!((error.kind(), ids.join(",")), (ErrorKind::UnusableCursor, "1".to_owned()));
        assert!(error.to_string().contains("at `paging"), "{paging}: {error}");
        assert_eq!((error.attempts(), server.asked().len()), (0, 1), "{paging}");

        let mut pages = server.client().inboxes().list().pages();
        assert_eq!(pages.try_next().await.unwrap().unwrap().results.len(), 1, "{paging}");
        assert_eq!(pages.try_next().await.unwrap_err().kind(), ErrorKind::UnusableCursor);
        assert!(pages.try_next().await.unwrap().is_none(), "it has ended");
    }
}

#[tokio::test]
async fn a_list_goes_on_where_its_cursor_could_not_be_read() {
    let server = Server::start(|asked, before| {
        let page = match (asked.line.contains("after="), before) {
            (true, _) => r#"{"results":[{"id":"2"}]}"#,
            (false, 0) => r#"{"results":[{"id":"1"}],"paging":{"next":["odd"]}}"#,
            (false, _) => r#"{"results":[{"id":"1"}],"paging":{"next":{"after":"2"}}}"#,
        };
        Reply::Json(200, page.to_owned())
    })
    .await;
    let list = server.client().inboxes().list();
    let mut inboxes = list.clone().stream();
    assert_eq!(inboxes.try_next().await.unwrap().unwrap().id.as_str(), "1");
    assert!(inboxes.try_next().await.is_err());
    let mut inboxes = list.resume(&inboxes.cursor()).unwrap();
    assert_eq!(inboxes.try_next().await.unwrap().unwrap().id.as_str(), "2", "1 was given before");
    assert!(inboxes.try_next().await.unwrap().is_none());
}
