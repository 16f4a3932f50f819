//! Everything the simulator is asked and answers is what the document says, and nothing else.
//!
//! The document itself is the judge here, not the types that are generated from it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod caller;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use caller::{Caller, Pairs, id};
use hubspot_conversations_api::{OPERATIONS, OperationId};
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

/// The document, with every object closed: a field it does not name is an error.
struct Document {
    json: Value,
    /// By the schema they were built from, because building one takes long.
    validators: RefCell<HashMap<String, Rc<Validator>>>,
}

impl Document {
    fn read() -> Self {
        let text = include_str!("../../../openapi/conversations.json");
        let mut document: Value = serde_json::from_str(text).unwrap();
        for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
            if schema.get("properties").is_some() {
                schema["additionalProperties"] = json!(false);
            }
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

/// A caller that holds each request and response against the document.
struct Checked {
    caller: Caller,
    document: Document,
    called: RefCell<BTreeSet<&'static str>>,
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

    async fn get(&self, id: OperationId, captures: Pairs<'_>, query: Pairs<'_>) -> Value {
        self.call(id, captures, query, None).await
    }
}

async fn checked() -> Checked {
    Checked { caller: Caller::new().await, document: Document::read(), called: RefCell::default() }
}

#[tokio::test]
async fn every_operation_is_served_as_the_document_says() {
    let api = checked().await;
    read_places(&api).await;
    let threads = read_threads(&api).await;
    write(&api, &threads).await;

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
