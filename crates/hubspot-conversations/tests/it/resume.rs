//! A list resumes at the exact item, in any process, and loses none.

use std::sync::{Arc, Mutex};

use crate::server::{RecordedRequest, Reply, Server};
use hubspot_conversations::requests::ListMessages;
use hubspot_conversations::types::{Message, Thread, ThreadStatus};
use hubspot_conversations::{ApiVersion, Client, Cursor, ErrorKind, Items};

/// The messages of a thread as a server keeps them: in order, and given out in pages that go on
/// behind the last id of the page before.
#[derive(Clone)]
struct Messages(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    /// In the order of the list.
    ids: Vec<u32>,
    descending: bool,
    /// The lengths of the pages, in turn. An empty page has a cursor of its own.
    lengths: Vec<usize>,
    /// How many pages there were so far.
    pages: usize,
}

impl Messages {
    fn new(ids: impl IntoIterator<Item = u32>, lengths: &[usize]) -> Self {
        let messages = Self(Arc::new(Mutex::new(Kept::default())));
        messages.are(ids, lengths);
        messages
    }

    /// Puts others in their place.
    fn are(&self, ids: impl IntoIterator<Item = u32>, lengths: &[usize]) {
        let ids: Vec<_> = ids.into_iter().collect();
        let descending = ids.first() > ids.last();
        *self.0.lock().unwrap() = Kept { ids, descending, lengths: lengths.to_vec(), pages: 0 };
    }

    async fn serve(&self) -> Server {
        let messages = self.clone();
        Server::start(move |asked, _| messages.page(asked)).await
    }

    fn page(&self, asked: &RecordedRequest) -> Reply {
        let mut kept = self.0.lock().unwrap();
        let length = kept.lengths[kept.pages % kept.lengths.len()];
        kept.pages += 1;
        let after = parameter(asked, "after");
        let id = after.and_then(|after| after.split('.').next()).and_then(|id| id.parse().ok());
        let behind = kept.behind(id);
        let page = &behind[..length.min(behind.len())];
        let next = (page.len() < behind.len()).then(|| match page.last().or(id.as_ref()) {
            Some(id) => format!("{id}.{}", kept.pages),
            None => format!("start.{}", kept.pages),
        });
        Reply::Json(200, body(page, next.as_deref()))
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) {
        let kept = &mut *self.0.lock().unwrap();
        change(kept);
        kept.ids.sort_unstable();
        kept.ids.dedup();
        if kept.descending {
            kept.ids.reverse();
        }
    }

    /// All that stand behind an id, which need not be there any more.
    fn behind(&self, id: Option<u32>) -> Vec<u32> {
        self.0.lock().unwrap().behind(id).to_vec()
    }
}

impl Kept {
    fn behind(&self, id: Option<u32>) -> &[u32] {
        let Some(id) = id else { return &self.ids };
        let is_before = |other: &u32| if self.descending { *other >= id } else { *other <= id };
        &self.ids[self.ids.partition_point(is_before)..]
    }
}

fn body(ids: &[u32], next: Option<&str>) -> String {
    let items: Vec<_> =
        ids.iter().map(|id| format!(r#"{{"type":"MESSAGE","id":"{id}"}}"#)).collect();
    let paging = next.map(|next| format!(r#","paging":{{"next":{{"after":"{next}"}}}}"#));
    format!(r#"{{"results":[{}]{}}}"#, items.join(","), paging.unwrap_or_default())
}

fn parameter<'a>(asked: &'a RecordedRequest, name: &str) -> Option<&'a str> {
    let is_it = |part: &'a str| part.strip_prefix(name)?.strip_prefix('=');
    asked.line.split(['?', '&']).find_map(is_it)
}

fn list(client: &Client) -> ListMessages {
    client.messages(7).list()
}

fn id(message: &Message) -> u32 {
    message.id().unwrap().as_str().parse().unwrap()
}

async fn next(items: &mut Items<Message>) -> Option<u32> {
    items.try_next().await.unwrap().as_ref().map(id)
}

async fn take(items: &mut Items<Message>, count: usize) -> Vec<u32> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(next(items).await.unwrap());
    }
    ids
}

async fn rest(items: Items<Message>) -> Vec<u32> {
    items.try_collect().await.unwrap().iter().map(id).collect()
}

/// The cursor as another process would find it.
fn stored(cursor: &Cursor) -> Cursor {
    let text = cursor.to_string();
    let json = serde_json::to_string(cursor).unwrap();
    assert_eq!(json, format!("\"{text}\""), "serde writes it as the same text");
    let parsed: Cursor = text.parse().unwrap();
    assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), parsed);
    assert_eq!(&parsed, cursor);
    parsed
}

