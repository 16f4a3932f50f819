//! Threads: changes, archiving, assignment, and that thread and history agree.

use std::time::Duration;

use crate::caller::{Caller, Reply, http_client, id};
use hubspot_conversations_api::OperationId::*;
use serde_json::{Value, json};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn update(
    caller: &Caller,
    thread: &str,
    query: crate::caller::Pairs<'_>,
    body: Value,
) -> Reply {
    caller.write(UpdateThread, &[("threadId", thread)], query, body).await
}

async fn newest(caller: &Caller, thread: &str) -> Value {
    caller.history(thread).await.pop().unwrap()
}

#[tokio::test]
async fn closing_and_reopening_show_in_the_history() {
    let caller = Caller::new().await;
    let thread = caller.thread_where(|thread| thread["status"] == "OPEN").await;
    let thread = id(&thread);
    let length = caller.history(thread).await.len();

    let closed = update(&caller, thread, &[], json!({ "status": "CLOSED" })).await.ok();
    assert_eq!(closed, caller.thread(thread).await);
    assert_eq!(closed["status"], "CLOSED");
    let event = newest(&caller, thread).await;
    assert_eq!(
        (&event["type"], &event["newStatus"]),
        (&json!("THREAD_STATUS_CHANGE"), &json!("CLOSED"))
    );
    assert_eq!(event["createdAt"], closed["closedAt"]);

    let open = update(&caller, thread, &[], json!({ "status": "OPEN" })).await.ok();
    assert!(open.get("closedAt").is_none());
    assert_eq!(newest(&caller, thread).await["newStatus"], "OPEN");

    update(&caller, thread, &[], json!({ "status": "OPEN" })).await.ok();
    assert_eq!(caller.history(thread).await.len(), length + 2, "no change, no event");
}

#[tokio::test]
async fn only_status_and_restoring_are_updates() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = id(&threads[0]);
    for (body, problem) in [
        (json!({}), "status: nothing to change"),
        (json!({ "spam": true }), "status: nothing to change"),
        (json!({ "status": "PENDING" }), "status: expected OPEN or CLOSED"),
        (json!({ "archived": true }), "archived: delete the thread to archive it"),
    ] {
        assert_eq!(update(&caller, thread, &[], body).await.problem(), problem);
    }
    assert_eq!(caller.thread(thread).await, threads[0]);
}

#[tokio::test]
async fn an_archived_thread_is_hidden_until_it_is_restored() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = id(&threads[3]);
    let path = [("threadId", thread)];
    let archived = [("archived", "true")];
    let history = caller.history(thread).await;

    assert_eq!(caller.get(ArchiveThread, &path, &[]).await.status, 204);
    assert_eq!(caller.get(ArchiveThread, &path, &[]).await.status, 404, "archived already");
    assert_eq!(caller.get(GetThread, &path, &[]).await.status, 404);
    assert_eq!(caller.threads().await.len(), threads.len() - 1);
    assert_eq!(caller.get(GetThread, &path, &archived).await.ok()["archived"], true);
    let listed = caller.all(ListThreads, &[], &archived).await;
    assert!(listed.iter().all(|thread| thread["archived"] == true));
    assert!(listed.iter().any(|other| id(other) == thread));
    assert_eq!(caller.history(thread).await.len(), 0);
    let hidden = caller.all(ListMessages, &path, &archived).await;
    assert_eq!(hidden.len(), history.len());
    assert!(hidden.iter().all(|entry| entry["archived"] == true));

    let close = json!({ "status": "CLOSED" });
    assert_eq!(update(&caller, thread, &[], close.clone()).await.status, 404);
    let problem = update(&caller, thread, &archived, close).await.problem();
    assert_eq!(problem, "status: the status of an archived thread cannot change");

    let restored = update(&caller, thread, &archived, json!({ "archived": false })).await.ok();
    assert_eq!(restored, threads[3]);
    assert_eq!(caller.history(thread).await, history);
    assert_eq!(caller.threads().await, threads);
}

#[tokio::test]
async fn an_archived_thread_is_gone_for_good_after_thirty_days() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let path = [("threadId", id(&threads[0]))];
    let archived = [("archived", "true")];
    caller.get(ArchiveThread, &path, &[]).await.ok();
    caller.simulator.advance(DAY * 30 - Duration::from_secs(1));
    caller.get(GetThread, &path, &archived).await.ok();
    caller.simulator.advance(Duration::from_secs(1));
    assert_eq!(caller.get(GetThread, &path, &archived).await.status, 404);
    assert_eq!(caller.simulator.counts().archived_threads, 0);
}

