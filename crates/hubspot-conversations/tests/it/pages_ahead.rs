//! Pages can be fetched ahead: so many and no more, and with nothing else different.

use std::time::Duration;

use crate::holding::{Holding, Observed, impatiently};
use hubspot_conversations::types::Thread;
use hubspot_conversations::{ErrorKind, Items};

/// Answers at once.
fn free(_: &str, _: &Observed) -> bool {
    true
}

/// Ten pages of three threads, the second of which cannot be read on every page.
fn threads(line: &str) -> (u16, String) {
    let page = line.split_once("after=").map_or(1, |(_, after)| after.parse().unwrap());
    let paging = match page {
        10 => String::new(),
        _ => format!(r#","paging":{{"next":{{"after":"{}"}}}}"#, page + 1),
    };
    let items = format!(r#"{{"id":"{page}1"}},{{"id":[]}},{{"id":"{page}3"}}"#);
    (200, format!(r#"{{"results":[{items}]{paging}}}"#))
}

/// What can be said of the next item, and the cursor behind it.
async fn next(items: &mut Items<Thread>) -> Option<(Result<String, ErrorKind>, String)> {
    let next = items.try_next().await.transpose()?;
    let id = next.map(|thread| thread.id.to_string()).map_err(|error| error.kind());
    Some((id, items.cursor().to_string()))
}

#[tokio::test]
async fn items_errors_and_cursors_are_those_of_a_list_that_does_not() {
    // The eighth page fails, at first.
    let script = |line: &str| match line {
        line if line.contains("after=8") => (400, "{}".to_owned()),
        line => threads(line),
    };
    let server = Holding::start(free, script).await;
    let list = server.client().threads().list();
    let mut expected = Vec::new();
    let mut items = list.clone().stream();
    while let Some(item) = next(&mut items).await {
        expected.push(item);
    }
    assert_eq!(expected.len(), 7 * 3 + 1);

    for pages in [0, 1, 3, 100, usize::MAX] {
        let mut items = list.clone().stream().buffered(pages);
        for expected in &expected {
            assert_eq!(next(&mut items).await.as_ref(), Some(expected), "{pages} pages ahead");
        }
        assert_eq!(next(&mut items).await, None);
    }
}

#[tokio::test]
async fn a_list_that_is_resumed_can_fetch_ahead_too() {
    let server = Holding::start(free, threads).await;
    let list = server.client().threads().list();
    let mut items = list.clone().stream().buffered(4);
    for left in (0..30).rev() {
        assert!(next(&mut items).await.is_some());
        let mut resumed = list.clone().resume(&items.cursor()).unwrap().buffered(2);
        for _ in 0..left {
            assert!(next(&mut resumed).await.is_some());
        }
        assert!(next(&mut resumed).await.is_none());
    }
}

#[tokio::test]
async fn as_many_pages_are_fetched_ahead_as_allowed_and_no_more() {
    for pages in [1, 2, 5] {
        let server = Holding::start(free, threads).await;
        let mut items = server.client().threads().list().stream().buffered(pages);
        server.settle().await;
        assert_eq!(server.asked().lines.len(), 0, "nobody has asked for an item");

        for page in 1..=3 {
            for _ in 0..3 {
                assert!(next(&mut items).await.is_some());
            }
            server.until(|asked| asked.lines.len() == page + pages && asked.under_way == 0).await;
            server.settle().await;
            assert_eq!(server.asked().lines.len(), page + pages);
            assert_eq!(server.asked().most, 1, "the cursor of a page is on the page before");
        }
    }
}

#[tokio::test]
async fn dropping_the_list_cancels_the_request_under_way() {
    let server = Holding::start(|line, _| !line.contains("after=3"), threads).await;
    let mut items = server.client().threads().list().stream().buffered(5);
    assert!(next(&mut items).await.is_some());
    server.until(|asked| asked.under_way == 1 && asked.count("after=3") == 1).await;
    drop(items);
    server.until(|asked| asked.under_way == 0).await;
    assert_eq!(server.asked().lines.len(), 3);
}

#[tokio::test]
async fn pages_that_were_not_waited_for_are_not_lost() {
    for pages in [0, 2] {
        let server = Holding::start(free, threads).await;
        let mut list = server.client().threads().list().pages().buffered(pages);
        let mut read = Vec::new();
        while let Some(page) = impatiently!(list.try_next()).unwrap() {
            read.push(page.results[0].decode().unwrap().id.to_string());
        }
        assert_eq!(read, ["11", "21", "31", "41", "51", "61", "71", "81", "91", "101"]);
        assert_eq!(server.asked().lines.len(), 10);
    }
}

#[test]
fn a_list_whose_runtime_ended_has_not_come_to_its_end() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().build().unwrap()
    };
    let (theirs, first, second) = (runtime(), runtime(), runtime());
    let held = |line: &str, _: &Observed| !line.contains("after=2");
    let server = theirs.block_on(Holding::start(held, threads));

    let mut items = server.client().threads().list().stream().buffered(2);
    assert!(first.block_on(next(&mut items)).is_some());
    theirs.block_on(server.until(|asked| asked.count("after=2") == 1));
    first.shutdown_timeout(Duration::from_secs(10));

    let rest = second.block_on(async {
        let mut rest = Vec::new();
        while let Some((item, _)) = next(&mut items).await {
            rest.push(item);
        }
        rest
    });
    let expected = [Err(ErrorKind::Decode), Ok("13".to_owned()), Err(ErrorKind::Interrupted)];
    assert_eq!(rest, expected);
}
