//! What each operation sends: method, path, query and body, with every parameter set.

use chrono::{TimeZone, Utc};
use hubspot_conversations::types::{
    NewComment, NewFileAttachment, ThreadAssociation, ThreadStatus,
};
use hubspot_conversations::{Client, OPERATIONS, OperationId};
use hubspot_conversations_sim::{Fault, Simulator};

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
            let file = NewFileAttachment::new("12".into());
            let _ = comment.attach(file).send().await;
            let _ = messages.send(NewComment::new("As it is".to_owned(), Vec::new())).send().await;
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
        OperationId::CreateVisitorToken => {
            let token = client.visitors().token("visitor@example.com").first_name("Ada");
            let _ = token.last_name("Byron").context("plan", "gold").send().await;
        }
    }
}

#[tokio::test]
async fn each_operation_sends_what_the_document_says() {
    let simulator = Simulator::start().await.unwrap();
    let client = Client::builder()
        .token(simulator.token())
        .base_url(simulator.base_url())
        .attempts(1)
        .build()
        .unwrap();

    let document: serde_json::Value =
        serde_json::from_str(include_str!("../../../openapi/conversations.json")).unwrap();
    for operation in &OPERATIONS {
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