fn resumed(client: &Client, cursor: &Cursor) -> Items<Message> {
    list(client).resume(&stored(cursor)).unwrap()
}

#[tokio::test]
async fn at_every_item_it_goes_on_with_the_next() {
    let messages = Messages::new([], &[1]);
    let server = messages.serve().await;
    let (client, another) = (server.client(), server.client());
    // Short and empty pages, an empty one first, and an empty one last.
    for lengths in [&[3, 0, 2, 1, 4][..], &[0, 1, 0, 5], &[10, 0], &[100]] {
        for taken in 0..=10 {
            messages.are(1..=10, lengths);
            let mut items = list(&client).stream();
            let before = take(&mut items, taken).await;
            let cursor = items.cursor();
            drop(items);

            messages.change(|kept| kept.pages = 0);
            let after = rest(resumed(&another, &cursor)).await;
            assert_eq!([before, after].concat(), Vec::from_iter(1..=10), "{lengths:?}, {taken}");
        }
    }
}

#[tokio::test]
async fn at_the_end_of_a_page_no_page_is_read_again() {
    let messages = Messages::new(1..=9, &[3]);
    let server = messages.serve().await;
    let client = server.client();
    for (taken, requests) in [(0, 3), (1, 3), (2, 3), (3, 2), (4, 2), (6, 1), (8, 1), (9, 0)] {
        let mut items = list(&client).stream();
        take(&mut items, taken).await;
        let cursor = items.cursor();
        assert_eq!(cursor.is_end(), taken == 9);

        let asked = server.asked().len();
        assert_eq!(rest(resumed(&client, &cursor)).await.len(), 9 - taken);
        assert_eq!(server.asked().len() - asked, requests, "{taken} taken");
    }
}

#[tokio::test]
async fn a_list_that_was_resumed_can_be_resumed_at_every_item() {
    let messages = Messages::new(1..=12, &[5]);
    let server = messages.serve().await;
    let client = server.client();
    let mut cursor = list(&client).stream().cursor();
    let mut ids = Vec::new();
    loop {
        let mut items = resumed(&client, &cursor);
        assert_eq!(items.cursor(), cursor, "nothing was read yet");
        let Some(id) = next(&mut items).await else { break };
        ids.push(id);
        cursor = items.cursor();
    }
    assert_eq!(ids, Vec::from_iter(1..=12));
    assert!(cursor.is_end());
}

#[tokio::test]
async fn a_list_whose_newest_come_first_may_grow_meanwhile() {
    let messages = Messages::new([], &[1]);
    let server = messages.serve().await;
    let client = server.client();
    for taken in 1..10 {
        for new in [1, 3, 40] {
            messages.are((1..=10).rev(), &[4]);
            let mut items = list(&client).stream();
            let last = *take(&mut items, taken).await.last().unwrap();
            messages.change(|kept| kept.ids.extend(11..11 + new));

            let after = rest(resumed(&client, &items.cursor())).await;
            assert_eq!(after, Vec::from_iter((1..last).rev()), "{taken} taken, {new} new");
        }
    }
}

#[tokio::test]
async fn one_that_grew_beyond_measure_begins_again_and_loses_nothing() {
    let messages = Messages::new((1..=10).rev(), &[100]);
    let server = messages.serve().await;
    let client = server.client();
    let mut items = list(&client).stream();
    take(&mut items, 4).await;
    messages.change(|kept| kept.ids.extend(11..2000));

    let mut again = resumed(&client, &items.cursor());
    assert_eq!(next(&mut again).await, Some(1999));
    assert_eq!(server.asked().len(), 1 + 6, "it is searched among four and 500 more");
    assert_eq!(rest(again).await, Vec::from_iter((1..1999).rev()));
    assert_eq!(server.asked().len(), 1 + 20, "what was read in the search is not read again");
}

