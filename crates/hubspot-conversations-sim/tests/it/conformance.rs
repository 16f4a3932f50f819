//! Every request that the simulator accepts, and every response, matches the document.
//!
//! The tests use the document itself, not the types that are generated from it.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::caller::{Caller, Pairs, id};
use hubspot_conversations_api::{OPERATIONS, OperationId};
use jsonschema::{Draft, Validator};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../../../openapi/conversations.json");

/// The fields that a body can omit although the document requires them.
const CAN_BE_LEFT_OUT: [&str; 5] =
    ["attachments", "senders", "recipients", "deliveryIdentifiers", "timestamp"];

/// The document, with closed objects: a field that it does not name is an error.
struct Document {
    json: Value,
    /// By schema, because building a validator takes long.
    validators: RefCell<HashMap<String, Rc<Validator>>>,
}

impl Document {
    /// The document for requests: an optional field can be `null`, and integers have a width. Some
    /// required fields are optional, which is an assumption of the simulator.
    fn of_requests() -> Self {
        let mut document: Value = serde_json::from_str(DOCUMENT).unwrap();
        for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
            for (name, field) in fields.into_iter().flatten() {
                if !required.iter().any(|required| required == name) {
                    field["nullable"] = json!(true);
                }
            }
            if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|name| !CAN_BE_LEFT_OUT.contains(&name.as_str().unwrap()));
            }
            read_nullable(schema);
            read_widths(schema);
        }
        Self { json: document, validators: RefCell::default() }
    }

    fn read() -> Self {
        let mut document: Value = serde_json::from_str(DOCUMENT).unwrap();
        for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
            if schema.get("properties").is_some() {
                schema["additionalProperties"] = json!(false);
            }
            read_nullable(schema);
        }
        Self { json: document, validators: RefCell::default() }
    }

    fn operation(&self, id: OperationId) -> &Value {
        let operation = id.operation();
        &self.json["paths"][operation.path][operation.method.as_str().to_lowercase()]
    }

    fn validator(&self, schema: &Value) -> Rc<Validator> {
        let mut validators = self.validators.borrow_mut();
        let validator = validators.entry(schema.to_string()).or_insert_with(|| {
            let schema = json!({ "allOf": [schema], "components": self.json["components"] });
            let options = jsonschema::options()
                .with_draft(Draft::Draft4)
                .should_validate_formats(true)
                .should_ignore_unknown_formats(true);
            Rc::new(options.build(&schema).unwrap())
        });
        Rc::clone(validator)
    }

    #[track_caller]
    fn check(&self, what: &str, schema: &Value, json: &Value) {
        let validator = self.validator(schema);
        let errors: Vec<String> = validator
            .iter_errors(json)
            .map(|error| format!("at {}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{what}: {errors:#?}\n{json:#}");
    }

    /// The names of an operation's query parameters.
    fn query_names(&self, id: OperationId) -> BTreeSet<&str> {
        let parameters = self.operation(id)["parameters"].as_array();
        let parameters =
            parameters.into_iter().flatten().map(|parameter| match parameter["$ref"].as_str() {
                Some(reference) => self.json.pointer(&reference[1..]).unwrap(),
                None => parameter,
            });
        parameters
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect()
    }
}

/// Replaces the width of integers by bounds, which validators of JSON Schema support.
fn read_widths(schema: &mut Value) {
    let range = match schema["format"].as_str() {
        Some("int32") => Some((json!(i32::MIN), json!(i32::MAX))),
        Some("int64") => Some((json!(i64::MIN), json!(i64::MAX))),
        _ => None,
    };
    if let Some((minimum, maximum)) = range {
        schema["minimum"] = minimum;
        schema["maximum"] = maximum;
    }
    match schema {
        Value::Object(fields) => fields.values_mut().for_each(read_widths),
        Value::Array(schemas) => schemas.iter_mut().for_each(read_widths),
        _ => {}
    }
}

/// Replaces `nullable`, which validators of JSON Schema do not support.
fn read_nullable(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let is_nullable = fields.remove("nullable") == Some(json!(true));
            fields.values_mut().for_each(read_nullable);
            if is_nullable {
                *schema = json!({ "anyOf": [schema.take(), { "type": "null" }] });
            }
        }
        Value::Array(schemas) => schemas.iter_mut().for_each(read_nullable),
        _ => {}
    }
}

