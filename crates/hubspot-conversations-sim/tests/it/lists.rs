//! Lists: pages and cursors, limits, sorting, filters, requested fields.

use crate::caller::{Caller, Reply, decoded, http_client, id};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::Simulator;
use serde_json::Value;

fn ids(items: &[Value]) -> Vec<u64> {
    items.iter().map(|item| id(item).parse().unwrap()).collect()
}

async fn list_threads(caller: &Caller, query: crate::caller::Pairs<'_>) -> Reply {
    caller.get(ListThreads, &[], query).await
}

#[tokio::test]
async fn pages_together_have_every_thread_once_and_only_the_last_has_no_paging() {
    let caller = Caller::new().await;
    let pages = caller.pages(ListThreads, &[], &[("limit", "4")]).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 4, 4, 4, 4, 1]);

    let all = ids(&pages.concat());
    assert!(all.is_sorted_by(|a, b| a < b), "sorted as numbers: {all:?}");
    assert!(all[0].to_string().len() < all[24].to_string().len(), "ids of different lengths");

    let exact = list_threads(&caller, &[("limit", "25")]).await.ok();
    assert!(exact.get("paging").is_none(), "a full last page has no paging either");
    assert!(exact.get("total").is_none(), "threads have no total");
}

#[tokio::test]
async fn a_cursor_is_handed_out_percent_encoded_and_read_in_both_spellings() {
    let caller = Caller::new().await;
    let first = list_threads(&caller, &[("limit", "4")]).await.ok();
    let next = &first["paging"]["next"];
    let after = next["after"].as_str().unwrap();
    assert!(after.ends_with("%3D%3D"), "{after}");

    let decoded = list_threads(&caller, &[("limit", "4"), ("after", &decoded(after))]).await.ok();
    assert!(
        ids(decoded["results"].as_array().unwrap())[0]
            > ids(first["results"].as_array().unwrap())[3]
    );
    let encoded = list_threads(&caller, &[("limit", "4"), ("after", after)]).await.ok();
    assert_eq!(encoded, decoded, "as HubSpot's own clients send it");

    let link = http_client().get(next["link"].as_str().unwrap());
    assert_eq!(caller.send(link).await.ok(), decoded, "the link leads to the same page");
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let caller = Caller::new().await;
    let refused = "after: not a cursor of this list";
    for after in ["junk", "ä==", "6964==", "6964%3D%3D", "%", "%FF", "", "undefined"] {
        let reply = list_threads(&caller, &[("after", after)]).await;
        assert_eq!(reply.problem(), refused, "{after}");
    }
    let channels = caller.get(ListChannels, &[], &[("limit", "1")]).await.ok();
    let after = decoded(channels["paging"]["next"]["after"].as_str().unwrap());
    assert_eq!(list_threads(&caller, &[("after", &after)]).await.problem(), refused);
    for query in [&[("after", after.as_str())][..], &[("after", &after), ("sort", "-name")]] {
        let operation = if query.len() == 1 { ListInboxes } else { ListChannels };
        assert_eq!(caller.get(operation, &[], query).await.problem(), refused);
    }

    let threads = caller.threads().await;
    let [one, other] = [0, 1].map(|index| [("threadId", id(&threads[index]))]);
    let history = caller.get(ListMessages, &one, &[("limit", "1")]).await.ok();
    let after = decoded(history["paging"]["next"]["after"].as_str().unwrap());
    let query = [("limit", "1"), ("after", after.as_str())];
    assert_eq!(caller.get(ListMessages, &other, &query).await.problem(), refused);
    caller.get(ListMessages, &one, &query).await.ok();
}

#[tokio::test]
async fn short_pages_go_on_until_there_is_no_cursor() {
    let caller = Caller::of(Simulator::builder().short_pages(true)).await;
    let pages = caller.pages(ListThreads, &[], &[("limit", "2")]).await;
    assert!(pages.iter().all(|page| page.len() == 1));
    assert_eq!(pages.len(), 25);
}

