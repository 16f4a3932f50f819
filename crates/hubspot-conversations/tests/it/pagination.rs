//! Lists end where HubSpot ends them, lose nothing, and never loop.

use crate::server::{RecordedRequest, Reply, Server};
use futures_util::stream::FusedStream;
use futures_util::{FutureExt, Stream, StreamExt};
use hubspot_conversations::types::ThreadId;
use hubspot_conversations::{Error, ErrorKind};

/// A page of threads with these items, and a cursor if it is not the last.
fn page(items: &str, after: Option<&str>) -> Reply {
    let paging = after.map(|after| format!(r#","paging":{{"next":{{"after":"{after}"}}}}"#));
    Reply::Json(200, format!(r#"{{"results":[{items}]{}}}"#, paging.unwrap_or_default()))
}

fn after(asked: &RecordedRequest) -> Option<&str> {
    asked.line.split(['?', '&']).find_map(|part| part.strip_prefix("after="))
}

async fn ids(server: &Server) -> Vec<Result<ThreadId, Error>> {
    let mut threads = server.client().threads().list().stream();
    let mut ids = Vec::new();
    while let Some(thread) = threads.try_next().await.transpose() {
        ids.push(thread.map(|thread| thread.id));
    }
    ids
}

fn found(ids: &[Result<ThreadId, Error>]) -> Vec<&str> {
    ids.iter().map(|id| id.as_ref().map_or("error", |id| id.as_str())).collect()
}

#[tokio::test]
async fn short_and_empty_pages_with_a_cursor_are_not_the_end() {
    let server = Server::start(|asked, _| match after(asked) {
        None => page(r#"{"id":"1"}"#, Some("a")),
        Some("a") => page("", Some("b")),
        Some("b") => page(r#"{"id":"2"},{"id":"3"}"#, None),
        other => panic!("{other:?}"),
    })
    .await;
    assert_eq!(found(&ids(&server).await), ["1", "2", "3"]);
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn a_list_of_empty_pages_ends_with_an_error_at_a_limit_that_can_be_set() {
    for (limit, asked) in [(None, 101), (Some(3), 4), (Some(0), 1)] {
        let server = Server::start(|_, before| page("", Some(&format!("c{before}")))).await;
        let list = server.client().threads().list();
        let list = match limit {
            Some(limit) => list.max_empty_pages(limit),
            None => list,
        };
        let error = list.stream().try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::EmptyPages, "{limit:?}");
        assert_eq!(server.asked().len(), asked, "{limit:?}");
    }
}

#[tokio::test]
async fn empty_pages_are_counted_anew_after_an_item() {
    let server = Server::start(|_, before| match before {
        3 | 7 => page(&format!(r#"{{"id":"{before}"}}"#), Some(&format!("c{before}"))),
        11 => page("", None),
        _ => page("", Some(&format!("c{before}"))),
    })
    .await;
    let mut threads = server.client().threads().list().max_empty_pages(3).stream();
    let mut ids = Vec::new();
    while let Some(thread) = threads.try_next().await.unwrap() {
        ids.push(thread.id.to_string());
    }
    assert_eq!(ids, ["3", "7"]);
}

#[tokio::test]
async fn a_percent_encoded_cursor_is_sent_back_encoded_once() {
    let server = Server::start(|asked, _| match after(asked) {
        None => page(r#"{"id":"1"}"#, Some("MTAw%2BMQ%3D%3D")),
        Some("MTAw%2BMQ%3D%3D") => page(r#"{"id":"2"}"#, None),
        other => panic!("{other:?}"),
    })
    .await;
    assert_eq!(found(&ids(&server).await), ["1", "2"]);
}

#[tokio::test]
async fn a_repeated_cursor_is_an_error_and_not_a_loop() {
    for cursors in [&["a", "a"][..], &["a", "b", "a"], &["a", "b", "c", "b"]] {
        let server = Server::start(move |_, before| {
            page(&format!(r#"{{"id":"{before}"}}"#), Some(cursors[before.min(cursors.len() - 1)]))
        })
        .await;
        let ids = ids(&server).await;
        let error = ids.last().unwrap().as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RepeatedCursor);
        assert_eq!(
            error.to_string(),
            "list_threads: the server repeated a cursor, so the list would never end"
        );
        assert_eq!(server.asked().len(), cursors.len());
    }
}

#[tokio::test]
async fn an_item_that_cannot_be_read_does_not_end_the_list() {
    let server = Server::start(|asked, _| match after(asked) {
        None => page(r#"{"id":"1"},{"id":[]},{"id":"3"}"#, Some("a")),
        _ => page(r#"{"id":4},null"#, None),
    })
    .await;
    let ids = ids(&server).await;
    assert_eq!(found(&ids), ["1", "error", "3", "4", "error"]);
    assert_eq!(
        ids[1].as_ref().unwrap_err().to_string(),
        "list_threads: the answer is not what the API promises: at `results[1].id`: \
         expected an id, as a string or a whole number, found an array"
    );
}

#[tokio::test]
async fn a_page_keeps_its_items_byte_for_byte() {
    let item = r#"{"id": "1", "later": 1.50}"#;
    let server = Server::start(move |_, _| page(item, None)).await;
    let mut pages = server.client().threads().list().pages();
    let page = pages.try_next().await.unwrap().unwrap();
    assert_eq!(page.results[0].json().get(), item);
    assert!(pages.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_list_ends_after_an_error() {
    let server = Server::start(|asked, _| match after(asked) {
        None => page(r#"{"id":"1"}"#, Some("a")),
        _ => Reply::Json(400, "{}".to_owned()),
    })
    .await;
    assert_eq!(found(&ids(&server).await), ["1", "error"]);
}

#[tokio::test]
async fn a_list_can_begin_at_a_cursor() {
    let server = Server::start(|_, _| page("", None)).await;
    server.client().threads().list().after("a=b").send().await.unwrap();
    assert_eq!(after(&server.asked()[0]), Some("a%3Db"));
}

#[tokio::test]
async fn the_cursor_of_a_page_can_be_given_as_it_came() {
    let server = Server::start(|asked, _| match after(asked) {
        None => page("", Some("MTAw%2BMQ%3D%3D")),
        Some("MTAw%2BMQ%3D%3D") => page("", None),
        other => panic!("{other:?}"),
    })
    .await;
    let list = server.client().threads().list();
    let first = list.clone().send().await.unwrap();
    list.after(first.next_after().unwrap()).send().await.unwrap();
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_page_with_a_repeated_cursor_is_given_before_the_error() {
    let server =
        Server::start(|_, before| page(&format!(r#"{{"id":"{before}"}}"#), Some("a"))).await;
    assert_eq!(found(&ids(&server).await), ["0", "1", "error"]);
}

#[tokio::test]
async fn an_item_that_was_not_waited_for_is_not_lost() {
    let server = Server::start(|asked, _| match after(asked) {
        None => page(r#"{"id":"1"},{"id":"2"}"#, Some("a")),
        Some("a") => page(r#"{"id":"3"}"#, Some("b")),
        _ => page(r#"{"id":"4"}"#, None),
    })
    .await;
    let mut threads = server.client().threads().list().stream();
    let mut ids = Vec::new();
    loop {
        let cursor = threads.cursor();
        // Each call that has to wait is dropped, and made again.
        match threads.try_next().now_or_never() {
            None => {
                assert_eq!(threads.cursor(), cursor);
                tokio::task::yield_now().await;
            }
            Some(Ok(Some(thread))) => ids.push(thread.id.to_string()),
            Some(end) => {
                assert!(end.unwrap().is_none());
                break;
            }
        }
    }
    assert_eq!(ids, ["1", "2", "3", "4"]);
    assert_eq!(server.asked().len(), 3, "no page is read twice");
}

#[tokio::test]
async fn a_list_knows_how_much_is_left_at_least() {
    let server = Server::start(|asked, _| match after(asked) {
        None => page(r#"{"id":"1"},{"id":[]},{"id":"3"}"#, Some("a")),
        _ => page(r#"{"id":"4"},{"id":"5"}"#, None),
    })
    .await;
    for (is_strict, hints) in [
        (false, &[(0, None), (2, None), (1, None), (0, None), (1, Some(1)), (0, Some(0))][..]),
        (true, &[(0, None), (1, None), (0, Some(0))]),
    ] {
        let mut threads = server.client().threads().list().stream();
        if is_strict {
            threads = threads.strict();
        }
        for (item, hint) in hints.iter().enumerate() {
            assert_eq!(threads.size_hint(), *hint, "after {item} items");
            assert_eq!(threads.is_terminated(), hint.1 == Some(0));
            let _ = threads.try_next().await;
        }
        assert!(threads.try_next().await.unwrap().is_none(), "it stays ended");
    }
    let mut pages = server.client().threads().list().pages();
    for hint in [(1, None), (1, None), (0, Some(0))] {
        assert_eq!(pages.size_hint(), hint);
        assert_eq!(pages.is_terminated(), hint.1 == Some(0));
        pages.try_next().await.unwrap();
    }
}

#[tokio::test]
async fn all_of_a_list_can_be_collected_if_all_of_it_can_be_read() {
    let server = Server::start(|asked, _| match after(asked) {
        None => page(r#"{"id":"1"},{"id":"2"}"#, Some("a")),
        Some("a") => page(r#"{"id":"3"}"#, None),
        _ => page(r#"{"id":"4"},{"id":[]}"#, None),
    })
    .await;
    let list = server.client().threads().list();
    let threads = list.clone().stream().try_collect().await.unwrap();
    assert_eq!(threads.len(), 3);
    let error = list.clone().after("b").stream().try_collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let first: Vec<_> = list.stream().take(2).collect().await;
    assert!(first.iter().all(Result::is_ok));
}

#[tokio::test]
async fn a_flaw_costs_an_item_only_in_a_strict_list() {
    let body = r#"{"results":[{"id":"1"},{"id":2,"archived":{},"spam":"true"},{"id":"3"}]}"#;
    let server = Server::always(200, body).await;
    let list = server.client().threads().list();
    let threads = list.clone().stream().try_collect().await.unwrap();
    assert_eq!(threads.len(), 3);
    assert_eq!((threads[1].archived, threads[1].spam), (None, Some(true)));

    let mut strict = list.stream().strict();
    assert_eq!(strict.try_next().await.unwrap().unwrap().id.as_str(), "1");
    let error = strict.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("`results[1].archived`"), "{error}");
    assert!(strict.try_next().await.unwrap().is_none(), "it has ended");
}
