//! What the API may add, or is known to get wrong, breaks nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hubspot_conversations_api::types::{
    ActorBatch, Attachment, CustomChannelUpdate, Message, MessageDirection, Thread, ThreadId,
    ThreadStatus,
};
use hubspot_conversations_api::{Change, Page, from_str};
use serde_json::json;

fn message(mut fields: serde_json::Value) -> serde_json::Value {
    fields["type"] = "MESSAGE".into();
    fields["id"] = "m1".into();
    fields
}

fn decode<T: serde::de::DeserializeOwned>(json: &serde_json::Value) -> T {
    from_str(&json.to_string()).unwrap()
}

#[test]
fn an_unknown_enum_value_is_kept_and_written_back() {
    let json = json!({ "id": "1", "status": "SNOOZED" });
    let thread: Thread = decode(&json);
    assert_eq!(thread.status, Some(ThreadStatus::Unrecognized("SNOOZED".to_owned())));
    assert_eq!(serde_json::to_value(&thread).unwrap(), json);
}

#[test]
fn an_unknown_member_of_a_union_is_kept_as_it_came() {
    let text = r#"{"id":"m1","zeta":1.50,"type":"VOICE_CALL","alpha":[]}"#;
    let message: Message = from_str(text).unwrap();
    let Message::Unrecognized(other) = &message else { panic!("{message:?}") };
    assert_eq!(other.tag(), Some("VOICE_CALL"));
    assert_eq!(other.json().get(), text);
    assert_eq!(serde_json::to_string(&message).unwrap(), text);
}

#[test]
fn a_member_without_a_tag_is_kept_as_it_came() {
    for json in [json!({ "id": "m1" }), json!({ "id": "m1", "type": 7 })] {
        let message: Message = decode(&json);
        assert!(matches!(&message, Message::Unrecognized(other) if other.tag().is_none()));
        assert_eq!(serde_json::to_value(&message).unwrap(), json);
    }
}

#[test]
fn an_unknown_attachment_does_not_cost_the_message() {
    let json = message(json!({ "attachments": [{ "type": "POLL", "question": "?" }] }));
    let Message::Message(message) = decode(&json) else { panic!() };
    assert!(matches!(&message.attachments[..], [Attachment::Unrecognized(_)]));
}

#[test]
fn a_message_without_text_is_a_message() {
    let Message::Message(message) = decode(&message(json!({ "direction": "NOT_APPLICABLE" })))
    else {
        panic!()
    };
    assert_eq!(message.text, None);
    assert_eq!(
        message.direction,
        Some(MessageDirection::Unrecognized("NOT_APPLICABLE".to_owned()))
    );
}

#[test]
fn null_is_an_empty_list_and_an_absent_field() {
    let json = message(json!({ "attachments": null, "senders": null, "text": null }));
    let Message::Message(message) = decode(&json) else { panic!() };
    assert!(message.attachments.is_empty() && message.senders.is_empty());
    assert_eq!(message.text, None);

    let page: Page<Thread> = decode(&json!({ "results": null, "paging": null, "total": null }));
    assert!(page.results.is_empty());
    assert_eq!(page.next_after(), None);
}

#[test]
fn an_id_can_be_a_number() {
    let thread: Thread = decode(&json!({ "id": 176347007, "inboxId": 18446744073709551615u64 }));
    assert_eq!(thread.id, ThreadId::from("176347007"));
    assert_eq!(thread.inbox_id.unwrap().as_str(), "18446744073709551615");
}

#[test]
fn a_number_can_be_a_string() {
    let json =
        message(json!({ "client": { "clientType": "INTEGRATION", "integrationAppId": "7" } }));
    let message: Message = decode(&json);
    assert_eq!(message.client().unwrap().integration_app_id, Some(7));
}

#[test]
fn one_bad_item_costs_neither_its_page_nor_its_batch() {
    let page: Page<Thread> = decode(&json!({
        "results": [{ "id": "1" }, { "id": "2", "createdAt": "yesterday" }, 3, { "id": "4" }],
    }));
    let ids: Vec<_> =
        page.results.iter().map(|item| item.decode().ok().map(|thread| thread.id)).collect();
    assert_eq!(ids, [Some("1".into()), None, None, Some("4".into())]);
    assert!(page.results[1].json().get().contains("yesterday"));

    let batch: ActorBatch = decode(
        &json!({ "results": [{ "type": "AGENT" }, { "type": "SYSTEM", "id": "S-hubspot" }] }),
    );
    assert_eq!(batch.results.iter().filter(|item| item.decode().is_ok()).count(), 1);
}

#[test]
fn a_decode_error_names_the_place_and_the_types_but_never_the_value() {
    let cases = [
        (json!({ "id": "1", "createdAt": "secret" }), "createdAt"),
        (json!({ "id": "1", "archived": "secret" }), "archived"),
        (json!({ "id": ["secret"] }), "id"),
        (json!({ "status": "OPEN" }), ""),
    ];
    for (json, path) in cases {
        let error = from_str::<Thread>(&json.to_string()).unwrap_err();
        assert_eq!(error.path(), path);
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
    let nested = message(
        json!({ "attachments": [{ "type": "FILE" }, { "type": "LOCATION", "latitude": "secret" }] }),
    );
    let error = from_str::<Message>(&nested.to_string()).unwrap_err();
    assert_eq!(error.to_string(), "at `attachments[1].latitude`: expected f64, found a string");
}

#[test]
fn debug_shows_ids_and_states_but_nothing_a_customer_wrote() {
    let json = message(json!({
        "text": "secret", "richText": "secret", "subject": "secret", "createdBy": "E-secret@example.com",
        "senders": [{ "name": "secret", "deliveryIdentifier": { "type": "HS_EMAIL_ADDRESS", "value": "secret" } }],
        "attachments": [{ "type": "LOCATION", "latitude": 48.2082, "address": "secret" }, { "type": "SECRET", "text": "secret" }],
    }));
    let message: Message = decode(&json);
    let shown = format!("{message:?}");
    assert!(shown.contains("MessageId(m1)") && shown.contains("HsEmailAddress"), "{shown}");
    assert!(!shown.contains("secret") && !shown.contains("48.2"), "{shown}");
}

#[test]
fn an_update_tells_leaving_out_from_clearing_from_setting() {
    let mut update = CustomChannelUpdate::new();
    assert_eq!(serde_json::to_string(&update).unwrap(), "{}");
    update.webhook_url = Change::Clear;
    update.channel_logo_url = Change::Set("https://example.com/logo.png".to_owned());
    let json = json!({ "webhookUrl": null, "channelLogoUrl": "https://example.com/logo.png" });
    assert_eq!(serde_json::to_value(&update).unwrap(), json);
    assert_eq!(decode::<CustomChannelUpdate>(&json), update);
}

#[test]
fn values_survive_serde_json_value() {
    let json = message(json!({ "text": "hello", "attachments": [{ "type": "POLL" }] }));
    let message: Message = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&message).unwrap(), json);
}