#[tokio::test]
async fn a_page_continues_after_the_item_it_ended_with_even_if_that_is_gone() {
    let caller = Caller::new().await;
    let all = ids(&caller.threads().await);
    let first = list_threads(&caller, &[("limit", "2")]).await.ok();
    let after = decoded(first["paging"]["next"]["after"].as_str().unwrap());
    let last = all[1].to_string();
    caller.get(ArchiveThread, &[("threadId", &last)], &[]).await.ok();
    let second = list_threads(&caller, &[("limit", "2"), ("after", &after)]).await.ok();
    assert_eq!(ids(second["results"].as_array().unwrap()), all[2..4]);
}

#[tokio::test]
async fn limits_are_checked() {
    let caller = Caller::new().await;
    for limit in ["abc", "0", "-1", "1.5", ""] {
        let reply = list_threads(&caller, &[("limit", limit)]).await;
        assert_eq!(reply.problem(), "limit: expected a positive whole number");
    }
    list_threads(&caller, &[("limit", "500")]).await.ok();
    let reply = list_threads(&caller, &[("limit", "501")]).await;
    assert_eq!(reply.problem(), "limit: expected at most 500");
    let page = caller.get(ListChannels, &[], &[("defaultPageLength", "2")]).await.ok();
    assert_eq!(page["results"].as_array().unwrap().len(), 2);
    assert_eq!(page["total"], 7);
    let page = caller.get(ListChannels, &[], &[("defaultPageLength", "2"), ("limit", "3")]).await;
    assert_eq!(page.ok()["results"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn known_parameters_are_typed_and_unknown_ones_ignored() {
    let caller = Caller::new().await;
    for (name, value) in [
        ("archived", "yes"),
        ("inboxId", "support"),
        ("associatedTicketId", "T1"),
        ("threadStatus", "PENDING"),
        ("association", "DEAL"),
        ("latestMessageTimestampAfter", "yesterday"),
    ] {
        let problem = list_threads(&caller, &[(name, value)]).await.problem();
        assert!(problem.starts_with(name), "{problem}");
    }
    list_threads(&caller, &[("colour", "blue")]).await.ok();
    // Python's spelling of a boolean.
    let archived = list_threads(&caller, &[("archived", "true")]).await.ok();
    assert_eq!(list_threads(&caller, &[("archived", "True")]).await.ok(), archived);
    list_threads(&caller, &[("archived", "False")]).await.ok();
}

#[tokio::test]
async fn small_lists_tell_their_total_and_sort_by_any_fields() {
    let caller = Caller::new().await;
    let accounts = caller.all(ListChannelAccounts, &[], &[("limit", "3")]).await;
    assert!(ids(&accounts).is_sorted(), "by id, as a number, by default");

    let query = [("sort", "channelId"), ("sort", "-id"), ("limit", "2")];
    let sorted = caller.all(ListChannelAccounts, &[], &query).await;
    assert_eq!(sorted.len(), accounts.len());
    let keys: Vec<(u64, i64)> = sorted
        .iter()
        .map(|account| (account["channelId"].as_str().unwrap().parse().unwrap(), account))
        .map(|(channel, account)| (channel, -id(account).parse::<i64>().unwrap()))
        .collect();
    assert!(keys.is_sorted(), "{keys:?}");

    let reply = caller.get(ListInboxes, &[], &[("sort", "colour")]).await;
    assert_eq!(reply.problem(), "sort: cannot sort by colour");
}

#[tokio::test]
async fn channel_accounts_are_filtered() {
    let caller = Caller::new().await;
    let of = async |query| caller.all(ListChannelAccounts, &[], query).await;
    let mail = of(&[("channelId", "1002")]).await;
    assert!(!mail.is_empty() && mail.iter().all(|account| account["channelId"] == "1002"));
    let two = of(&[("channelId", "1002"), ("channelId", "1000")]).await;
    assert!(two.len() > mail.len());
    let inbox = mail[0]["inboxId"].as_str().unwrap();
    let of_inbox = of(&[("channelId", "1002"), ("inboxId", inbox)]).await;
    assert!(!of_inbox.is_empty() && of_inbox.len() < mail.len());
}

#[tokio::test]
async fn archived_places_are_only_reached_when_asked_for() {
    let caller = Caller::new().await;
    let archived = [("archived", "true")];
    let usual = caller.all(ListInboxes, &[], &[]).await;
    assert!(usual.iter().all(|inbox| inbox["archived"] == false));
    let old = caller.all(ListInboxes, &[], &archived).await;
    assert!(!old.is_empty() && old.iter().all(|inbox| inbox["archivedAt"].is_string()));
    let path = [("inboxId", id(&old[0]))];
    assert_eq!(caller.get(GetInbox, &path, &[]).await.status, 404);
    assert_eq!(caller.get(GetInbox, &path, &archived).await.ok(), old[0]);

    let old = caller.all(ListChannelAccounts, &[], &archived).await;
    let path = [("channelAccountId", id(&old[0]))];
    assert_eq!(caller.get(GetChannelAccount, &path, &[]).await.status, 404);
    assert_eq!(caller.get(GetChannelAccount, &path, &archived).await.ok(), old[0]);
}

#[tokio::test]
async fn threads_are_filtered_by_inbox_status_contact_and_ticket() {
    let caller = Caller::new().await;
    let all = caller.threads().await;
    let thread = &all[0];
    let text = |field: &str| thread[field].as_str().unwrap();
    let count = |field: &str| all.iter().filter(|other| other[field] == thread[field]).count();

    let found = caller.all(ListThreads, &[], &[("inboxId", text("inboxId"))]).await;
    assert!((1..all.len()).contains(&found.len()));
    assert_eq!(found.len(), count("inboxId"));
    let found = caller.all(ListThreads, &[], &[("threadStatus", text("status"))]).await;
    assert_eq!(found.len(), count("status"));
    let open = [("associatedContactId", text("associatedContactId")), ("threadStatus", "OPEN")];
    let closed = [open[0], ("threadStatus", "CLOSED")];
    let found = caller.all(ListThreads, &[], &open).await.len()
        + caller.all(ListThreads, &[], &closed).await.len();
    assert_eq!(found, count("associatedContactId"));

    let associated = caller.all(ListThreads, &[], &[("association", "TICKET")]).await;
    let ticket = |thread: &Value| thread["threadAssociations"]["associatedTicketId"].clone();
    let first = associated.iter().map(ticket).find(Value::is_string).unwrap();
    let of_ticket = [("associatedTicketId", first.as_str().unwrap())];
    let found = caller.all(ListThreads, &[], &of_ticket).await;
    assert_eq!(found.len(), associated.iter().filter(|thread| ticket(thread) == first).count());
}

#[tokio::test]
async fn a_ticket_shows_only_where_there_is_one_and_only_when_asked_for() {
    let caller = Caller::new().await;
    let has = |thread: &Value| thread.get("threadAssociations").is_some();
    assert!(!caller.threads().await.iter().any(has));
    let requested = caller.all(ListThreads, &[], &[("association", "TICKET")]).await;
    assert!(requested.iter().any(has) && !requested.iter().all(has));
    let with = requested.iter().find(|thread| has(thread)).unwrap();
    let path = [("threadId", id(with))];
    assert_eq!(caller.get(GetThread, &path, &[("association", "TICKET")]).await.ok(), *with);
    assert!(!has(&caller.get(GetThread, &path, &[]).await.ok()));
}

#[tokio::test]
async fn filters_that_do_not_go_together_are_refused() {
    let caller = Caller::new().await;
    for (query, field) in [
        (&[("inboxId", "1"), ("inboxId", "2")][..], "inboxId"),
        (&[("associatedContactId", "1")], "threadStatus"),
        (&[("associatedContactId", "1"), ("threadStatus", "OPEN"), ("inboxId", "1")], "inboxId"),
        (&[("sort", "latestMessageTimestamp")], "latestMessageTimestampAfter"),
        (&[("sort", "-id")], "sort"),
        (&[("sort", "createdAt")], "sort"),
        (&[("sort", "id"), ("sort", "id")], "sort"),
    ] {
        let problem = list_threads(&caller, query).await.problem();
        assert!(problem.starts_with(&format!("{field}: ")), "{query:?}: {problem}");
    }
}

#[tokio::test]
async fn threads_sort_by_their_latest_message_across_pages() {
    let caller = Caller::new().await;
    let latest = |thread: &Value| thread["latestMessageTimestamp"].as_str().unwrap().to_owned();
    let all = caller.threads().await;
    let mut instants: Vec<String> = all.iter().map(latest).collect();
    instants.sort_by_key(|instant| chrono::DateTime::parse_from_rfc3339(instant).unwrap());

    let since = instants[9].clone();
    let query = [
        ("sort", "latestMessageTimestamp"),
        ("latestMessageTimestampAfter", &since),
        ("limit", "4"),
    ];
    let found: Vec<String> =
        caller.all(ListThreads, &[], &query).await.iter().map(latest).collect();
    assert_eq!(found, instants[10..], "later ones only, ascending");
}

#[tokio::test]
async fn threads_of_a_contact_can_be_sorted_downwards() {
    let caller = Caller::of(Simulator::builder().threads(60)).await;
    let all = caller.threads().await;
    let contact = |thread: &Value| thread["associatedContactId"].as_str().unwrap().to_owned();
    let open: Vec<&Value> = all.iter().filter(|thread| thread["status"] == "OPEN").collect();
    let busy = open
        .iter()
        .map(|thread| contact(thread))
        .find(|one| open.iter().filter(|thread| contact(thread) == *one).count() > 2)
        .unwrap();
    let filter = [("associatedContactId", busy.as_str()), ("threadStatus", "OPEN"), ("limit", "1")];
    let upwards = ids(&caller.all(ListThreads, &[], &filter).await);
    for sort in ["-id", "-latestMessageTimestamp"] {
        let sorted = [
            filter[0],
            filter[1],
            filter[2],
            ("sort", sort),
            ("latestMessageTimestampAfter", "2020-01-01T00:00:00Z"),
        ];
        let mut downwards = ids(&caller.all(ListThreads, &[], &sorted).await);
        assert_eq!(downwards.len(), upwards.len());
        if sort == "-id" {
            assert!(downwards.is_sorted_by(|a, b| a > b));
        }
        downwards.sort_unstable();
        assert_eq!(downwards, upwards);
    }
}

#[tokio::test]
async fn property_leaves_only_what_it_names() {
    let caller = Caller::new().await;
    let page = list_threads(&caller, &[("property", "spam,inboxId"), ("limit", "1")]).await.ok();
    let names = |item: &Value| {
        let mut names: Vec<String> = item.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(names(&page["results"][0]), ["id", "inboxId", "spam"]);

    let thread = [("threadId", id(&page["results"][0]))];
    let page = caller.get(ListMessages, &thread, &[("property", "createdAt")]).await.ok();
    assert_eq!(names(&page["results"][0]), ["createdAt", "id", "type"]);
}

#[tokio::test]
async fn a_history_is_listed_newest_first_unless_asked_otherwise() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = [("threadId", id(&threads[0]))];
    let newest = caller.all(ListMessages, &thread, &[("limit", "5")]).await;
    let oldest = caller.all(ListMessages, &thread, &[("limit", "5"), ("sort", "createdAt")]).await;
    assert_eq!(newest.len(), 12);
    assert!(newest.iter().eq(oldest.iter().rev()));
    assert_eq!(caller.all(ListMessages, &thread, &[("sort", "-createdAt")]).await, newest);
    let instants: Vec<_> = oldest
        .iter()
        .map(|entry| entry["createdAt"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>())
        .map(Result::unwrap)
        .collect();
    assert!(instants.is_sorted());

    let reply = caller.get(ListMessages, &thread, &[("sort", "id")]).await;
    assert_eq!(reply.problem(), "sort: expected createdAt or -createdAt");
}

#[tokio::test]
async fn a_message_that_arrives_between_two_pages_shifts_nothing() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = [("threadId", id(&threads[0]))];
    let all = caller.all(ListMessages, &thread, &[]).await;
    let first = caller.get(ListMessages, &thread, &[("limit", "5")]).await.ok();
    let comment = serde_json::json!({ "type": "COMMENT", "text": "Called." });
    caller.write(SendMessage, &thread, &[], comment).await.ok();
    let after = decoded(first["paging"]["next"]["after"].as_str().unwrap());
    let second = caller.get(ListMessages, &thread, &[("limit", "5"), ("after", &after)]).await.ok();
    assert_eq!(second["results"].as_array().unwrap()[..], all[5..10]);
}
