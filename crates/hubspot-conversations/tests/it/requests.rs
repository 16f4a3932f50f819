//! What each operation sends: method, path, query and body, with every parameter set.

use std::fmt::Debug;

use crate::every_request::{Visitor, visit};
use chrono::{TimeZone, Utc};
use hubspot_conversations::types::{
    DeliveryIdentifierType, MessageDirection, NewChannelCapabilities, NewComment,
    NewDeliveryIdentifier, NewFileAttachment, Participant, PublishedFileAttachment,
    PublishedMessage, ThreadAssociation, ThreadStatus, ThreadingModel,
};
use hubspot_conversations::{
    ApiVersion, Change, Client, ListRequest, OPERATIONS, OperationId, Request, Retry,
};
use hubspot_conversations_sim::{Fault, Simulator};
use serde::Serialize;

/// Sends the operation with every parameter. How it ends does not matter here.
async fn send(client: &Client, operation: OperationId) {
    let messages = client.messages("7");
    match operation {
        OperationId::ListInboxes => {
            let list = client.inboxes().list().after("a=").archived(true).default_page_length(10);
            let _ = list.limit(20).sort("name").sort("-createdAt").send().await;
        }
        OperationId::GetInbox => {
            let _ = client.inboxes().get(3).archived(true).send().await;
        }
        OperationId::ListChannels => {
            let list = client.channels().list().after("a=").default_page_length(10).limit(20);
            let _ = list.sort("name").send().await;
        }
        OperationId::GetChannel => {
            let _ = client.channels().get(1000).send().await;
        }
        OperationId::ListChannelAccounts => {
            let list = client.channel_accounts().list().after("a=").archived(true).limit(20);
            let list = list.channel(1000).channel(1002).inbox(3).inbox(4);
            let _ = list.default_page_length(10).sort("name").send().await;
        }
        OperationId::GetChannelAccount => {
            let _ = client.channel_accounts().get(5).archived(true).send().await;
        }
        OperationId::ListThreads => {
            let list = client.threads().list().after("a=").archived(true).contact(9).ticket(8);
            let list = list.association(ThreadAssociation::Ticket).inbox(3).limit(500);
            let list =
                list.latest_message_after(Utc.timestamp_millis_opt(1_574_102_879_865).unwrap());
            let list = list.property("spam").property("inboxId").sort("latestMessageTimestamp");
            let _ = list.status(ThreadStatus::Open).send().await;
        }
        OperationId::GetThread => {
            let get = client.threads().get(7).archived(true);
            let get = get.association(ThreadAssociation::Ticket).property("spam");
            let _ = get.send().await;
        }
        OperationId::UpdateThread => {
            let _ = client.threads().close(7).send().await;
            let _ = client.threads().reopen(7).send().await;
            let _ = client.threads().restore(7).send().await;
        }
        OperationId::ArchiveThread => {
            let _ = client.threads().archive(7).send().await;
        }
        OperationId::ListMessages => {
            let list = messages.list().after("a=").archived(true).limit(20).property("text");
            let _ = list.oldest_first().send().await;
        }
        OperationId::SendMessage => {
            let comment = messages.comment("Call back").rich_text("<b>Call back</b>");
            let file = NewFileAttachment::new("12");
            let _ = comment.attach(file).send().await;
            let _ = messages.create(NewComment::new("As it is")).send().await;
        }
        OperationId::GetMessage => {
            let _ = messages.get("a/b").property("text").send().await;
        }
        OperationId::GetOriginalContent => {
            let _ = messages.original("m1").property("text").send().await;
        }
        OperationId::AssignThread => {
            let _ = client.threads().assign(7, 2_620_022).send().await;
        }
        OperationId::UnassignThread => {
            let _ = client.threads().unassign(7).send().await;
        }
        OperationId::GetActor => {
            let _ = client.actors().get("E-a+b@example.com").property("name").send().await;
        }
        OperationId::BatchReadActors => {
            let read = client.actors().batch_read(["A-1", "V-2"]).property("name");
            let _ = read.send().await;
        }
        OperationId::ListCustomChannels => {
            let list = client.custom_channels().list().after("a=").default_page_length(10);
            let _ = list.limit(20).sort("name").send().await;
        }
        OperationId::CreateCustomChannel => {
            let create = client.custom_channels().create("Fax", capabilities());
            let create = create.webhook_url("https://example.com/hook").description("By fax");
            let create = create.logo_url("https://example.com/logo.png");
            let _ = create.account_connection_redirect_url("https://example.com/go").send().await;
        }
        OperationId::GetCustomChannel => {
            let _ = client.custom_channels().get(7).send().await;
        }
        OperationId::UpdateCustomChannel => {
            let update = client.custom_channels().update(7).name("Telex");
            let update = update.webhook_url("https://example.com/hook").logo_url(Change::Clear);
            let _ = update.send().await;
            let update = client.custom_channels().update(7).capabilities(capabilities());
            let update = update.description("By telex");
            let _ = update.account_connection_redirect_url(Change::Clear).send().await;
        }
        OperationId::ArchiveCustomChannel => {
            let _ = client.custom_channels().archive(7).send().await;
        }
        OperationId::ListCustomChannelAccounts => {
            let list = client.custom_channel_accounts(7).list().after("a=").archived(true);
            let list = list.default_page_length(10).limit(20).sort("name").address(address());
            let _ = list.send().await;
        }
        OperationId::CreateCustomChannelAccount => {
            let create = client.custom_channel_accounts(7).create("Desk", 3).address(address());
            let _ = create.authorized(false).send().await;
        }
        OperationId::GetCustomChannelAccount => {
            let _ = client.custom_channel_accounts(7).get(5).archived(true).send().await;
        }
        OperationId::UpdateCustomChannelAccount => {
            let update = client.custom_channel_accounts(7).update(5).name("Front desk");
            let _ = update.authorized(true).send().await;
        }
        OperationId::UpdateStagingToken => {
            let complete = client.custom_channel_accounts(7).complete("t1").account_name("Desk");
            let _ = complete.address(address()).send().await;
        }
        OperationId::PublishCustomChannelMessage => {
            let message = PublishedMessage::new(5, MessageDirection::Incoming)
                .text("Hello")
                .timestamp(Utc.timestamp_millis_opt(1_574_102_879_865).unwrap())
                .senders([Participant::new(address())])
                .attachments([PublishedFileAttachment::new("12")])
                .integration_idempotency_id("fax-1");
            let _ = client.custom_channel_messages(7).publish(message).send().await;
        }
        OperationId::GetCustomChannelMessage => {
            let _ = client.custom_channel_messages(7).get("m1").send().await;
        }
        OperationId::UpdateCustomChannelMessage => {
            let messages = client.custom_channel_messages(7);
            let _ = messages.sent("m1").send().await;
            let _ = messages.read("m1").send().await;
            let _ = messages.failed("m1", "No paper.").send().await;
        }
        OperationId::CreateVisitorToken => {
            let token = client.visitors().token("visitor@example.com").first_name("Ada");
            let _ = token.last_name("Byron").context("plan", "gold").send().await;
        }
        plain => visit(client, plain, Send).await.unwrap_or_else(|| {
            panic!(
                "{plain:?} has a body: write its request in \
                 crates/hubspot-conversations/tests/it/requests.rs"
            )
        }),
    }
}