/// A caller that validates each request and response against the document.
struct Checked {
    caller: Caller,
    document: Document,
    called: RefCell<BTreeSet<&'static str>>,
    /// Values of parameters of paths.
    ids: RefCell<HashMap<String, String>>,
}

impl Checked {
    async fn call(
        &self,
        id: OperationId,
        captures: Pairs<'_>,
        query: Pairs<'_>,
        body: Option<Value>,
    ) -> Value {
        let name = id.operation().name;
        let documented = self.document.operation(id);
        self.called.borrow_mut().insert(name);
        let values = captures.iter().map(|(name, id)| ((*name).to_owned(), (*id).to_owned()));
        self.ids.borrow_mut().extend(values);
        for (parameter, _) in query {
            assert!(self.document.query_names(id).contains(parameter), "{name}: {parameter}");
        }
        let mut request = self.caller.request(id, captures).query(query);
        let accepted = &documented["requestBody"]["content"]["application/json"]["schema"];
        match &body {
            Some(body) => {
                self.document.check(&format!("{name}, request"), accepted, body);
                request = request.json(body);
            }
            None => assert!(accepted.is_null(), "{name} needs a body"),
        }

        let reply = self.caller.send(request).await;
        let responses = &documented["responses"];
        let response = responses.get(reply.status.to_string()).or_else(|| responses.get("2XX"));
        let response =
            response.unwrap_or_else(|| panic!("{name}: {} {}", reply.status, reply.text));
        match response["content"]["application/json"]["schema"] {
            Value::Null => assert_eq!(reply.text, "", "{name}: no body was promised"),
            ref schema => self.document.check(name, schema, &reply.json),
        }
        reply.json
    }

    /// Sends each GET that was not sent before, with ids that were.
    async fn get_others(&self) {
        for operation in OPERATIONS.iter().filter(|operation| operation.method == "GET") {
            if self.called.borrow().contains(operation.name) {
                continue;
            }
            let ids = self.ids.borrow().clone();
            let names = operation.path.split(['{', '}']).skip(1).step_by(2);
            let captures: Vec<_> = names.map(|name| (name, ids[name].as_str())).collect();
            self.get(operation.id, &captures, &[]).await;
        }
    }

    async fn get(&self, id: OperationId, captures: Pairs<'_>, query: Pairs<'_>) -> Value {
        self.call(id, captures, query, None).await
    }
}

#[tokio::test]
async fn every_operation_is_served_as_the_document_says() {
    every_operation_is_served_in("v3").await;
}

#[tokio::test]
async fn every_operation_is_served_as_the_document_says_in_a_later_version() {
    every_operation_is_served_in("2026-09").await;
}

async fn every_operation_is_served_in(version: &'static str) {
    let caller = Caller::in_version(version).await;
    let (called, ids) = (RefCell::default(), RefCell::default());
    let api = Checked { caller, document: Document::read(), called, ids };
    read_places(&api).await;
    let threads = read_threads(&api).await;
    write(&api, &threads).await;
    receive(&api, &threads);
    let channel = register(&api).await;
    let account = connect(&api, &channel).await;
    exchange(&api, &channel, &account).await;
    read_places(&api).await;
    read_threads(&api).await;
    api.get_others().await;
    api.get(OperationId::ArchiveCustomChannel, &[("channelId", &channel)], &[]).await;
    read_places(&api).await;

    let all: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
    assert_eq!(*api.called.borrow(), all, "not every operation was called");
}

async fn read_places(api: &Checked) {
    use OperationId::*;

    for archived in ["false", "true"] {
        let query = [("archived", archived)];
        for inbox in results(&api.get(ListInboxes, &[], &query).await) {
            api.get(GetInbox, &[("inboxId", id(inbox))], &query).await;
        }
        for account in results(&api.get(ListChannelAccounts, &[], &query).await) {
            api.get(GetChannelAccount, &[("channelAccountId", id(account))], &query).await;
        }
    }
    for channel in results(&api.get(ListChannels, &[], &[("limit", "100")]).await) {
        api.get(GetChannel, &[("channelId", id(channel))], &[]).await;
    }
}

