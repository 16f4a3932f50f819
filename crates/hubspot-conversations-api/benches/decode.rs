//! Decodes a page of 100 mixed messages with this crate and, as a baseline, with a flat
//! hand-written struct.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use hubspot_conversations_api::{Page, types::Message};
use serde::Deserialize;
use serde_json::json;

fn main() {
    divan::main();
}

/// About 110 kB: chats with a long text, e-mails with attachments, comments and events.
fn page() -> String {
    let text = "Where is my parcel? It was to arrive on Monday. ".repeat(8);
    let messages: Vec<_> = (0..100)
        .map(|n| {
            let mut message = json!({
                "id": format!("{n:032x}"),
                "conversationsThreadId": "176347007",
                "createdAt": "2019-11-18T18:47:59.865Z",
                "createdBy": "V-1401",
                "client": { "clientType": "SYSTEM" },
                "senders": [{
                    "actorId": "V-1401", "name": "Ada",
                    "deliveryIdentifier": { "type": "HS_EMAIL_ADDRESS", "value": "ada@example.org" },
                }],
                "recipients": [{ "deliveryIdentifier": { "type": "HS_EMAIL_ADDRESS", "value": "a@example.com" } }],
                "archived": false,
            });
            let fields = match n % 5 {
                0..3 => json!({
                    "type": "MESSAGE", "text": text, "richText": format!("<p>{text}</p>"),
                    "truncationStatus": "NOT_TRUNCATED", "direction": "INCOMING",
                    "status": { "statusType": "RECEIVED" }, "channelId": "1002", "channelAccountId": "44",
                    "attachments": [{ "type": "FILE", "fileId": "55", "fileUsageType": "OTHER", "name": "label.pdf" }],
                }),
                3 => json!({ "type": "COMMENT", "text": text, "richText": text, "attachments": [] }),
                _ => json!({ "type": "THREAD_STATUS_CHANGE", "newStatus": "CLOSED" }),
            };
            message.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
            message
        })
        .collect();
    json!({ "results": messages, "paging": { "next": { "after": "MTAw" } } }).to_string()
}

#[divan::bench]
fn page_of_items_then_typed(bencher: Bencher<'_, '_>) {
    let page = page();
    bencher.counter(BytesCount::of_str(&page)).bench(|| {
        let page: Page<Message> = serde_json::from_str(black_box(&page)).expect("a page");
        let messages = page.results.iter().filter_map(|item| item.decode().ok());
        messages.map(black_box).count()
    });
}

#[divan::bench]
fn page_of_items_only(bencher: Bencher<'_, '_>) {
    let page = page();
    bencher
        .counter(BytesCount::of_str(&page))
        .bench(|| serde_json::from_str::<Page<Message>>(black_box(&page)).expect("a page"));
}

#[divan::bench]
fn floor_flat_struct(bencher: Bencher<'_, '_>) {
    let page = page();
    bencher
        .counter(BytesCount::of_str(&page))
        .bench(|| serde_json::from_str::<FlatPage>(black_box(&page)).expect("a page"));
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "the fields exist only to be decoded")]
struct FlatPage {
    results: Vec<Flat>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "the fields exist only to be decoded")]
struct Flat {
    id: String,
    r#type: String,
    conversations_thread_id: String,
    created_at: chrono::DateTime<chrono::Utc>,
    created_by: String,
    archived: bool,
    senders: Vec<Party>,
    recipients: Vec<Party>,
    text: Option<String>,
    rich_text: Option<String>,
    direction: Option<String>,
    truncation_status: Option<String>,
    channel_id: Option<String>,
    channel_account_id: Option<String>,
    new_status: Option<String>,
    #[serde(default)]
    attachments: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "the fields exist only to be decoded")]
struct Party {
    actor_id: Option<String>,
    name: Option<String>,
    delivery_identifier: Option<Address>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "the fields exist only to be decoded")]
struct Address {
    r#type: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "the fields exist only to be decoded")]
struct File {
    r#type: String,
    file_id: Option<String>,
    file_usage_type: Option<String>,
    name: Option<String>,
}
