//! Additions to the API, and its known defects, break nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hubspot_conversations_api::types::{
    Actor, ActorBatch, ActorId, ActorIds, Attachment, CustomChannelUpdate, Inbox, Message,
    MessageDirection, MessageId, NewChannelCapabilities, NewDeliveryIdentifier, NewMessage, Thread,
    ThreadId, ThreadStatus, ThreadUpdate,
};
use hubspot_conversations_api::{Change, Page, from_slice_with_left_out, from_str};
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
        "results": [{ "id": "1" }, { "id": {}, "createdAt": "yesterday" }, 3, { "id": "4" }],
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
        (json!({ "id": ["secret"] }), "id", "an array"),
        (json!({ "id": { "secret": 1 }, "createdAt": {} }), "id", "an object"),
        (json!({ "status": "OPEN" }), "id", "nothing"),
        (json!({ "id": null, "status": ["secret"] }), "id", "nothing"),
        (json!({ "id": 1.5 }), "id", "a number"),
        (json!({ "id": 1e300 }), "id", "a number"),
        (json!(["123", "CLOSED"]), "", "an array"),
        (json!("secret"), "", "a string"),
        (json!(null), "", "null"),
    ];
    for (json, path, found) in cases {
        let error = from_str::<Thread>(&json.to_string()).unwrap_err();
        assert_eq!(error.path(), path, "{json}");
        assert!(error.reason().ends_with(&format!(", found {found}")), "{error}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
    let page = r#"{"results":{"secret":1}}"#;
    let error = from_str::<Page<Thread>>(page).unwrap_err();
    assert_eq!(error.path(), "results");
    assert!(!error.to_string().contains("secret"), "{error}");
}

/// The decoded value, and the places left out of it as text.
fn decode_with_left_out<T: serde::de::DeserializeOwned>(json: &str) -> (T, Vec<String>) {
    let (value, left_out) = from_slice_with_left_out(json.as_bytes()).unwrap();
    let told = left_out
        .iter()
        .map(|place| format!("{}: {}, not {}", place.path(), place.found(), place.expected()));
    (value, told.collect())
}

#[test]
fn what_is_left_out_is_told_by_place_without_indices_keys_and_values() {
    let json = message(json!({
        "status": {}, "client": { "integrationAppId": "secret" }, "archived": "secret", "text": { "secret": 1 },
        "senders": [null, { "deliveryIdentifier": { "type": ["secret"] } }, "secret", { "deliveryIdentifier": { "type": [] } }],
        "attachments": [null, { "type": "FILE", "name": [] }, "secret", {
            "type": "WHATSAPP_TEMPLATE_METADATA",
            "parameters": { "secret": null, "a": 7, "b": [] }, "crmObjectIds": { "CONTACT": "9", "secret": {} },
        }],
    }));
    let (message, mut left_out) = decode_with_left_out::<Message>(&json.to_string());
    left_out.sort();
    assert_eq!(
        left_out,
        [
            "archived: a string, not a boolean",
            "attachments.crmObjectIds: an object, not a whole number",
            "attachments.name: an array, not a string",
            "attachments.parameters: an array, not a string",
            "attachments: a string, not an object",
            "attachments: null, not an object",
            "client.integrationAppId: a string, not a whole number",
            "senders.deliveryIdentifier.type: an array, not a string",
            "senders: a string, not an object",
            "senders: null, not an object",
            "text: an object, not a string",
        ]
    );
    let Message::Message(message) = message else { panic!() };
    assert_eq!(message.senders.len(), 2);
    assert!(matches!(
        &message.attachments[..],
        [Attachment::File(_), Attachment::Unrecognized(_), Attachment::WhatsappTemplateMetadata(w)]
            if w.parameters["a"] == "7" && w.crm_object_ids["CONTACT"] == 9
    ));
}

#[test]
fn a_value_is_read_for_what_it_means() {
    let time = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let expected = time("2019-11-18T18:47:59.865Z");
    for written in [
        json!("2019-11-18T18:47:59.865Z"),
        json!("2019-11-18T18:47:59.865"),
        json!("2019-11-18 18:47:59.865"),
        json!("2019-11-18T18:47:59.865+0000"),
        json!("2019-11-18T20:47:59.865+02:00"),
        json!("2019-11-18T20:47:59.865+0200"),
        json!(1_574_102_879_865_u64),
        json!("1574102879865"),
        json!(1_574_102_879_865.0),
    ] {
        let json = json!({ "id": 1, "createdAt": written, "archived": "TRUE", "spam": "false" });
        let (thread, left_out) = decode_with_left_out::<Thread>(&json.to_string());
        assert_eq!(thread.created_at, Some(expected), "{written}");
        assert_eq!((thread.archived, thread.spam), (Some(true), Some(false)));
        assert_eq!(left_out, [""; 0]);
    }
    for (written, expected) in [
        ("2019-11-18", "2019-11-18T00:00:00Z"),
        ("2019-11-18T18:47Z", "2019-11-18T18:47:00Z"),
        ("2019-11-18T18:47:59", "2019-11-18T18:47:59Z"),
    ] {
        let (thread, _) =
            decode_with_left_out::<Thread>(&json!({ "id": 1, "createdAt": written }).to_string());
        assert_eq!(thread.created_at, Some(time(expected)), "{written}");
    }
    for written in [json!(""), json!("yesterday"), json!({}), json!(true), json!(u64::MAX)] {
        let json = json!({ "id": 1, "createdAt": written });
        let (thread, left_out) = decode_with_left_out::<Thread>(&json.to_string());
        assert_eq!((thread.created_at, left_out.len()), (None, 1), "{written}");
    }
    let (inbox, left_out) = decode_with_left_out::<Inbox>(r#"{"id":-7,"name":12,"type":null}"#);
    assert_eq!((inbox.id.as_str(), inbox.name.as_deref()), ("-7", Some("12")));
    assert_eq!((inbox.type_, left_out.len()), (None, 0));
}

#[test]
fn a_field_that_is_there_twice_is_told() {
    let (thread, left_out) =
        decode_with_left_out::<Thread>(r#"{"id":"1","status":"OPEN","id":"2","status":"CLOSED"}"#);
    assert_eq!((thread.id.as_str(), thread.status), ("2", Some(ThreadStatus::Closed)));
    assert_eq!(left_out, ["id: several, not one value", "status: several, not one value"]);
}

#[test]
fn what_is_wrong_with_a_field_is_told_once_however_often_the_field_is_there() {
    for (field, told) in [
        (r#""text":1"#, "text: several, not one value"),
        (r#""text":[]"#, "text: an array, not a string"),
        (r#""status":{"statusType":[]}"#, "status.statusType: an array, not a string"),
    ] {
        let json = format!(r#"{{"type":"MESSAGE","id":"m1",{}}}"#, vec![field; 1_000].join(","));
        let (_, left_out) = decode_with_left_out::<Message>(&json);
        let times = left_out.iter().filter(|place| *place == told).count();
        assert_eq!((times, left_out.len() <= 2), (1, true), "{left_out:?}");
    }
}

#[test]
fn lists_in_lists_share_one_limit() {
    let replies = format!(r#"{{"type":"QUICK_REPLIES","quickReplies":[{}]}}"#, list("{}", 10_000));
    let json = format!(r#"{{"type":"MESSAGE","id":"m1","attachments":[{}]}}"#, list(&replies, 30));
    let (message, left_out) = decode_with_left_out::<Message>(&json);
    let Message::Message(message) = message else { panic!() };
    let replies = message.attachments.iter().map(|attachment| match attachment {
        Attachment::QuickReplies(attachment) => attachment.quick_replies.len(),
        other => panic!("{other:?}"),
    });
    let elements = message.attachments.len() + replies.sum::<usize>();
    assert_eq!(elements, 100_000);
    assert_eq!(
        left_out,
        [
            "attachments.quickReplies: more, not at most 100000 elements in all lists together",
            "attachments: more, not at most 100000 elements in all lists together",
        ]
    );
}

#[test]
fn maps_in_lists_share_the_limit_of_lists() {
    let context: Vec<_> = (0..1_000).map(|n| format!(r#""{n}":["",""]"#)).collect();
    let error = format!(r#"{{"context":{{{}}}}}"#, context.join(","));
    let json = format!(r#"{{"results":[],"errors":[{}]}}"#, list(&error, 100));
    let (batch, left_out) = decode_with_left_out::<ActorBatch>(&json);
    let texts = batch.errors.iter().flat_map(|error| error.context.values()).map(Vec::len);
    let elements = batch.errors.iter().map(|error| 1 + error.context.len()).sum::<usize>();
    assert_eq!(elements + texts.sum::<usize>(), 100_000);
    assert!(!left_out.is_empty());
}

#[test]
fn values_of_any_json_share_one_limit() {
    let error = format!(r#"{{"message":"m","subCategory":[{}]}}"#, list("0", 200_000));
    let json = format!(r#"{{"results":[],"errors":[{}]}}"#, list(&error, 32));
    let (batch, left_out) = decode_with_left_out::<ActorBatch>(&json);
    assert_eq!(batch.errors.len(), 32);
    assert!(batch.errors.iter().all(|error| error.message.as_deref() == Some("m")));
    let kept = batch.errors.iter().filter(|error| error.sub_category.is_some()).count();
    assert_eq!(kept, 2);
    assert_eq!(
        left_out,
        ["errors.subCategory: more, not at most 1 MiB of JSON in all such fields together"]
    );
}

#[test]
fn a_reading_that_begins_again_has_its_whole_limit() {
    let senders = list(r#"{"name":"a"}"#, 9_999);
    let recipients = format!("{},{}", list("{}", 9_998), r#"{"name":"\ud83d"}"#);
    let labels = list(r#"{"type":"QUICK_REPLIES","quickReplies":[{},{},{},{},{}]}"#, 9_999);
    let json = format!(
        r#"{{"type":"MESSAGE","id":"m1","attachments":[{labels}],"senders":[{senders}],"recipients":[{recipients}]}}"#
    );
    let (message, left_out) = decode_with_left_out::<Message>(&json);
    assert_eq!((message.senders().len(), left_out), (9_999, Vec::new()));
}

/// The same JSON `count` times.
fn list(element: &str, count: usize) -> String {
    vec![element; count].join(",")
}

#[test]
fn an_array_is_no_object() {
    for json in [r#"["123","CLOSED"]"#, "[]", r#"[["id","1"]]"#] {
        assert!(from_str::<Thread>(json).is_err(), "{json}");
        assert!(from_str::<Message>(json).is_err(), "{json}");
        assert!(from_str::<Page<Thread>>(json).is_err(), "{json}");
        assert!(from_str::<ThreadUpdate>(json).is_err(), "{json}");
        assert!(from_str::<NewMessage>(json).is_err(), "{json}");
    }
    let json = r#"{"id":"1","threadAssociations":["7"]}"#;
    let (thread, left_out) = decode_with_left_out::<Thread>(json);
    assert_eq!(thread.thread_associations, None);
    assert_eq!(left_out, ["threadAssociations: an array, not an object"]);
}

#[test]
fn what_is_sent_is_held_to_the_document() {
    for json in [
        json!({ "type": "HS_EMAIL_ADDRESS" }),
        json!({ "type": "HS_EMAIL_ADDRESS", "value": null }),
        json!({ "type": "HS_EMAIL_ADDRESS", "value": 7 }),
        json!(["HS_EMAIL_ADDRESS", "a@example.com"]),
    ] {
        assert!(from_str::<NewDeliveryIdentifier>(&json.to_string()).is_err(), "{json}");
    }
    for inputs in [json!(null), json!({}), json!("A-1"), json!([null])] {
        assert!(
            from_str::<ActorIds>(&json!({ "inputs": inputs }).to_string()).is_err(),
            "{inputs}"
        );
    }
    let count = |count: i64| format!(r#"{{"maxFileAttachmentCount":{count}}}"#);
    assert!(from_str::<NewChannelCapabilities>(&count(7)).is_ok());
    assert!(from_str::<NewChannelCapabilities>(&count(2_147_483_648)).is_err());
    assert!(from_str::<NewChannelCapabilities>(r#"{"maxFileAttachmentCount":"7"}"#).is_err());
}

#[test]
fn many_flawed_elements_are_one_place() {
    let flawed = vec![r#"{"name":[]}"#; 10_000].join(",");
    let json = format!(r#"{{"type":"MESSAGE","id":"m1","senders":[{flawed}]}}"#);
    let (message, left_out) = decode_with_left_out::<Message>(&json);
    assert_eq!(message.senders().len(), 10_000);
    assert_eq!(left_out, ["senders.name: an array, not a string"]);
}

#[test]
fn fifty_flawed_messages_of_a_page_are_all_there() {
    let flaws = [
        json!({ "status": {} }),
        json!({ "status": null }),
        json!({ "status": [] }),
        json!({ "client": {} }),
        json!({ "client": "SYSTEM" }),
        json!({ "senders": [null] }),
        json!({ "senders": {} }),
        json!({ "senders": [{ "deliveryIdentifier": {} }] }),
        json!({ "senders": [{ "deliveryIdentifier": { "type": "HS_EMAIL_ADDRESS" } }] }),
        json!({ "recipients": [["TO"]] }),
        json!({ "attachments": [null] }),
        json!({ "attachments": [7] }),
        json!({ "attachments": [{}] }),
        json!({ "attachments": "FILE" }),
        json!({ "attachments": [{ "type": "FILE", "fileId": 7 }] }),
        json!({ "attachments": [{ "type": "CONTACT", "contactProfile": { "emails": [null] } }] }),
        json!({ "createdAt": "" }),
        json!({ "createdAt": 7 }),
        json!({ "createdAt": "2019-11-18T18:47:59" }),
        json!({ "archived": "false" }),
        json!({ "archived": 0 }),
        json!({ "direction": {} }),
        json!({ "channelId": 1002 }),
        json!({ "channelId": {} }),
        json!({ "createdBy": null }),
    ];
    let results: Vec<_> = (0..50)
        .map(|n| {
            let mut one = message(json!({ "text": format!("text {n}") }));
            let fields = one.as_object_mut().unwrap();
            fields.extend(flaws[n % flaws.len()].as_object().unwrap().clone());
            one
        })
        .collect();
    let page = json!({ "results": results, "total": "50", "paging": { "next": { "after": 7 }, "prev": 7 } });
    let page: Page<Message> = decode(&page);
    assert_eq!((page.total, page.next_after()), (Some(50), Some("7")));
    for (n, item) in page.results.iter().enumerate() {
        let (read, _) = item.decode_with_left_out().unwrap();
        let Message::Message(read) = read else { panic!("{n}") };
        assert_eq!(read.text, Some(format!("text {n}")));
        assert_eq!(item.json().get(), results[n].to_string());
    }
}

#[test]
fn an_unknown_member_tells_what_its_json_has() {
    let json = json!({
        "type": "VOICE_CALL", "id": 7, "createdAt": 1_574_102_879_865_u64, "createdBy": "A-1", "text": "hello",
    });
    let message: Message = decode(&json);
    assert_eq!(message.id(), Some(&MessageId::from("7")));
    assert_eq!(message.created_by(), Some(&ActorId::from("A-1")));
    assert_eq!(message.created_at().unwrap().timestamp_millis(), 1_574_102_879_865);
    let Message::Unrecognized(other) = message else { panic!() };
    assert_eq!(
        (other.id(), other.created_by(), other.text()),
        (Some("7"), Some("A-1"), Some("hello"))
    );

    let (message, left_out) =
        decode_with_left_out::<Message>(r#"{"type":"VOICE_CALL","id":{},"text":[]}"#);
    assert_eq!(
        (message.id(), left_out.len()),
        (None, 0),
        "all of it is kept, so nothing is left out"
    );
}

#[test]
fn an_unknown_member_tells_what_its_json_has_also_beside_half_of_a_character() {
    let text = r#"{"type":"VOICE_CALL","id":"m7","createdBy":"A-1","createdAt":"2026-03-02","text":"cut \ud83d","later":1e999}"#;
    let (message, left_out) = decode_with_left_out::<Message>(text);
    assert_eq!(message.id(), Some(&MessageId::from("m7")));
    assert_eq!(message.created_by(), Some(&ActorId::from("A-1")));
    assert!(message.created_at().is_some());
    let Message::Unrecognized(other) = message else { panic!() };
    assert_eq!((other.text(), other.json().get()), (Some("cut \u{fffd}"), text));
    assert_eq!(left_out, [""; 0]);
}

#[test]
fn an_unknown_member_has_its_id_in_every_union_it_is_put_in() {
    let message: Message = decode(&json!({ "type": "TOMORROW", "id": "7" }));
    assert_eq!(message.id(), Some(&MessageId::from("7")));
    let Message::Unrecognized(other) = message.clone() else { panic!() };
    assert_eq!(Actor::from(other).id(), Some(&ActorId::from("7")));
    assert_eq!(message.id(), Some(&MessageId::from("7")));
}

#[test]
fn a_number_that_is_hardly_milliseconds_is_no_time() {
    for written in [
        json!(0),
        json!(20_260_302),
        json!("20260302"),
        json!(1_574_102_879),
        json!("1574102879"),
        json!(9_999_999_999.0),
        json!("20260302120000"),
        json!(1_574_102_879_865_000_u64),
    ] {
        let json = json!({ "id": 1, "createdAt": written });
        let (thread, left_out) = decode_with_left_out::<Thread>(&json.to_string());
        assert_eq!((thread.created_at, left_out.len()), (None, 1), "{written}");
    }
    for written in [json!(10_000_000_000_u64), json!("9999999999999"), json!(-10_000_000_000_i64)] {
        let json = json!({ "id": 1, "createdAt": written });
        let (thread, _) = decode_with_left_out::<Thread>(&json.to_string());
        assert!(thread.created_at.is_some(), "{written}");
    }
}

#[test]
fn bytes_that_are_not_utf_8_cost_their_characters_and_are_told() {
    let json = b"\xef\xbb\xbf{\"id\":\"1\",\"name\":\"caf\xe9 \xff\xff\xfe\"}";
    let (inbox, left_out) = from_slice_with_left_out::<Inbox>(json).unwrap();
    assert_eq!((inbox.id.as_str(), inbox.name.as_deref()), ("1", Some("caf\u{fffd} \u{fffd}")));
    assert_eq!(left_out[0].to_string(), "expected text in UTF-8, found other bytes");
    assert_eq!(left_out.len(), 1);

    let (_, left_out) =
        from_slice_with_left_out::<Inbox>("\u{feff}{\"id\":\"1\"}".as_bytes()).unwrap();
    assert!(left_out.is_empty());
    assert!(hubspot_conversations_api::from_slice::<Inbox>(b"{\"id\":\"1\"\xff}").is_err());
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
    update.logo_url = Change::Set("https://example.com/logo.png".to_owned());
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

#[test]
fn a_union_is_read_alike_from_a_text_a_reader_and_a_value() {
    for json in [
        r#" {"type":"MESSAGE","id":"m1","text":"hello"} "#,
        r#"{"id":"m1","type":"COM\u004dENT"}"#,
        r#"{"type":"VOICE_CALL","id":"m1"}"#,
        r#"{"id":"m1"}"#,
    ] {
        let message: Message = from_str(json).unwrap();
        assert_eq!(serde_json::from_str::<Message>(json).unwrap(), message);
        assert_eq!(serde_json::from_reader::<_, Message>(json.as_bytes()).unwrap(), message);
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        let from_value: Message = serde_json::from_value(value).unwrap();
        assert_eq!(from_value.id(), message.id());
    }
    for json in [
        r#"{"type":"MESSAGE","id":"m1"} {}"#,
        r#"{"type":"MESSAGE","id":"m1""#,
        r#"{"type":"VOICE_CALL","id":"m1"}]"#,
        r#"{"type":"VOICE_CALL",}"#,
        "",
        "{",
        "null",
        r#""MESSAGE""#,
    ] {
        assert!(from_str::<Message>(json).is_err(), "{json}");
        assert!(serde_json::from_str::<Message>(json).is_err(), "{json}");
    }
}

#[test]
fn half_of_a_character_and_an_endless_number_cost_no_more_than_their_place() {
    let json = r#"{"type":"MESSAGE","id":"m1","text":"cut \ud83d","richText":"\uDE00 \\ud83d \ud83d\ude00 \"",
        "senders":[{"name":"\ud83d"}],"client":{"integrationAppId":1e999},"attachments":[{"type":"FILE","name":"\ud83d.pdf"}]}"#;
    let (message, left_out) = decode_with_left_out::<Message>(json);
    let Message::Message(message) = message else { panic!() };
    assert_eq!(message.text.as_deref(), Some("cut \u{fffd}"));
    assert_eq!(message.rich_text.as_deref(), Some("\u{fffd} \\ud83d \u{1f600} \""));
    assert_eq!(message.senders[0].name.as_deref(), Some("\u{fffd}"));
    assert!(matches!(&message.attachments[..], [Attachment::File(_)]));
    assert_eq!(left_out, ["client.integrationAppId: a string, not a whole number"]);

    let (inbox, left_out) = decode_with_left_out::<Inbox>(r#"{"id":1e999,"name":"\udc00"}"#);
    assert_eq!((inbox.id.as_str(), inbox.name.as_deref()), ("1e999", Some("\u{fffd}")));
    assert_eq!(left_out, [""; 0]);
    for broken in
        [r#"{"id":"1","name":"\ud83d}"#, r#"{"id":"1","name":"\u"}"#, r#"{"id":1e999"#, "\"\\", "-"]
    {
        assert!(from_str::<Inbox>(broken).is_err(), "{broken}");
    }
}
