//! What a body is read as. The fixtures are invented after the shapes that are known of HubSpot's;
//! fields, values and kinds of tomorrow are among them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hubspot_conversations::types::{Message, ThreadStatus};
use hubspot_conversations::webhook::{Event, MessageType, PropertyChange, events};

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/webhook/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

fn one(json: &str) -> Event {
    let mut events = events(json.as_bytes()).unwrap();
    assert_eq!(events.len(), 1);
    events.remove(0)
}

#[test]
fn each_kind_of_event_is_read_as_its_snapshot_says() {
    for name in ["conversation_events", "channel_message", "channel_accounts"] {
        let body = fixture(name);
        insta::assert_debug_snapshot!(name, events(&body).unwrap());
    }
}

#[test]
fn what_debug_hides_is_there() {
    let conversation = events(&fixture("conversation_events")).unwrap();
    let Event::NewMessage(new) = &conversation[2] else { panic!("{:?}", conversation[2]) };
    assert_eq!(new.message_type, Some(MessageType::Unrecognized("CAROUSEL".to_owned())));
    assert_eq!(new.message_type.as_ref().unwrap().as_str(), "CAROUSEL");
    assert!(new.envelope.json().get().contains("ofTomorrow"));
    assert_eq!(conversation[0].envelope().change_source.as_deref(), Some("CONVERSATIONS"));
    assert_eq!(conversation[1].envelope().change_flag.as_deref(), Some("NEW_MESSAGE"));
    assert_eq!(conversation[3].envelope().source_id.as_deref(), Some("userId:2620022"));
    let Event::PropertyChanged(changed) = &conversation[7] else { panic!("{:?}", conversation[7]) };
    assert_eq!(changed.property_value.as_deref(), Some("a customer's words"));

    let channel = events(&fixture("channel_message")).unwrap();
    let Event::OutgoingChannelMessage(event) = &channel[0] else { panic!("{:?}", channel[0]) };
    assert_eq!(event.channel_integration_thread_ids, ["fax-1"]);
    let Message::Message(message) = event.message.as_ref() else { panic!("{:?}", event.message) };
    assert_eq!(message.text.as_deref(), Some("Your fax has arrived."));
    let accounts = events(&fixture("channel_accounts")).unwrap();
    let Event::ChannelAccountCreated(created) = &accounts[0] else { panic!("{:?}", accounts[0]) };
    assert_eq!(created.delivery_identifier.as_ref().unwrap().value.as_deref(), Some("+15550101"));
}

#[test]
fn debug_shows_no_customers_words() {
    for name in ["conversation_events", "channel_message", "channel_accounts"] {
        let shown = format!("{:?}", events(&fixture(name)).unwrap());
        for hidden in ["customer", "arrived", "+1555", "Grace", "fax-1", "userId"] {
            assert!(!shown.contains(hidden), "{hidden} shows of {name}");
        }
    }
}

#[test]
fn an_event_that_cannot_be_read_costs_no_other() {
    let body = br#"[
        {"subscriptionType":"conversation.creation","objectId":1},
        {"subscriptionType":"conversation.creation","objectId":{"secret":"words"}},
        {"subscriptionType":"conversation.newMessage","objectId":1,"portalId":9},
        {"type":"OUTGOING_CHANNEL_MESSAGE_CREATED","message":{"type":"MESSAGE","id":true}},
        null, 7, "words", [], {}, {"subscriptionType":3},
        {"subscriptionType":"conversation.deletion","objectId":2}
    ]"#;
    let events = events(body).unwrap();
    let shown: Vec<String> = events
        .iter()
        .map(|event| match event {
            Event::Unreadable(event) => event.error.to_string(),
            Event::Unrecognized(envelope) => format!("unrecognized {:?}", envelope.kind),
            event => format!("thread {:?}", event.thread_id()),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "thread Some(ThreadId(1))",
            "at `objectId`: expected an id, as a string or a whole number, found an object",
            "missing field `messageId`",
            "at `message.id`: expected an id, as a string or a whole number, found a boolean",
            "expected a map, found null",
            "expected a map, found a number",
            "expected a map, found a string",
            "expected a map, found an array",
            "unrecognized None",
            "unrecognized Some(\"3\")",
            "thread Some(ThreadId(2))",
        ]
    );
    assert_eq!(events[2].envelope().portal_id, Some(9), "what can be read is");
    assert_eq!(events[6].envelope().json().get(), "\"words\"", "and nothing is lost");
    assert!(!format!("{events:?}").contains("words"));
}