#[tokio::test]
async fn assigning_shows_in_thread_and_history() {
    let caller = Caller::new().await;
    let thread = caller.thread_where(|thread| thread.get("assignedTo").is_none()).await;
    let path = [("threadId", id(&thread))];
    let assign = async |agent: &str| {
        caller.write(AssignThread, &path, &[], json!({ "actorId": agent })).await
    };

    assert_eq!(assign("A-2620018").await.ok()["assignedTo"], "A-2620018");
    let event = newest(&caller, id(&thread)).await;
    assert_eq!((&event["type"], &event["assignedTo"]), (&json!("ASSIGNMENT"), &json!("A-2620018")));
    assert!(event.get("assignedFrom").is_none());

    assign("A-2620055").await.ok();
    let event = newest(&caller, id(&thread)).await;
    assert_eq!(event["assignedFrom"], "A-2620018");
    assign("A-2620055").await.ok();
    assert_eq!(newest(&caller, id(&thread)).await, event, "no change, no event");

    assert_eq!(caller.get(UnassignThread, &path, &[]).await.status, 204);
    assert!(caller.thread(id(&thread)).await.get("assignedTo").is_none());
    let event = newest(&caller, id(&thread)).await;
    assert_eq!(event["assignedFrom"], "A-2620055");
    assert!(event.get("assignedTo").is_none());
}

#[tokio::test]
async fn a_thread_is_assigned_to_agents_only() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let path = [("threadId", id(&threads[0]))];
    for actor in ["A-1", "S-hubspot", "E-x@example.com", "nobody@example.com", ""] {
        let reply = caller.write(AssignThread, &path, &[], json!({ "actorId": actor })).await;
        assert_eq!(reply.problem(), "actorId: expected the actor id of an agent");
    }
    assert_eq!(caller.thread(id(&threads[0])).await, threads[0]);
}

#[tokio::test]
async fn a_thread_is_also_assigned_the_way_the_guide_says() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let agent = caller.get(GetActor, &[("actorId", "A-2620055")], &[]).await.ok();
    let url = format!(
        "{}/conversations/v3/conversations/threads/{}/assignee",
        caller.simulator.base_url(),
        id(&threads[0])
    );
    let request = http_client().post(url).json(&json!({ "actorId": agent["email"] }));
    assert_eq!(caller.send(request).await.ok()["assignedTo"], "A-2620055");
}

#[tokio::test]
async fn seeded_threads_agree_with_their_histories() {
    let builder = hubspot_conversations_sim::Simulator::builder().threads(60).messages(20);
    let caller = Caller::of(builder).await;
    let mut closed = 0;
    for thread in caller.threads().await {
        let history = caller.history(id(&thread)).await;
        assert_eq!(history.len(), 20);
        let last = |fits: &dyn Fn(&Value) -> bool| history.iter().rfind(|entry| fits(entry));
        let field = |entry: Option<&Value>, name: &str| {
            entry.and_then(|entry| entry.get(name)).cloned().unwrap_or_default()
        };
        let of_type = |type_: &'static str| last(&move |entry| entry["type"] == type_);

        assert_eq!(field(of_type("ASSIGNMENT"), "assignedTo"), field(Some(&thread), "assignedTo"));
        let status = of_type("THREAD_STATUS_CHANGE");
        let expected = status.map_or(json!("OPEN"), |event| event["newStatus"].clone());
        assert_eq!(expected, thread["status"]);
        if thread["status"] == "CLOSED" {
            closed += 1;
            assert_eq!(field(status, "createdAt"), thread["closedAt"]);
        } else {
            assert!(thread.get("closedAt").is_none());
        }
        if let Some(event) = of_type("THREAD_INBOX_CHANGE") {
            assert_eq!(event["toInboxId"], thread["inboxId"]);
        }
        let mut assignee = Value::Null;
        for pair in history.windows(2) {
            if pair[0]["type"] == "ASSIGNMENT" {
                assignee = field(Some(&pair[0]), "assignedTo");
            }
            let replier = &pair[0]["createdBy"];
            let replied = pair[0]["direction"] == "OUTGOING"
                && replier.as_str().unwrap().starts_with("A-")
                && *replier != assignee;
            let closed = pair[1]["type"] == "THREAD_STATUS_CHANGE";
            assert!(!replied || closed || pair[1]["assignedTo"] == *replier, "{pair:#?}");
        }
        for (name, direction) in [("Received", "INCOMING"), ("Sent", "OUTGOING")] {
            let message = last(&move |entry| entry["direction"] == direction);
            let name = format!("latestMessage{name}Timestamp");
            assert_eq!(field(message, "createdAt"), field(Some(&thread), &name));
        }
    }
    assert!((10..50).contains(&closed), "{closed} of 60 closed");
}