#[tokio::test]
async fn pages_may_be_shorter_than_before() {
    let messages = Messages::new([], &[1]);
    let server = messages.serve().await;
    let client = server.client();
    for taken in 1..10 {
        messages.are(1..=10, &[7]);
        let mut items = list(&client).stream();
        take(&mut items, taken).await;
        messages.change(|kept| kept.lengths = vec![1, 0, 2]);

        let after = rest(resumed(&client, &items.cursor())).await;
        assert_eq!(after, Vec::from_iter(taken as u32 + 1..=10), "{taken} taken");
    }
}

#[tokio::test]
async fn if_the_last_item_is_gone_its_page_comes_again_and_nothing_is_lost() {
    let messages = Messages::new(1..=10, &[4]);
    let server = messages.serve().await;
    let client = server.client();
    let mut items = list(&client).stream();
    take(&mut items, 6).await;
    messages.change(|kept| kept.ids.retain(|id| *id != 6));

    let mut again = resumed(&client, &items.cursor());
    assert_eq!(next(&mut again).await, Some(5), "the page behind 4");
    let cursor = again.cursor();
    assert_eq!(rest(again).await, [7, 8, 9, 10]);
    assert_eq!(rest(resumed(&client, &cursor)).await, [7, 8, 9, 10]);
}

#[tokio::test]
async fn whatever_happened_meanwhile_nothing_behind_the_last_item_is_lost() {
    let messages = Messages::new([], &[1]);
    let server = messages.serve().await;
    let client = server.client();
    for seed in 0..100 {
        let mut random = fastrand::Rng::with_seed(seed);
        let count = random.u32(1..40);
        let ids: Vec<u32> = (1..=count).map(|id| id * 10).collect();
        let lengths: Vec<_> = (0..random.usize(1..5)).map(|_| random.usize(0..6)).collect();
        let lengths = [&lengths[..], &[1]].concat();
        let descending = random.bool();
        let ordered: Vec<_> = if descending { ids.iter().rev().copied().collect() } else { ids };
        messages.are(ordered, &lengths);
        messages.change(|kept| kept.descending = descending);

        let mut items = list(&client).stream();
        let given = take(&mut items, random.usize(0..=count as usize)).await;
        let cursor = items.cursor();
        messages.change(|kept| {
            for _ in 0..random.u32(0..6) {
                kept.ids.push(random.u32(1..(count + 3) * 10));
                kept.ids.swap_remove(random.usize(0..kept.ids.len()));
            }
            kept.pages += random.usize(0..9);
        });

        let last = given.last().copied();
        let behind = if cursor.is_end() { Vec::new() } else { messages.behind(last) };
        let after = rest(resumed(&client, &cursor)).await;
        let is_there = last.is_none_or(|id| messages.behind(None).contains(&id));
        if is_there {
            assert_eq!(after, behind, "seed {seed}");
        } else {
            assert!(after.ends_with(&behind), "seed {seed}: {after:?} after {given:?}");
            assert!(messages.behind(None).ends_with(&after), "seed {seed}: {after:?}");
        }
    }
}