async fn read_threads(api: &Checked) -> Vec<Value> {
    use OperationId::*;

    let first = api.get(ListThreads, &[], &[("limit", "3"), ("association", "TICKET")]).await;
    assert!(first["paging"]["next"]["link"].is_string());
    for archived in ["false", "true"] {
        let query = [("archived", archived)];
        for thread in results(&api.get(ListThreads, &[], &query).await) {
            let thread_id = ("threadId", id(thread));
            api.get(GetThread, &[thread_id], &query).await;
            let history = api.get(ListMessages, &[thread_id], &query).await;
            for entry in results(&history) {
                let path = [thread_id, ("messageId", id(entry))];
                api.get(GetMessage, &path, &[]).await;
                api.get(GetOriginalContent, &path, &[]).await;
            }
            let creators: BTreeSet<&str> = results(&history)
                .iter()
                .map(|entry| entry["createdBy"].as_str().unwrap())
                .collect();
            for actor in &creators {
                api.get(GetActor, &[("actorId", actor)], &[]).await;
            }
            api.call(BatchReadActors, &[], &[], Some(json!({ "inputs": creators }))).await;
        }
    }
    let some_missing = json!({ "inputs": ["S-hubspot", "A-1"] });
    let batch = api.call(BatchReadActors, &[], &[], Some(some_missing)).await;
    assert_eq!(batch["numErrors"], 1);
    results(&api.get(ListThreads, &[], &[]).await).clone()
}

async fn write(api: &Checked, threads: &[Value]) {
    use OperationId::*;

    let email = threads.iter().find(|thread| thread["originalChannelId"] == "1002").unwrap();
    let thread = [("threadId", id(email))];
    let message = json!({
        "type": "MESSAGE",
        "text": "On its way.",
        "richText": "<p>On its way.</p>",
        "subject": "Your order",
        "senderActorId": "A-2620018",
        "channelId": email["originalChannelId"],
        "channelAccountId": email["originalChannelAccountId"],
        "recipients": [{ "deliveryIdentifiers": [
            { "type": "HS_EMAIL_ADDRESS", "value": "someone@example.com" },
        ] }],
        "attachments": [{ "type": "FILE", "fileId": "180000000001" }],
    });
    let comment = json!({ "type": "COMMENT", "text": "Called.", "attachments": [] });
    api.call(SendMessage, &thread, &[], Some(message)).await;
    api.call(SendMessage, &thread, &[], Some(comment)).await;
    api.call(AssignThread, &thread, &[], Some(json!({ "actorId": "A-2620055" }))).await;
    api.get(UnassignThread, &thread, &[]).await;
    api.call(UpdateThread, &thread, &[], Some(json!({ "status": "OPEN" }))).await;
    api.call(UpdateThread, &thread, &[], Some(json!({ "status": "CLOSED" }))).await;
    api.get(ListMessages, &thread, &[]).await;
    api.get(ArchiveThread, &thread, &[]).await;
    let restore = Some(json!({ "archived": false }));
    api.call(UpdateThread, &thread, &[("archived", "true")], restore).await;
    let visitor = json!({ "email": "someone@example.com", "firstName": "Some" });
    api.call(CreateVisitorToken, &[], &[], Some(visitor)).await;
}

/// Visitors write, on every channel and from an unknown address.
fn receive(api: &Checked, threads: &[Value]) {
    let simulator = &api.caller.simulator;
    for thread in threads {
        simulator.receive(id(thread), "Any news?").unwrap();
    }
    let account = threads[0]["originalChannelAccountId"].as_str().unwrap();
    simulator.begin_thread(account, "unknown@example.com", "Hello?").unwrap();
}