struct Send;

impl Visitor for Send {
    type Output = ();

    async fn record<R>(self, request: R)
    where
        R: Request,
        R::Output: Serialize + Debug,
    {
        let _ = request.send().await;
    }

    async fn list<R>(self, request: R)
    where
        R: ListRequest,
        R::Item: Serialize + Debug,
    {
        let _ = request.send().await;
    }
}

fn address() -> NewDeliveryIdentifier {
    NewDeliveryIdentifier::new(DeliveryIdentifierType::HsPhoneNumber, "+15550100".to_owned())
}

fn capabilities() -> NewChannelCapabilities {
    let mut capabilities = NewChannelCapabilities::new();
    capabilities.threading_model = Some(ThreadingModel::DeliveryIdentifier);
    capabilities.allow_outgoing_messages = Some(true);
    capabilities.max_file_attachment_count = Some(3);
    capabilities
}

#[tokio::test]
async fn each_operation_sends_what_the_document_says() {
    let simulator = Simulator::start().await.unwrap();
    let client = client(&simulator, ApiVersion::V3);

    let document: serde_json::Value =
        serde_json::from_str(include_str!("../../../../openapi/conversations.json")).unwrap();
    for operation in OPERATIONS {
        simulator.clear_requests();
        send(&client, operation.id).await;
        let asked = simulator.requests();
        let lines: Vec<_> = asked
            .iter()
            .map(|asked| format!("{} {}?{}\n{}", asked.method, asked.path, asked.query, asked.body))
            .collect();
        insta::assert_snapshot!(operation.name, lines.join("\n"));
        assert!(asked.iter().all(|asked| asked.operation == Some(operation.id)), "{lines:?}");

        let documented = query_parameters(&document, operation.path, operation.method.as_str());
        for parameter in documented {
            let is_sent = |query: &str| {
                query.split('&').any(|pair| pair.split('=').next() == Some(parameter.as_str()))
            };
            assert!(
                asked.iter().any(|asked| is_sent(&asked.query)),
                "{}: no builder sets {parameter}",
                operation.name
            );
        }
    }
}