#[test]
fn a_body_is_an_array_or_one_event() {
    assert_eq!(events(b" [] ").unwrap(), []);
    let alone = one(" \n{\"subscriptionType\":\"conversation.creation\",\"objectId\":1} ");
    assert!(matches!(alone, Event::ThreadCreated(_)), "{alone:?}");
    assert_eq!(events(&fixture("channel_accounts")).unwrap().len(), 3);
    for (body, reason) in [
        ("", "the JSON ends too early"),
        ("  ", "the JSON ends too early"),
        ("null", "expected a sequence, found null"),
        ("\"words\"", "expected a sequence, found a string"),
        ("{} {}", "not JSON at line 1 column 4"),
        ("[{}", "the JSON ends too early"),
        ("[{},]", "not JSON at line 1 column 5"),
        ("words", "not JSON at line 1 column 1"),
    ] {
        assert_eq!(events(body.as_bytes()).unwrap_err().to_string(), reason, "{body}");
    }
    assert!(events(b"[\"\xff\"]").is_err());
}

#[test]
fn a_hundred_events_are_a_hundred_events() {
    let event = r#"{"subscriptionType":"conversation.creation","objectId":1}"#;
    let body = format!("[{}]", vec![event; 100].join(","));
    let events = events(body.as_bytes()).unwrap();
    assert_eq!(events.len(), 100);
    assert!(events.iter().all(|event| matches!(event, Event::ThreadCreated(_))));
}

#[test]
fn depth_costs_at_most_one_event() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let body = format!(
        r#"[{{"subscriptionType":"conversation.creation","objectId":1,"deep":{deep}}},{deep}]"#
    );
    let events = events(body.as_bytes()).unwrap();
    assert!(matches!(events[0], Event::ThreadCreated(_)), "{:?}", events[0]);
    assert!(matches!(events[1], Event::Unreadable(_)), "{:?}", events[1]);
}

#[test]
fn changes_of_properties_say_what_they_mean() {
    let change = |name: &str, value: &str| {
        let json = format!(
            r#"{{"subscriptionType":"conversation.propertyChange","objectId":1,"propertyName":"{name}"{value}}}"#
        );
        match one(&json) {
            Event::PropertyChanged(event) => event.change(),
            other => panic!("{other:?}"),
        }
    };
    let agent = || PropertyChange::AssignedTo(Some("A-2620022".into()));
    assert_eq!(change("assignedTo", r#","propertyValue":"2620022""#), agent());
    assert_eq!(change("assignedTo", r#","propertyValue":2620022"#), agent());
    assert_eq!(change("assignedTo", r#","propertyValue":"A-2620022""#), agent());
    let bot = PropertyChange::AssignedTo(Some("L-1".into()));
    assert_eq!(change("assignedTo", r#","propertyValue":"L-1""#), bot);
    for nobody in ["", r#","propertyValue":null"#, r#","propertyValue":"""#] {
        assert_eq!(change("assignedTo", nobody), PropertyChange::AssignedTo(None), "{nobody}");
    }
    let open = PropertyChange::Status(ThreadStatus::Open);
    assert_eq!(change("status", r#","propertyValue":"OPEN""#), open);
    let snoozed = PropertyChange::Status("SNOOZED".into());
    assert_eq!(change("status", r#","propertyValue":"SNOOZED""#), snoozed);
    for (value, archived) in [("\"true\"", true), ("\"false\"", false), ("false", false)] {
        let change = change("isArchived", &format!(r#","propertyValue":{value}"#));
        assert_eq!(change, PropertyChange::IsArchived(archived));
    }
    for (name, value) in [
        ("status", ""),
        ("isArchived", ""),
        ("isArchived", r#","propertyValue":"maybe""#),
        ("priority", r#","propertyValue":"HIGH""#),
        ("priority", r#","propertyValue":{"a":1}"#),
    ] {
        assert_eq!(change(name, value), PropertyChange::Unrecognized, "{name}{value}");
    }
}

#[test]
fn a_time_that_is_none_costs_the_time_only() {
    for time in ["9223372036854775807", "\"yesterday\"", "1.5", "null", "{}", "-9e99", "true"] {
        let event = one(&format!(
            r#"{{"subscriptionType":"conversation.creation","objectId":1,"occurredAt":{time}}}"#
        ));
        assert!(matches!(event, Event::ThreadCreated(_)), "{event:?}");
        assert_eq!(event.envelope().occurred_at, None, "{time}");
    }
}