async fn register(api: &Checked) -> String {
    use OperationId::*;

    let new = json!({
        "name": "Parcel chat",
        "webhookUrl": "https://parcels.example.com/hubspot",
        "channelDescription": "Messages of the parcel shop",
        "channelLogoUrl": "https://parcels.example.com/logo.png",
        "channelAccountConnectionRedirectUrl": "https://parcels.example.com/connect",
        "capabilities": {
            "deliveryIdentifierTypes": ["HS_EMAIL_ADDRESS", "CHANNEL_SPECIFIC_OPAQUE_ID"],
            "richText": ["HYPERLINK", "BOLD"],
            "threadingModel": "DELIVERY_IDENTIFIER",
            "allowInlineImages": false,
            "allowOutgoingMessages": true,
            "allowConversationStart": true,
            "allowMultipleRecipients": false,
            "outgoingAttachmentTypes": ["FILE"],
            "allowedFileAttachmentMimeTypes": ["image/*"],
            "maxFileAttachmentCount": 3,
            "maxFileAttachmentSizeBytes": 5_000_000,
            "maxTotalFileAttachmentSizeBytes": 8_000_000_000u64,
        },
    });
    let channel = api.call(CreateCustomChannel, &[], &[], Some(new)).await;
    let path = [("channelId", id(&channel))];
    let update = json!({
        "name": "Parcel messages",
        "channelDescription": null,
        "capabilities": { "threadingModel": "DELIVERY_IDENTIFIER" },
    });
    api.call(UpdateCustomChannel, &path, &[], Some(update)).await;
    api.get(GetCustomChannel, &path, &[]).await;
    let page = api.get(ListCustomChannels, &[], &[("limit", "1"), ("sort", "-name")]).await;
    assert!(page["paging"]["next"]["link"].is_string());
    id(&channel).to_owned()
}

async fn connect(api: &Checked, channel: &str) -> String {
    use OperationId::*;

    let path = [("channelId", channel)];
    let inbox = id(&results(&api.get(ListInboxes, &[], &[]).await)[0]).to_owned();
    let address = json!({ "type": "HS_EMAIL_ADDRESS", "value": "parcels@example.com" });
    let new = json!({
        "name": "Parcel desk", "inboxId": inbox, "authorized": true, "deliveryIdentifier": address,
    });
    let account = api.call(CreateCustomChannelAccount, &path, &[], Some(new)).await;
    let account_path = [path[0], ("channelAccountId", id(&account))];
    let update = json!({ "name": "Parcel counter", "authorized": false });
    api.call(UpdateCustomChannelAccount, &account_path, &[], Some(update)).await;
    api.get(GetCustomChannelAccount, &account_path, &[("archived", "false")]).await;

    let token = api.caller.simulator.staging_token(channel, &inbox).unwrap();
    let update = json!({ "accountName": "Second desk", "deliveryIdentifier": address });
    let token_path = [path[0], ("accountToken", token.as_str())];
    api.call(UpdateStagingToken, &token_path, &[], Some(update)).await;
    let query = [
        ("archived", "false"),
        ("deliveryIdentifierType", "HS_EMAIL_ADDRESS"),
        ("deliveryIdentifierValue", "parcels@example.com"),
        ("sort", "name"),
        ("limit", "1"),
    ];
    let page = api.get(ListCustomChannelAccounts, &path, &query).await;
    assert_eq!(page["total"], 2);
    id(&account).to_owned()
}