fn query_parameters(document: &serde_json::Value, path: &str, method: &str) -> Vec<String> {
    let operation = &document["paths"][path][method.to_lowercase()];
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    parameters
        .iter()
        .map(|parameter| match parameter["$ref"].as_str() {
            Some(reference) => {
                let name = reference.rsplit('/').next().unwrap();
                &document["components"]["parameters"][name]
            }
            None => parameter,
        })
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn requests_carry_what_they_should_and_no_more() {
    let simulator = Simulator::start().await.unwrap();
    simulator.fail_next(None, Fault::status(404));
    let client = Client::builder()
        .token(simulator.token())
        .base_url(format!("{}/", simulator.base_url()))
        .build()
        .unwrap();
    client.threads().get(7).send().await.unwrap_err();
    let asked = &simulator.requests()[0];
    assert_eq!(asked.path, "/conversations/v3/conversations/threads/7");
    assert_eq!((asked.query.as_str(), asked.body.as_str()), ("", ""));
}

fn client(simulator: &Simulator, version: ApiVersion) -> Client {
    Client::builder()
        .token(simulator.token())
        .developer_key("developer-key", 1)
        .base_url(simulator.base_url())
        .api_version(version)
        .retry(Retry::never())
        .build()
        .unwrap()
}

#[tokio::test]
async fn each_operation_goes_to_the_root_of_its_version() {
    let simulator = Simulator::start().await.unwrap();
    for version in ApiVersion::ALL {
        let client = client(&simulator, version);
        for operation in OPERATIONS {
            simulator.clear_requests();
            send(&client, operation.id).await;
            let asked = simulator.requests();
            match operation.root.unwrap().in_version(version.as_str()) {
                Some(root) => assert!(
                    !asked.is_empty()
                        && asked.iter().all(|asked| {
                            asked.path.starts_with(root) && asked.operation == Some(operation.id)
                        }),
                    "{version}: {asked:?}"
                ),
                None => assert!(asked.is_empty(), "{version}: {asked:?}"),
            }
        }
    }
}

#[tokio::test]
async fn an_operation_that_the_version_lacks_is_refused_before_anything_is_sent() {
    let simulator = Simulator::start().await.unwrap();
    let error = client(&simulator, ApiVersion::V2026_03).threads().list().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "list_threads: API version 2026-03 does not have list_threads: choose another version"
    );
    assert!(simulator.requests().is_empty());
}

#[tokio::test]
async fn a_root_can_be_that_of_hubspots_guide() {
    let simulator = Simulator::start().await.unwrap();
    let client = Client::builder()
        .token(simulator.token())
        .base_url(simulator.base_url())
        .api_version(ApiVersion::V2026_09)
        .root("conversations", "/conversations/2026-09/conversations")
        .build()
        .unwrap();
    client.threads().list().send().await.unwrap();
    assert_eq!(simulator.requests()[0].path, "/conversations/2026-09/conversations/threads");
}

#[tokio::test]
async fn the_developer_key_goes_with_registrations_only_and_the_token_never_with_them() {
    let client = Client::builder().token("pat").build().unwrap();
    let error = client.custom_channels().list().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "list_custom_channels: registering custom channels takes a developer key, and there is none"
    );
    let client = Client::builder().developer_key("secret", 1).build().unwrap();
    let error = client.threads().list().send().await.unwrap_err();
    assert_eq!(error.to_string(), "list_threads: there is no access token");
    assert!(!format!("{:?}", Client::builder().developer_key("secret", 1)).contains("secret"));
}
