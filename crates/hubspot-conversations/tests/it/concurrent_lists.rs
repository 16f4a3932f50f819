//! Many lists are read at once, and no more than allowed; none is lost, and none holds up another.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::holding::{Holding, Observed, impatiently};
use futures_util::{StreamExt, stream};
use hubspot_conversations::types::{Message, ThreadId};
use hubspot_conversations::{ConcurrentLists, Cursor, Error, ErrorKind, ListError};

type Entry = Result<(u64, Message), ListError<u64>>;

/// Answers at once.
fn free(_: &str, _: &Observed) -> bool {
    true
}

/// The messages of a thread, two to a page: as many as the thread's number says.
fn history(line: &str) -> (u16, String) {
    let (path, query) = line.split_once('?').unwrap_or((line, ""));
    let thread: u64 = path.split('/').rev().nth(1).unwrap().parse().unwrap();
    let after = query.split('&').find_map(|part| part.strip_prefix("after="));
    let start: u64 = after.map_or(0, |after| after.parse().unwrap());
    page(start + 1..=thread.min(start + 2), (start + 2 < thread).then_some(start + 2))
}

fn page(ids: impl Iterator<Item = u64>, after: Option<u64>) -> (u16, String) {
    let items: Vec<_> = ids.map(|id| format!(r#"{{"type":"MESSAGE","id":"{id}"}}"#)).collect();
    let paging = after.map(|after| format!(r#","paging":{{"next":{{"after":"{after}"}}}}"#));
    (200, format!(r#"{{"results":[{}]{}}}"#, items.join(","), paging.unwrap_or_default()))
}

/// Thread and message.
fn ids(entry: &Entry) -> (u64, u64) {
    let (thread, message) = entry.as_ref().unwrap();
    (*thread, message.id().unwrap().as_str().parse().unwrap())
}

fn all(threads: impl IntoIterator<Item = u64>) -> Vec<(u64, u64)> {
    let of = |thread| (1..=thread).map(move |message| (thread, message));
    threads.into_iter().flat_map(of).collect()
}

#[tokio::test]
async fn as_many_are_under_way_as_allowed_and_no_more() {
    for concurrency in [1, 3, 8] {
        for is_ordered in [false, true] {
            // No answer before there are as many requests as there may be.
            let condition = move |_: &str, asked: &Observed| asked.most >= concurrency;
            let server = Holding::start(condition, history).await;
            let client = server.client();
            let lists = ConcurrentLists::from_iter(1..=12, |thread| {
                client.messages(*thread).list().stream()
            });
            let lists = lists.concurrency(concurrency);
            let mut entries: Vec<_> = if is_ordered {
                lists.ordered().collect().await
            } else {
                lists.unordered().collect().await
            };
            assert_eq!(server.asked().most, concurrency);
            if !is_ordered {
                entries.sort_by_key(ids);
            }
            assert_eq!(entries.iter().map(ids).collect::<Vec<_>>(), all(1..=12));
        }
    }
}

#[tokio::test]
async fn unordered_lists_take_turns_and_keep_their_own_order() {
    let server = Holding::start(free, history).await;
    let client = server.client();
    let threads = [40, 3, 5];
    let lists =
        ConcurrentLists::from_iter(threads, |thread| client.messages(*thread).list().stream());
    let entries: Vec<_> = lists.concurrency(2).unordered().map(|entry| ids(&entry)).collect().await;

    for thread in threads {
        let of: Vec<_> = entries.iter().filter(|entry| entry.0 == thread).copied().collect();
        assert_eq!(of, all([thread]));
    }
    let place = |entry| entries.iter().position(|other| *other == entry).unwrap();
    assert!(place((5, 5)) < place((40, 30)), "the long list holds nobody up: {entries:?}");
}

#[tokio::test]
async fn ordered_lists_come_one_after_the_other() {
    let server = Holding::start(free, history).await;
    let client = server.client();
    let threads = [7, 1, 0, 12, 0, 0, 3, 2];
    let lists =
        ConcurrentLists::from_iter(threads, |thread| client.messages(*thread).list().stream());
    let entries: Vec<_> = lists.concurrency(3).ordered().map(|entry| ids(&entry)).collect().await;
    assert_eq!(entries, all(threads));
}

#[tokio::test]
async fn lists_before_their_turn_fetch_their_first_page_and_no_more() {
    let server = Holding::start(free, history).await;
    let client = server.client();
    let lists =
        ConcurrentLists::from_iter([9, 8, 7, 6], |thread| client.messages(*thread).list().stream());
    let mut entries = lists.concurrency(3).ordered();
    entries.next().await.unwrap().unwrap();
    server.until(|asked| asked.lines.len() == 3).await;
    server.settle().await;
    let asked = server.asked();
    assert_eq!((asked.lines.len(), asked.count("after")), (3, 0), "{asked:?}");
}

#[tokio::test]
async fn lists_before_their_turn_do_not_wait_for_it_with_what_they_began() {
    // The second list is refused at first; the last page of the first waits for it to try again.
    let condition =
        |line: &str, asked: &Observed| !line.contains("after=4") || asked.count("/2/") == 2;
    let refused = AtomicBool::new(false);
    let script = move |line: &str| {
        let is_first = line.contains("/2/") && !refused.swap(true, Ordering::Relaxed);
        if is_first { (503, "{}".to_owned()) } else { history(line) }
    };
    let server = Holding::start(condition, script).await;
    let client = server.client();
    let lists =
        ConcurrentLists::from_iter([5, 2], |thread| client.messages(*thread).list().stream());
    let read = lists.concurrency(2).ordered().map(|entry| ids(&entry)).collect::<Vec<_>>();
    let read = tokio::time::timeout(Duration::from_secs(10), read).await;
    assert_eq!(read.expect("the second list never tried again"), all([5, 2]));
}

#[tokio::test]
async fn nothing_is_asked_before_anybody_takes_and_no_key_before_there_is_room() {
    let server = Holding::start(free, history).await;
    let client = server.client();
    let taken = Cell::new(0);
    let threads = (20..40).inspect(|_| taken.set(taken.get() + 1));
    let lists =
        ConcurrentLists::from_iter(threads, |thread| client.messages(*thread).list().stream());
    let mut entries = lists.concurrency(4).unordered();
    server.settle().await;
    assert_eq!((server.asked().lines.len(), taken.get()), (0, 0));

    entries.next().await.unwrap().unwrap();
    server.until(|asked| asked.lines.len() == 4 && asked.under_way == 0).await;
    server.settle().await;
    assert_eq!((server.asked().lines.len(), taken.get()), (4, 4), "{:?}", server.asked());
}

#[tokio::test]
async fn a_list_that_fails_costs_no_other() {
    let script = |line: &str| match line {
        line if line.contains("/3/") => (404, "{}".to_owned()),
        line if line.contains("/4/") => (
            200,
            r#"{"results":[{"type":"MESSAGE","id":[]},{"type":"MESSAGE","id":"2"}]}"#.to_owned(),
        ),
        line => history(line),
    };
    let server = Holding::start(free, script).await;
    let client = server.client();
    for is_ordered in [false, true] {
        let keys = stream::iter([Ok(2), Err(failed_key()), Ok(3), Ok(4), Ok(5)]);
        let lists =
            ConcurrentLists::from_stream(keys, |thread| client.messages(*thread).list().stream());
        let entries: Vec<Entry> = if is_ordered {
            lists.concurrency(2).ordered().collect().await
        } else {
            lists.concurrency(2).unordered().collect().await
        };
        let (read, failed): (Vec<_>, Vec<_>) = entries.into_iter().partition(Result::is_ok);
        let mut read: Vec<_> = read.iter().map(ids).collect();
        read.sort_unstable();
        assert_eq!(read, [all([2]), vec![(4, 2)], all([5])].concat());
        let mut failed: Vec<_> = failed
            .iter()
            .map(|entry| entry.as_ref().unwrap_err())
            .map(|failed| (failed.key, failed.error.kind()))
            .collect();
        failed.sort_by_key(|failed| failed.0);
        let expected = [
            (None, ErrorKind::InvalidRequest),
            (Some(3), ErrorKind::NotFound),
            (Some(4), ErrorKind::Decode),
        ];
        assert_eq!(failed, expected);
    }
}

fn failed_key() -> Error {
    let error = "no cursor".parse::<Cursor>().unwrap_err();
    ListError::<u64> { key: None, error }.into()
}

#[tokio::test]
async fn the_keys_can_be_another_list() {
    let script = |line: &str| match line {
        line if line.ends_with("/threads") => {
            (200, r#"{"results":[{"id":"3"},{"id":"1"},{"id":"2"}]}"#.to_owned())
        }
        line => history(line),
    };
    let server = Holding::start(free, script).await;
    let client = server.client();
    let threads = client.threads().list().stream().map(|thread| thread.map(|thread| thread.id));
    let mut pages = ConcurrentLists::from_stream(threads, |thread: &ThreadId| {
        client.messages(thread).list().limit(2).oldest_first().pages()
    })
    .ordered();
    let mut read = Vec::new();
    while let Some((thread, page)) = pages.try_next().await.unwrap() {
        read.push((thread.to_string(), page.results.len()));
    }
    let read: Vec<_> = read.iter().map(|(thread, items)| (thread.as_str(), *items)).collect();
    assert_eq!(read, [("3", 2), ("3", 1), ("1", 1), ("2", 2)]);
    assert_eq!(server.asked().count("limit=2"), 4);
}

#[tokio::test]
async fn dropping_the_entries_cancels_what_is_under_way() {
    for is_ordered in [false, true] {
        let server = Holding::start(|_, _| false, history).await;
        let client = server.client();
        let lists =
            ConcurrentLists::from_iter(1..9, |thread| client.messages(*thread).list().stream());
        let lists = lists.concurrency(5);
        let read = async {
            if is_ordered { lists.ordered().next().await } else { lists.unordered().next().await }
        };
        tokio::select! {
            _ = read => panic!("there was no answer"),
            () = server.until(|asked| asked.under_way == 5) => {}
        }
        server.until(|asked| asked.under_way == 0).await;
    }
}

#[tokio::test]
async fn an_entry_that_was_not_waited_for_is_not_lost() {
    for is_ordered in [false, true] {
        let server = Holding::start(free, history).await;
        let client = server.client();
        let lists =
            ConcurrentLists::from_iter(1..=9, |thread| client.messages(*thread).list().stream());
        let lists = lists.concurrency(3);
        let mut read = Vec::new();
        if is_ordered {
            let mut entries = lists.ordered();
            while let Some(entry) = impatiently!(entries.next()) {
                read.push(ids(&entry));
            }
        } else {
            let mut entries = lists.unordered();
            while let Some(entry) = impatiently!(entries.next()) {
                read.push(ids(&entry));
            }
        }
        read.sort_unstable();
        assert_eq!(read, all(1..=9));
        let pages: u64 = (1..=9).map(|messages: u64| messages.div_ceil(2)).sum();
        assert_eq!(server.asked().lines.len() as u64, pages, "and no page is read twice");
    }
}

#[tokio::test]
async fn a_task_can_read_them() {
    let server = Holding::start(free, history).await;
    let client = server.client();
    let threads = client.threads().list().stream().map(|thread| thread.map(|thread| thread.id));
    let own = client.clone();
    let none = ConcurrentLists::from_stream(threads.take(0), move |thread| {
        own.messages(thread).list().pages()
    });
    assert_eq!(tokio::spawn(none.ordered().count()).await.unwrap(), 0);
    let some =
        ConcurrentLists::from_iter(1..=3, move |thread| client.messages(*thread).list().stream());
    assert_eq!(tokio::spawn(some.unordered().count()).await.unwrap(), 6);
}
