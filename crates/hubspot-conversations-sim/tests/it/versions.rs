//! The versions of the API, and their roots.

use crate::caller::{Caller, decoded, http_client, id, path};
use hubspot_conversations_api::OPERATIONS;
use hubspot_conversations_api::OperationId::{self, *};
use serde_json::{Value, json};

const GUIDE: &str = "/conversations/2026-09/conversations";

fn versions() -> Vec<&'static str> {
    let document: Value =
        serde_json::from_str(include_str!("../../../../openapi/conversations.json")).unwrap();
    let versions = document["x-api-versions"].as_array().unwrap().clone();
    versions.iter().map(|version| version.as_str().unwrap().to_owned().leak() as &str).collect()
}

/// The operation of a path, and the status of a request without credentials.
async fn requested(caller: &Caller, id: OperationId, path: &str) -> (Option<OperationId>, u16) {
    let path = path.replace(['{', '}'], "");
    let url = format!("{}{path}", caller.simulator.base_url());
    let request = http_client().request(id.operation().method.clone(), url);
    let status = request.send().await.unwrap().status().as_u16();
    (caller.simulator.requests().last().unwrap().operation, status)
}

#[tokio::test]
async fn an_operation_is_served_in_the_versions_that_have_it_and_in_no_other() {
    let (mut has, mut lacks) = (0, 0);
    for version in versions() {
        let caller = Caller::in_version(version).await;
        for operation in OPERATIONS {
            match path(operation.id, version) {
                Some(path) => {
                    has += 1;
                    let requested = requested(&caller, operation.id, &path).await;
                    assert_eq!(requested, (Some(operation.id), 401), "{path}");
                }
                None => {
                    lacks += 1;
                    // The path that it would have.
                    for named_like in ["2026-03", "2026-09"] {
                        let Some(path) = path(operation.id, named_like) else { continue };
                        let path = path.replace(named_like, version);
                        let requested = requested(&caller, operation.id, &path).await;
                        assert_eq!(requested, (None, 404), "{path}");
                    }
                }
            }
        }
    }
    // 2026-03 lacks the 18 operations of the inbox, and the beta the others.
    assert_eq!((has, lacks), (32 * 4 - 18 - 14, 18 + 14));
}

#[tokio::test]
async fn the_root_of_the_guide_is_served_too() {
    let caller = Caller::in_version("2026-09").await;
    for operation in OPERATIONS {
        let path = path(operation.id, "2026-09").unwrap();
        let Some(rest) = path.strip_prefix("/conversations/conversations/2026-09") else {
            continue;
        };
        let requested = requested(&caller, operation.id, &format!("{GUIDE}{rest}")).await;
        assert_eq!(requested, (Some(operation.id), 401), "{rest}");
    }
    let url = format!("{}{GUIDE}/threads?limit=2", caller.simulator.base_url());
    let page = caller.send(http_client().get(url)).await.ok();
    let link = page["paging"]["next"]["link"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}{GUIDE}/threads?", caller.simulator.base_url())));
}

#[tokio::test]
async fn a_link_leads_to_the_next_page_under_the_same_root() {
    for version in ["v3", "2026-09", "2026-09-beta"] {
        let caller = Caller::in_version(version).await;
        let page = caller.get(ListThreads, &[], &[("limit", "3")]).await.ok();
        let link = page["paging"]["next"]["link"].as_str().unwrap();
        let root =
            format!("{}{}?", caller.simulator.base_url(), path(ListThreads, version).unwrap());
        assert!(link.starts_with(&root), "{link}");
        let linked = caller.send(http_client().get(link)).await;
        let after = decoded(page["paging"]["next"]["after"].as_str().unwrap());
        let query = [("limit", "3"), ("after", after.as_str())];
        let next = caller.get(ListThreads, &[], &query).await.ok();
        assert_eq!(linked.ok(), next);
        assert_ne!(next["results"], page["results"]);
    }
}

#[tokio::test]
async fn versions_answer_the_same() {
    let mut answers = Vec::new();
    for version in ["v3", "2026-09", "2026-09-beta"] {
        let caller = Caller::in_version(version).await;
        let threads = caller.threads().await;
        let thread = [("threadId", id(&threads[0]))];
        let comment = json!({ "type": "COMMENT", "text": "Called." });
        let written = [
            caller.write(SendMessage, &thread, &[], comment).await.ok(),
            caller.write(AssignThread, &thread, &[], json!({ "actorId": "A-2620055" })).await.ok(),
        ];
        answers.push((caller.history(thread[0].1).await, threads.clone(), written));
    }
    assert_eq!(answers[1], answers[0]);
    assert_eq!(answers[2], answers[0]);
}

#[tokio::test]
async fn a_batch_of_which_some_are_missing_is_a_200_in_2026_09_only() {
    for (version, status) in [("v3", 207), ("2026-09", 200), ("2026-09-beta", 207)] {
        let caller = Caller::in_version(version).await;
        let inputs = json!({ "inputs": ["S-hubspot", "A-1"] });
        let reply = caller.write(BatchReadActors, &[], &[], inputs).await;
        assert_eq!(reply.status, status, "{version}");
        assert_eq!(reply.json["numErrors"], 1);
        assert_eq!(reply.json["errors"][0]["context"]["ids"], json!(["A-1"]));
        assert_eq!(reply.json["results"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_is_written_in_one_version_is_read_in_another() {
    let mut caller = Caller::in_version("2026-03").await;
    let new = json!({ "name": "Parcel chat", "capabilities": {} });
    let channel = caller.write(CreateCustomChannel, &[], &[], new).await.ok();
    let path = [("channelId", id(&channel))];
    for version in ["v3", "2026-03", "2026-09"] {
        caller.version = version;
        assert_eq!(caller.get(GetCustomChannel, &path, &[]).await.ok(), channel, "{version}");
        let visitor = json!({ "email": "someone@example.com" });
        caller.write(CreateVisitorToken, &[], &[], visitor).await.ok();
    }
    caller.version = "2026-09-beta";
    assert_eq!(caller.get(GetChannel, &path, &[]).await.ok()["name"], "Parcel chat");
}