async fn exchange(api: &Checked, channel: &str, account: &str) {
    use OperationId::*;

    let path = [("channelId", channel)];
    let visitor = |type_: &str, value: &str| json!({ "deliveryIdentifier": { "type": type_, "value": value }, "name": "Some One" });
    let attachments = json!([
        { "type": "FILE", "fileId": "180000000001", "fileUsageType": "IMAGE" },
        { "type": "LOCATION", "latitude": 52.5, "longitude": 13.4 },
        { "type": "CONTACT", "contactProfile": { "addresses": [], "emails": [], "phones": [], "urls": [] } },
        { "type": "UNSUPPORTED_CONTENT" },
        { "type": "QUICK_REPLIES", "quickReplies": [{ "value": "Yes", "valueType": "TEXT" }] },
        { "type": "SOCIAL_MEDIA_METADATA", "socialMetadata": { "mediaType": "STORY" } },
    ]);
    let mut ids = Vec::new();
    for (direction, from, to) in [
        ("INCOMING", visitor("CHANNEL_SPECIFIC_OPAQUE_ID", "u-1"), None),
        ("INCOMING", visitor("HS_EMAIL_ADDRESS", "new@example.com"), None),
        ("INCOMING", visitor("HS_PHONE_NUMBER", "+12025550101"), None),
        (
            "OUTGOING",
            visitor("HS_EMAIL_ADDRESS", "parcels@example.com"),
            Some(visitor("HS_EMAIL_ADDRESS", "new@example.com")),
        ),
    ] {
        let message = json!({
            "channelAccountId": account,
            "messageDirection": direction,
            "text": "It is here.",
            "richText": "<p>It is here.</p>",
            "timestamp": "2026-03-01T12:00:00Z",
            "senders": [from],
            "recipients": Vec::from_iter(to),
            "attachments": attachments,
            "integrationThreadId": "t-1",
            "integrationIdempotencyId": format!("m-{}", ids.len()),
        });
        let message = api.call(PublishCustomChannelMessage, &path, &[], Some(message)).await;
        let message_path = [path[0], ("messageId", id(&message))];
        api.get(GetCustomChannelMessage, &message_path, &[]).await;
        let thread = ("threadId", message["conversationsThreadId"].as_str().unwrap());
        api.get(ListMessages, &[thread], &[]).await;
        ids.push(id(&message).to_owned());
    }
    for update in [
        json!({ "statusType": "READ" }),
        json!({ "statusType": "FAILED", "errorMessage": "Nobody is home." }),
    ] {
        let message_path = [path[0], ("messageId", ids[3].as_str())];
        api.call(UpdateCustomChannelMessage, &message_path, &[], Some(update)).await;
    }
}

