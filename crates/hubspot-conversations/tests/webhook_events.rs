//! What a body is read as. The fixtures are invented after the shapes that are known of HubSpot's;
//! fields, values and kinds of tomorrow are among them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use hubspot_conversations::types::{Message, ThreadStatus};
use hubspot_conversations::webhook::{Event, MessageType, PropertyChange, events};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

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
            "at `messageId`: expected an id, as a string or a whole number, found nothing",
            "thread None",
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
    let Event::OutgoingChannelMessage(sent) = &events[3] else { panic!("{:?}", events[3]) };
    assert!(matches!(*sent.message, Message::Unrecognized(_)), "{:?}", sent.message);
    assert_eq!(events[3].left_out()[0].path(), "message.id");
    assert_eq!(events[6].envelope().json().get(), "\"words\"", "and nothing is lost");
    assert!(!format!("{events:?}").contains("words"));
}

/// The event, and what was left out of it.
fn flawed(fields: &str) -> (Event, Vec<String>) {
    let event = one(&format!("{{{fields}}}"));
    let left_out = event.left_out().iter().map(ToString::to_string).collect();
    (event, left_out)
}

#[test]
fn a_flaw_costs_the_field_of_an_event_it_is_in() {
    let new = r#""subscriptionType":"conversation.newMessage","objectId":"1","messageId":"m1""#;
    for (value, found) in [("{}", "an object"), ("[]", "an array")] {
        let (event, left_out) = flawed(&format!(r#"{new},"messageType":{value}"#));
        let Event::NewMessage(event) = event else { panic!("{event:?}") };
        assert_eq!((event.message_id.as_str(), event.message_type), ("m1", None));
        assert_eq!(left_out, [format!("at `messageType`: expected a string, found {found}")]);
    }
    let (event, left_out) = flawed(&format!(r#"{new},"messageType":5"#));
    assert!(matches!(event, Event::NewMessage(_)) && left_out.is_empty(), "{event:?}");

    let changed = r#""subscriptionType":"conversation.propertyChange","objectId":1"#;
    for (name, places) in [("null", 0), ("{}", 1)] {
        let (event, left_out) = flawed(&format!(r#"{changed},"propertyName":{name}"#));
        let Event::PropertyChanged(event) = event else { panic!("{event:?}") };
        assert_eq!((event.change(), left_out.len()), (PropertyChange::Unrecognized, places));
        assert_eq!(event.property_name, None);
    }

    let account = r#""type":"CHANNEL_ACCOUNT_CREATED","channelAccountId":"7""#;
    let flaws = r#""channelId":{},"channelAccountDeliveryIdentifier":{"type":[],"value":"+1555"}"#;
    let (event, left_out) = flawed(&format!("{account},{flaws}"));
    let Event::ChannelAccountCreated(event) = event else { panic!("{event:?}") };
    assert_eq!((event.channel_account_id.to_string().as_str(), &event.channel_id), ("7", &None));
    assert_eq!(event.delivery_identifier.unwrap().value.as_deref(), Some("+1555"));
    assert_eq!(
        left_out,
        [
            "at `channelId`: expected an id, as a string or a whole number, found an object",
            "at `channelAccountDeliveryIdentifier.type`: expected a string, found an array",
        ]
    );
}

#[test]
fn what_is_left_out_of_a_message_is_listed_with_its_event() {
    let (event, left_out) = flawed(
        r#""type":"OUTGOING_CHANNEL_MESSAGE_CREATED","channelId":{},
           "channelIntegrationThreadIds":[null,"fax-1",7,{}],
           "message":{"type":"MESSAGE","id":"m1","text":{},"senders":[null]}"#,
    );
    let Event::OutgoingChannelMessage(event) = event else { panic!("{event:?}") };
    assert_eq!(event.message.id().unwrap().as_str(), "m1");
    assert_eq!(event.channel_integration_thread_ids, ["fax-1", "7"]);
    assert_eq!(event.channel_id, None);
    let paths: Vec<_> = left_out.iter().map(|place| place.split('`').nth(1).unwrap()).collect();
    let ids = "channelIntegrationThreadIds";
    assert_eq!(paths, ["channelId", ids, ids, "message.text", "message.senders"]);
    assert!(event.envelope.left_out().len() == 5 && one("{}").left_out().is_empty());
}

#[test]
fn what_is_left_out_is_logged_once_a_place_and_kind() {
    let log = Log::default();
    let told = Arc::clone(&log.0);
    tracing::subscriber::with_default(Registry::default().with(log), || {
        for _ in 0..3 {
            for changes in ["assignedTo", "status"] {
                // No other test of this program has this flaw.
                flawed(&format!(
                    r#""subscriptionType":"conversation.propertyChange","objectId":1,
                       "propertyName":["secret {changes}"],"propertyValue":"secret""#
                ));
            }
            flawed(
                r#""type":"OUTGOING_CHANNEL_MESSAGE_CREATED","message":{"type":"MESSAGE","id":"m1",
                   "subject":{"secret":1}}"#,
            );
        }
    });
    let told = told.lock().unwrap();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("conversation.propertyChange") && told[0].contains("propertyName"));
    assert!(told[1].contains("OUTGOING_CHANNEL_MESSAGE_CREATED"), "{told:?}");
    assert!(told[1].contains("message.subject") && !told.concat().contains("secret"), "{told:?}");
}

/// Keeps the warnings.
#[derive(Default)]
struct Log(Arc<Mutex<Vec<String>>>);

#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl<S: tracing::Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }
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