#[tokio::test]
async fn where_items_move_those_that_are_overtaken_are_not_lost() {
    fn page(ids: &[u32]) -> Reply {
        Reply::Json(200, body(ids, None))
    }
    // How many were given before, what the list is by then, and what is given then.
    let same: &[u32] = &[1, 2, 3, 4, 5];
    let cases: [(usize, &[u32], &[u32]); 7] = [
        (1, same, &[2, 3, 4, 5]),
        (1, &[2, 3, 4, 5, 1], &[2, 3, 4, 5, 1]),
        (1, &[3, 4, 5, 1, 2], &[3, 4, 5, 1, 2]),
        (2, same, &[3, 4, 5]),
        (2, &[1, 3, 4, 5, 2], &[1, 3, 4, 5, 2]),
        (2, &[3, 4, 5, 1, 2], &[3, 4, 5, 1, 2]),
        (2, &[1, 2, 4, 5, 3], &[4, 5, 3]),
    ];
    for (taken, then, given) in cases {
        let script = move |_: &RecordedRequest, before| page(if before == 0 { same } else { then });
        let server = Server::start(script).await;
        let list = list(&server.client()).sort("latestMessageTimestamp");
        let mut items = list.clone().stream();
        take(&mut items, taken).await;
        let after = rest(list.resume(&stored(&items.cursor())).unwrap()).await;
        assert_eq!(after, given, "{taken} of {then:?}");
    }
}

#[tokio::test]
async fn items_that_cannot_be_read_and_have_no_id_have_a_place_too() {
    let page = r#"{"results":[null,{"id":"1"},null,{"id":[]},7,{"id":"2"}]}"#;
    let server = Server::always(200, page).await;
    let list = server.client().threads().list();
    for taken in 0..=6 {
        let mut items = list.clone().stream();
        for _ in 0..taken {
            let _ = items.try_next().await;
        }
        let mut again = list.clone().resume(&stored(&items.cursor())).unwrap();
        let mut left = 0;
        while again.try_next().await.transpose().is_some() {
            left += 1;
        }
        assert_eq!(left, 6 - taken);
    }
}