/// A request that succeeds, and whose body has every field that requests can contain.
struct Example {
    operation: OperationId,
    captures: Vec<(&'static str, String)>,
    body: Value,
}

impl Example {
    fn captures(&self) -> Vec<(&str, &str)> {
        self.captures.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }
}

/// One request for each operation with a body, and for each member of a union.
async fn examples(caller: &Caller) -> Vec<Example> {
    use OperationId::*;

    let address = json!({ "type": "HS_EMAIL_ADDRESS", "value": "someone@example.com" });
    let channel = json!({
        "name": "Parcel chat",
        "webhookUrl": "https://parcels.example.com/hubspot",
        "channelDescription": "Messages of the parcel shop",
        "channelLogoUrl": "https://parcels.example.com/logo.png",
        "channelAccountConnectionRedirectUrl": "https://parcels.example.com/connect",
        "capabilities": { "threadingModel": "DELIVERY_IDENTIFIER" },
    });
    let custom = caller.write(CreateCustomChannel, &[], &[], channel.clone()).await.ok();
    let custom_path = [("channelId", id(&custom))];
    let account = json!({
        "name": "Desk", "inboxId": "98310201", "authorized": true, "deliveryIdentifier": address,
    });
    let connected =
        caller.write(CreateCustomChannelAccount, &custom_path, &[], account.clone()).await.ok();
    let published = json!({
        "channelAccountId": connected["id"],
        "messageDirection": "OUTGOING",
        "text": "It is here.",
        "richText": "<p>It is here.</p>",
        "timestamp": "2026-03-01T12:00:00Z",
        "senders": [{ "deliveryIdentifier": address, "name": "Desk", "senderActorId": "A-2620018" }],
        "recipients": [{ "deliveryIdentifier": address }],
        "attachments": [
            { "type": "FILE", "fileId": "180000000001", "fileUsageType": "IMAGE" },
            { "type": "LOCATION", "latitude": 52.5, "longitude": 13.4, "name": "Here" },
            { "type": "CONTACT", "contactProfile": {
                "name": { "firstName": "Some" }, "org": { "title": "Clerk" },
                "addresses": [{ "type": "WORK", "city": "Town" }],
                "emails": [{ "type": "HOME", "email": "someone@example.com" }],
                "phones": [{ "type": "CELL", "phone": "+12025550101" }],
                "urls": [{ "url": "https://example.com" }],
            } },
            { "type": "UNSUPPORTED_CONTENT" },
            { "type": "MESSAGE_HEADER", "fileId": 180_000_000_001_u64, "text": "Head" },
            { "type": "QUICK_REPLIES", "quickReplies": [
                { "label": "Yes", "value": "yes", "valueType": "TEXT" },
            ] },
            { "type": "SOCIAL_MEDIA_METADATA", "socialMetadata": { "mediaType": "STORY", "id": "1" } },
        ],
        "integrationThreadId": "t-1",
        "inReplyToId": "m-1",
        "preResolvedContacts": { "contacts": [] },
    });
    let message =
        caller.write(PublishCustomChannelMessage, &custom_path, &[], published.clone()).await.ok();
    let token = caller.simulator.staging_token(id(&custom), "98310201").unwrap();
    let email = caller.thread_where(|thread| thread["originalChannelId"] == "1002").await;
    let chat = caller.thread_where(|thread| thread["originalChannelId"] == "1000").await;
    let sent = |thread: &Value, attachment: Value| {
        json!({
            "type": "MESSAGE",
            "text": "On its way.",
            "richText": "<p>On its way.</p>",
            "subject": "Your order",
            "senderActorId": "A-2620018",
            "channelId": thread["originalChannelId"],
            "channelAccountId": thread["originalChannelAccountId"],
            "recipients": [{
                "deliveryIdentifiers": [address], "deliveryIdentifier": address, "actorId": "V-1",
                "name": "Some One", "recipientField": "TO",
            }],
            "attachments": [attachment],
        })
    };
    let file = json!({ "type": "FILE", "fileId": "180000000001" });
    let replies = json!({ "type": "QUICK_REPLIES", "quickReplies": [
        { "label": "Yes", "value": "yes", "valueType": "TEXT" },
    ] });
    let post =
        json!({ "type": "SOCIAL_MEDIA_METADATA", "socialMetadata": { "mediaType": "STORY" } });

    let custom = ("channelId", id(&custom).to_owned());
    let thread = |thread: &Value| vec![("threadId", id(thread).to_owned())];
    let of_custom = |name, id: &str| vec![("channelId", custom.1.clone()), (name, id.to_owned())];
    [
        (UpdateThread, thread(&email), json!({ "status": "CLOSED", "archived": false })),
        (SendMessage, thread(&email), sent(&email, file.clone())),
        (SendMessage, thread(&email), sent(&email, post)),
        (SendMessage, thread(&chat), sent(&chat, replies)),
        (SendMessage, thread(&email), json!({
            "type": "COMMENT", "text": "Called.", "richText": "<p>Called.</p>", "attachments": [file],
        })),
        (AssignThread, thread(&email), json!({ "actorId": "A-2620055" })),
        (BatchReadActors, vec![], json!({ "inputs": ["S-hubspot", "A-2620055"] })),
        (CreateVisitorToken, vec![], json!({
            "email": "someone@example.com", "firstName": "Some", "lastName": "One",
            "hsCustomerAgentContext": { "plan": "gold" },
        })),
        (CreateCustomChannel, vec![], channel.clone()),
        (UpdateCustomChannel, vec![custom.clone()], channel),
        (CreateCustomChannelAccount, vec![custom.clone()], account),
        (
            UpdateCustomChannelAccount,
            of_custom("channelAccountId", id(&connected)),
            json!({ "name": "Counter", "authorized": false }),
        ),
        (
            UpdateStagingToken,
            of_custom("accountToken", &token),
            json!({ "accountName": "Second desk", "deliveryIdentifier": address }),
        ),
        (PublishCustomChannelMessage, vec![custom.clone()], published),
        (
            UpdateCustomChannelMessage,
            of_custom("messageId", id(&message)),
            json!({ "statusType": "FAILED", "errorMessage": "Nobody is home." }),
        ),
    ]
    .map(|(operation, captures, body)| Example { operation, captures, body })
    .into()
}

/// The JSON pointer of every value in a body.
fn places(value: &Value, place: &str, all: &mut Vec<String>) {
    all.push(place.to_owned());
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| places(value, &format!("{place}/{name}"), all));
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, item)| places(item, &format!("{place}/{index}"), all)),
        _ => {}
    }
}

/// The body with another value at each JSON pointer, and without each value.
fn flawed(body: &Value) -> Vec<(String, Value)> {
    let others = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5),
        json!(2_147_483_648_u64),
        json!(u64::MAX),
        json!(""),
        json!("12"),
        json!([]),
        json!({}),
        json!([[]]),
        json!([{}]),
        json!(["12", "CLOSED"]),
        json!([null]),
        json!({ "0": null }),
    ];
    let mut all = Vec::new();
    places(body, "", &mut all);
    let mut flawed = Vec::new();
    for place in all {
        for other in &others {
            let mut body = body.clone();
            *body.pointer_mut(&place).unwrap() = other.clone();
            flawed.push((format!("{place} is {other}"), body));
        }
        let Some((parent, name)) = place.rsplit_once('/') else { continue };
        let mut body = body.clone();
        match body.pointer_mut(parent).unwrap() {
            Value::Object(fields) => drop(fields.remove(name)),
            Value::Array(items) => drop(items.remove(name.parse().unwrap())),
            _ => unreachable!(),
        }
        flawed.push((format!("{place} is missing"), body));
    }
    flawed
}

#[tokio::test]
async fn a_body_is_refused_exactly_if_the_document_refuses_it() {
    let caller = Caller::in_process(hubspot_conversations_sim::Simulator::builder());
    let document = Document::of_requests();
    let examples = examples(&caller).await;
    let with_body = OPERATIONS
        .iter()
        .filter(|operation| document.operation(operation.id).get("requestBody").is_some());
    for operation in with_body {
        let is_there = examples.iter().any(|example| example.operation == operation.id);
        assert!(is_there, "no example of {}", operation.name);
    }
    let (mut accepted, mut refused) = (0, 0);
    for example in examples {
        let name = example.operation.operation().name;
        let documented = document.operation(example.operation);
        let schema = &documented["requestBody"]["content"]["application/json"]["schema"];
        let validator = document.validator(schema);
        for (flaw, body) in flawed(&example.body) {
            let is_valid = validator.is_valid(&body);
            let reply = caller.write(example.operation, &example.captures(), &[], body).await;
            let what = format!("{name}, {flaw}: {} {}", reply.status, reply.text);
            if is_valid {
                // It can be rejected, but for another reason.
                assert!(reply.status < 500, "{what}");
                assert_ne!(reply.json["message"], "Invalid input JSON.", "{what}");
                accepted += 1;
            } else {
                assert_eq!(reply.status, 400, "{what}");
                refused += 1;
            }
        }
    }
    assert!(accepted > 300 && refused > 2_000, "{accepted} accepted, {refused} refused");
}

/// Values for any parameter.
const ODD: [&str; 24] = [
    "",
    " ",
    "0",
    "1",
    "-1",
    "2",
    "1.5",
    "1000",
    "2147483648",
    "99999999999999999999",
    "true",
    "False",
    "null",
    "undefined",
    "OPEN",
    "TICKET",
    "-createdAt",
    "id,type",
    "A-2620018",
    "a/b",
    "..",
    "%2F",
    "\u{0}\u{e4}",
    "2026-01-01T00:00:00Z",
];

/// Values for any body.
fn odd_bodies() -> Vec<Vec<u8>> {
    let deep = "[".repeat(100_000);
    [
        "",
        " ",
        "{",
        "null",
        "true",
        "0",
        "1e999",
        "\"text\"",
        "[]",
        "{}",
        "[{}]",
        "{\"type\":\"MESSAGE\"}",
        "{\"inputs\":[]}",
        "{\"inputs\":[],\"inputs\":[]}",
        "{} {}",
        "\u{feff}{}",
        &deep,
    ]
    .iter()
    .map(|body| body.as_bytes().to_vec())
    .chain([b"{\"email\":\"\xff\"}".to_vec(), vec![0; 1000], vec![b' '; 3 << 20]])
    .collect()
}