#[tokio::test]
async fn a_strict_list_stops_before_what_cannot_be_read_and_can_go_on_there() {
    let all = ["1", "2", "3", "4", "5", "6"];
    // Within the first page, and at the start of the second.
    for unreadable in [2, 3] {
        let server = Server::start(move |asked, before| {
            let ids = match parameter(asked, "after") {
                None => 0..3,
                Some(_) => 3..6,
            };
            let next = (ids.start == 0).then_some(r#","paging":{"next":{"after":"3"}}"#);
            let item = |index| match index == unreadable && before < 2 {
                true => r#"{"id":[]}"#.to_owned(),
                false => format!(r#"{{"id":"{}"}}"#, index + 1),
            };
            let items = Vec::from_iter(ids.map(item)).join(",");
            Reply::Json(200, format!(r#"{{"results":[{items}]{}}}"#, next.unwrap_or_default()))
        })
        .await;
        let list = server.client().threads().list();
        let mut items = list.clone().stream().strict();
        for id in &all[..unreadable] {
            assert_eq!(items.try_next().await.unwrap().unwrap().id.as_str(), *id);
        }
        assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Decode);
        assert!(items.try_next().await.unwrap().is_none(), "it has ended");
        // From the third answer on, it can be read.
        while server.asked().len() < 2 {
            list.clone().send().await.unwrap();
        }

        let left = list.resume(&stored(&items.cursor())).unwrap().strict();
        let left = left.try_collect().await.unwrap();
        let left: Vec<_> = left.iter().map(|thread: &Thread| thread.id.as_str()).collect();
        assert_eq!(left, all[unreadable..]);
    }
}

#[tokio::test]
async fn a_list_that_failed_can_go_on_with_the_page_that_failed() {
    let messages = Messages::new(1..=9, &[3]);
    let script = messages.clone();
    let server = Server::start(move |asked, before| match before {
        1 => Reply::Json(400, "{}".to_owned()),
        _ => script.page(asked),
    })
    .await;
    let client = server.client();
    let mut items = list(&client).stream();
    take(&mut items, 3).await;
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Rejected);
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(rest(resumed(&client, &items.cursor())).await, [4, 5, 6, 7, 8, 9]);
}

#[tokio::test]
async fn a_search_that_failed_goes_on_from_the_same_place() {
    let messages = Messages::new((1..=10).rev(), &[4]);
    let script = messages.clone();
    let server = Server::start(move |asked, before| match before {
        2 => Reply::Json(400, "{}".to_owned()),
        _ => script.page(asked),
    })
    .await;
    let client = server.client();
    let mut items = list(&client).stream();
    take(&mut items, 2).await;
    messages.change(|kept| kept.ids.extend(11..17));

    let mut failed = resumed(&client, &items.cursor());
    assert_eq!(failed.try_next().await.unwrap_err().kind(), ErrorKind::Rejected);
    assert!(failed.try_next().await.unwrap().is_none());
    assert_eq!(failed.cursor(), items.cursor());
    assert_eq!(rest(resumed(&client, &failed.cursor())).await, Vec::from_iter((1..=8).rev()));
}

#[tokio::test]
async fn pages_go_on_at_pages() {
    let messages = Messages::new(1..=10, &[4, 0, 3]);
    let server = messages.serve().await;
    let client = server.client();
    let lengths = async |cursor: &Cursor| {
        messages.change(|kept| kept.pages = 1);
        let pages = list(&client).resume_pages(&stored(cursor)).unwrap();
        let pages = pages.try_collect().await.unwrap();
        Vec::from_iter(pages.iter().map(|page| page.results.len()))
    };
    let mut pages = list(&client).pages();
    pages.try_next().await.unwrap();
    assert_eq!(lengths(&pages.cursor()).await, [0, 3, 3]);

    messages.change(|kept| kept.pages = 0);
    let mut items = list(&client).stream();
    take(&mut items, 2).await;
    messages.change(|kept| kept.lengths = vec![4]);
    assert_eq!(lengths(&items.cursor()).await, [4, 4, 2], "the whole page it stands in");
}

#[tokio::test]
async fn a_list_that_began_at_a_cursor_of_hubspots_goes_on_there() {
    let messages = Messages::new(1..=10, &[4]);
    let server = messages.serve().await;
    let client = server.client();
    let mut items = list(&client).after("3.0").stream();
    let fresh = items.cursor();
    assert_eq!(take(&mut items, 2).await, [4, 5]);
    assert_eq!(rest(resumed(&client, &items.cursor())).await, [6, 7, 8, 9, 10]);
    assert_eq!(rest(resumed(&client, &fresh)).await, Vec::from_iter(4..=10));
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused_before_anything_is_sent() {
    let messages = Messages::new(1..=10, &[4]);
    let server = messages.serve().await;
    let client = server.client();
    let mut items = list(&client).archived(true).sort("createdAt").stream();
    take(&mut items, 2).await;
    let cursor = stored(&items.cursor());
    let asked = server.asked().len();

    let same = list(&client).sort("createdAt").archived(true);
    let others = [
        client.messages(8).list().archived(true).sort("createdAt"),
        same.clone().archived(false),
        same.clone().property("text"),
        same.clone().sort("id"),
        list(&client).archived(true),
        list(&client),
    ];
    for other in others {
        let error = other.clone().resume(&cursor).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(
            error.to_string(),
            "list_messages: the cursor belongs to another list: \
             its ids or its parameters were others"
        );
        assert!(other.resume_pages(&cursor).is_err());
    }
    let error = client.threads().list().resume(&cursor).unwrap_err();
    assert_eq!(
        error.to_string(),
        "list_threads: the cursor belongs to another list: it is of list_messages"
    );
    let error = client.messages("..").list().resume(&cursor).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.asked().len(), asked);

    // The page length and where to begin are not what a list is known by, nor is the API's version.
    let later = server.builder().api_version(ApiVersion::V2026_09).build().unwrap();
    let later = list(&later).sort("createdAt").archived(true);
    for same in [same.clone(), same.clone().limit(2), later] {
        assert_eq!(rest(same.resume(&cursor).unwrap()).await, Vec::from_iter(3..=10));
    }
}

#[tokio::test]
async fn the_cursor_says_where_to_begin_and_not_the_request() {
    let messages = Messages::new(1..=10, &[4]);
    let server = messages.serve().await;
    let client = server.client();
    let mut items = list(&client).after("1.0").stream();
    for left in (0..=9).rev() {
        let resumed = list(&client).after("1.0").resume(&stored(&items.cursor())).unwrap();
        assert_eq!(rest(resumed).await.len(), left);
        items.try_next().await.unwrap();
    }

    let first = list(&client).stream().cursor();
    let error = list(&client).after("1.0").resume(&first).unwrap_err();
    assert_eq!(
        error.to_string(),
        "list_messages: the cursor is on the first page, and the request begins at another: \
         leave `after` out"
    );
}

#[tokio::test]
async fn a_cursor_written_by_version_1_is_read_for_ever() {
    let server = Server::start(|asked, _| {
        assert_eq!(parameter(asked, "after"), Some("MTA%3D"));
        Reply::Json(200, r#"{"results":[{"id":"11"},{"id":"12"},{"id":"13"}]}"#.to_owned())
    })
    .await;
    let list = server.client().threads().list().inbox(1).status(ThreadStatus::Open);
    let text = "list1.eyJvcGVyYXRpb24iOiJsaXN0X3RocmVhZHMiLCJsaXN0Ijo5ODk3MTk5MjU1MzUyMDE1MzgsInBsYWNl\
                Ijp7Iml0ZW0iOnsiYWZ0ZXIiOiJNVEE9IiwidGFrZW4iOjIsIm1hcmsiOjUwMDM2Mzc4Mjc5NTc5NDk1MTl9\
                fX0";
    let mut items = list.clone().after("MTA=").stream();
    items.try_next().await.unwrap();
    items.try_next().await.unwrap();
    assert_eq!(items.cursor().to_string(), text);

    let left = list.resume(&text.parse().unwrap()).unwrap().try_collect().await.unwrap();
    assert_eq!(left.len(), 1);
}

#[test]
fn what_is_no_cursor_is_refused_and_said_why() {
    let cases = [
        ("", "this is not the cursor of a list"),
        ("MTAwMQ==", "this is not the cursor of a list"),
        ("list.", "this is not the cursor of a list"),
        ("listen.", "this is not the cursor of a list"),
        ("list2.e30", "the cursor is of version 2, and this version of the crate reads 1"),
        ("list1.", "the cursor is damaged"),
        ("list1.e30", "the cursor is damaged"),
        ("list1.%", "the cursor is damaged"),
        ("list1.\u{e9}", "the cursor is damaged"),
        (
            // {"operation":"later","list":1,"place":"end"}
            "list1.eyJvcGVyYXRpb24iOiJsYXRlciIsImxpc3QiOjEsInBsYWNlIjoiZW5kIn0",
            "the cursor is of an operation that this version of the crate lacks",
        ),
    ];
    for (text, reason) in cases {
        let error = text.parse::<Cursor>().unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::InvalidRequest, reason.into()));
        assert!(serde_json::from_value::<Cursor>(text.into()).is_err());
    }
}

#[tokio::test]
async fn damage_to_a_cursor_is_an_error_or_another_place_and_never_a_panic() {
    let messages = Messages::new(1..=10, &[4]);
    let server = messages.serve().await;
    let client = server.client();
    let mut items = list(&client).stream();
    take(&mut items, 6).await;
    let text = items.cursor().to_string();

    for length in 0..text.len() {
        assert!(text[..length].parse::<Cursor>().is_err(), "{}", &text[..length]);
    }
    let mut random = fastrand::Rng::with_seed(4);
    for _ in 0..2000 {
        let mut bytes = text.clone().into_bytes();
        let index = random.usize(0..bytes.len());
        bytes[index] = random.u8(0..128);
        let Ok(cursor) = String::from_utf8(bytes).unwrap().parse::<Cursor>() else { continue };
        assert_eq!(stored(&cursor), cursor);
        let _ = list(&client).resume(&cursor);
    }
}

#[tokio::test]
async fn a_cursor_shows_no_id_when_it_is_printed_for_debugging() {
    let messages = Messages::new(1..=10, &[4]);
    let server = messages.serve().await;
    let client = server.client();
    let mut items = list(&client).after("731551.1").stream();
    let cursor = items.cursor();
    assert_eq!(format!("{cursor:?}"), "Cursor { operation: ListMessages, is_end: false, .. }");
    assert!(!format!("{items:?}").contains("731551"));
    assert!(items.try_next().await.unwrap().is_none());
}