#[tokio::test]
async fn no_request_is_answered_with_what_the_document_does_not_know() {
    let simulator = || hubspot_conversations_sim::Simulator::builder().threads(6).messages(5);
    let document = Document::read();
    let odd_bodies = odd_bodies();
    let mut random = fastrand::Rng::with_seed(8);
    let (mut carried_out, mut refused) = (0, 0);
    for version in ["v3", "2026-09"] {
        let mut caller = Caller::in_process(simulator());
        caller.version = version;
        let examples = examples(&caller).await;
        let thread = caller.threads().await[0].clone();
        let message = caller.history(id(&thread)).await[0].clone();
        let good = |name: &str| {
            let of_examples = examples.iter().flat_map(|example| &example.captures);
            let mut found =
                of_examples.filter(|(other, _)| *other == name).map(|(_, id)| id.as_str());
            match name {
                "inboxId" => "98310201",
                "actorId" => "S-hubspot",
                "threadId" => id(&thread),
                "messageId" => id(&message),
                _ => found.next_back().unwrap(),
            }
        };
        for operation in (0..40).flat_map(|_| OPERATIONS) {
            let mut captures = Vec::new();
            for name in operation.path.split('/').filter_map(|part| part.strip_prefix('{')) {
                let name = name.trim_end_matches('}');
                let value =
                    if random.u8(..) < 200 { good(name) } else { random.choice(ODD).unwrap() };
                // A shorter path is another path.
                let value = if value.is_empty() { "x" } else { value };
                captures.push((name, utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()));
            }
            let captures: Vec<_> = captures.iter().map(|(name, id)| (*name, id.as_str())).collect();
            let mut request = caller.request(operation.id, &captures);
            let mut shows_all = true;
            let names = document.query_names(operation.id);
            for name in names.into_iter().chain(["unknown"]) {
                if random.u8(..) > 50 {
                    continue;
                }
                request = request.query(&[(name, random.choice(ODD).unwrap())]);
                shows_all &= name != "property";
            }
            let example = examples.iter().rfind(|example| example.operation == operation.id);
            request = match example {
                Some(example) if random.bool() => request.json(&example.body),
                _ => request.body(random.choice(&odd_bodies).unwrap().clone()),
            };

            let reply = caller.send(request).await;
            let what = format!("{}: {} {}", operation.name, reply.status, reply.text);
            match reply.status {
                200..300 => {
                    let responses = &document.operation(operation.id)["responses"];
                    let status = reply.status.to_string();
                    let response = responses.get(&status).or_else(|| responses.get("2XX"));
                    let response = response.unwrap_or_else(|| panic!("{what}"));
                    match response["content"]["application/json"]["schema"] {
                        Value::Null => assert_eq!(reply.text, "", "{what}"),
                        ref schema if shows_all => document.check(&what, schema, &reply.json),
                        _ => {}
                    }
                    carried_out += 1;
                }
                400..500 => {
                    assert_eq!(reply.json["status"], "error", "{what}");
                    for field in ["message", "correlationId", "category"] {
                        assert!(reply.json[field].is_string(), "{what}");
                    }
                    refused += 1;
                }
                _ => panic!("{what}"),
            }
        }
    }
    assert!(carried_out > 300 && refused > 1_000, "{carried_out} carried out, {refused} refused");
}

fn results(page: &Value) -> &Vec<Value> {
    page["results"].as_array().unwrap()
}

#[tokio::test]
async fn every_kind_of_message_actor_and_attachment_occurs() {
    for (seed, threads, messages) in [(1, 25, 12), (2, 12, 8), (3, 40, 45)] {
        let builder = hubspot_conversations_sim::Simulator::builder();
        let caller = Caller::of(builder.seed(seed).threads(threads).messages(messages)).await;
        let mut found: [BTreeSet<String>; 3] = Default::default();
        for thread in caller.threads().await {
            for entry in caller.history(id(&thread)).await {
                found[0].insert(entry["type"].as_str().unwrap().to_owned());
                for attachment in entry["attachments"].as_array().into_iter().flatten() {
                    found[1].insert(attachment["type"].as_str().unwrap().to_owned());
                }
                let creator = entry["createdBy"].as_str().unwrap();
                let actor = caller.get(OperationId::GetActor, &[("actorId", creator)], &[]).await;
                found[2].insert(actor.ok()["type"].as_str().unwrap().to_owned());
            }
        }
        let document = Document::read();
        for (union, found) in ["Message", "Attachment", "Actor"].iter().zip(found) {
            let mapping =
                &document.json["components"]["schemas"][union]["discriminator"]["mapping"];
            let named = mapping.as_object().unwrap().keys().cloned().collect();
            assert_eq!(found, named, "seed {seed}: kinds of {union}");
        }
    }
}
