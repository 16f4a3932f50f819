//! Rejected requests, requested failures, and recorded requests.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use crate::caller::{Caller, http_client, id};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::{Fault, Simulator};
use serde_json::{Value, json};

/// Checks the structure of HubSpot's error body, not its words.
fn has_the_shape_of_an_error(reply: &crate::caller::Reply, category: &str) {
    let json = &reply.json;
    assert_eq!(json["status"], "error");
    assert_eq!(json["category"], category);
    assert!(json["message"].is_string());
    let id = json["correlationId"].as_str().unwrap();
    assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
    assert_eq!(reply.headers["x-hubspot-correlation-id"], id);
    assert!(reply.headers["content-type"].to_str().unwrap().starts_with("application/json"));
}

#[tokio::test]
async fn the_case_of_the_scheme_and_a_slash_after_the_path_change_nothing() {
    let simulator = Simulator::start().await.unwrap();
    let root = format!("{}/conversations/v3/conversations", simulator.base_url());
    for (path, scheme) in [("threads", "bearer"), ("threads/", "BEARER"), ("inboxes/", "Bearer")] {
        let request = http_client().get(format!("{root}/{path}"));
        let authorization = format!("{scheme} {}", simulator.token());
        let response = request.header("authorization", authorization).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path} {scheme}");
    }
}

#[tokio::test]
async fn a_request_without_the_token_is_refused() {
    let caller = Caller::new().await;
    for authorization in [None, Some("Bearer wrong"), Some("Basic eDp5")] {
        let mut request = caller.request(ListThreads, &[]);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        let (headers, text) = (response.headers().clone(), response.text().await.unwrap());
        let json = serde_json::from_str(&text).unwrap();
        let reply = crate::caller::Reply { status: 401, headers, text, json };
        has_the_shape_of_an_error(&reply, "INVALID_AUTHENTICATION");
    }
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let caller = Caller::of(Simulator::builder().scopes(["conversations.read"])).await;
    let threads = caller.threads().await;
    let reply = caller.get(ArchiveThread, &[("threadId", id(&threads[0]))], &[]).await;
    assert_eq!(reply.status, 403);
    has_the_shape_of_an_error(&reply, "MISSING_SCOPES");
    let scopes = &reply.json["errors"][0]["context"]["requiredGranularScopes"];
    assert_eq!(*scopes, json!(["conversations.write"]));
    assert!(reply.json["links"]["scopes"].is_string());
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = ("threadId", id(&threads[0]));
    for (operation, captures) in [
        (GetInbox, &[("inboxId", "1")][..]),
        (GetChannel, &[("channelId", "1")]),
        (GetChannelAccount, &[("channelAccountId", "1")]),
        (GetThread, &[("threadId", "1")]),
        (ListMessages, &[("threadId", "1")]),
        (GetMessage, &[thread, ("messageId", "1")]),
        (GetOriginalContent, &[thread, ("messageId", "1")]),
        (UnassignThread, &[("threadId", "1")]),
    ] {
        let reply = caller.get(operation, captures, &[]).await;
        assert_eq!(reply.status, 404, "{operation:?}");
        has_the_shape_of_an_error(&reply, "OBJECT_NOT_FOUND");
    }
    let no_path = http_client().get(format!("{}/nowhere", caller.simulator.base_url()));
    let reply = caller.send(no_path).await;
    assert_eq!(reply.status, 404);
    has_the_shape_of_an_error(&reply, "OBJECT_NOT_FOUND");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = [("threadId", id(&threads[0]))];
    let reply = caller.send(caller.request(SendMessage, &thread).body("{ not json")).await;
    assert_eq!(reply.status, 400);
    has_the_shape_of_an_error(&reply, "VALIDATION_ERROR");
    let reply = caller.get(GetThread, &[("threadId", "abc")], &[]).await;
    assert_eq!(reply.problem(), "threadId: expected a whole number");
    let url = format!("{}/conversations/v3/conversations/threads", caller.simulator.base_url());
    let reply = caller.send(http_client().put(url)).await;
    assert_eq!(reply.status, 405);
    has_the_shape_of_an_error(&reply, "METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn numbers_are_as_wide_as_hubspots_documents_say() {
    let caller = Caller::new().await;
    let (int32, int64) = ("2147483647", "9223372036854775807");
    for (operation, name, largest, beyond) in [
        (GetInbox, "inboxId", int32, "2147483648"),
        (GetChannel, "channelId", int32, "2147483648"),
        (GetCustomChannel, "channelId", int32, "99999999999999999999999"),
        (GetChannelAccount, "channelAccountId", int64, "9223372036854775808"),
        (GetThread, "threadId", int64, "9223372036854775808"),
        (ListMessages, "threadId", int64, "18446744073709551616"),
    ] {
        assert_eq!(caller.get(operation, &[(name, largest)], &[]).await.status, 404, "{name}");
        let problem = caller.get(operation, &[(name, beyond)], &[]).await.problem();
        assert_eq!(problem, format!("{name}: expected at most {largest}"));
        for malformed in ["-1", "+1", "1.0", "1e3", "0x1", "%20", "%FF"] {
            let status = caller.get(operation, &[(name, malformed)], &[]).await.status;
            assert!([400, 404].contains(&status), "{name} {malformed}: {status}");
        }
    }
    for (operation, name, largest, beyond) in [
        (ListThreads, "inboxId", int32, "2147483648"),
        (ListChannelAccounts, "channelId", int32, "2147483648"),
        (ListChannelAccounts, "inboxId", int32, "2147483648"),
        (ListThreads, "associatedTicketId", int64, "9223372036854775808"),
    ] {
        let page = caller.get(operation, &[], &[(name, largest)]).await.ok();
        assert_eq!(page["results"], json!([]), "{name}");
        let problem = caller.get(operation, &[], &[(name, beyond)]).await.problem();
        assert_eq!(problem, format!("{name}: expected at most {largest}"));
    }
    for name in ["limit", "defaultPageLength"] {
        let problem = caller.get(ListInboxes, &[], &[(name, "2147483648")]).await.problem();
        assert_eq!(problem, format!("{name}: expected at most {int32}"));
    }
}

#[tokio::test]
async fn one_value_is_one_value() {
    let caller = Caller::new().await;
    for (name, value) in [
        ("limit", "2"),
        ("after", "junk"),
        ("archived", "true"),
        ("property", "id"),
        ("threadStatus", "OPEN"),
        ("associatedTicketId", "1"),
        ("latestMessageTimestampAfter", "2026-01-01T00:00:00Z"),
    ] {
        let problem = caller.get(ListThreads, &[], &[(name, value), (name, value)]).await.problem();
        assert_eq!(problem, format!("{name}: expected one value, found several"));
    }
    let several = [("channelId", "1000"), ("channelId", "1002")];
    caller.get(ListChannelAccounts, &[], &several).await.ok();
    caller.get(ListThreads, &[], &[("unknown", "1"), ("unknown", "2")]).await.ok();
}

#[tokio::test]
async fn arrays_are_no_objects_and_objects_no_lists() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = [("threadId", id(&threads[0]))];
    for (operation, captures, body, problem) in [
        (UpdateThread, &thread[..], json!(["CLOSED", null]), "expected an object, found an array"),
        (AssignThread, &thread, json!(["A-2620018"]), "expected an object, found an array"),
        (SendMessage, &thread, json!(["COMMENT", "Called."]), "expected an object, found an array"),
        (BatchReadActors, &[], json!({}), "inputs: is required"),
        (BatchReadActors, &[], json!({ "inputs": null }), "inputs: expected an array, found null"),
        (
            BatchReadActors,
            &[],
            json!({ "inputs": {} }),
            "inputs: expected an array, found an object",
        ),
        (
            BatchReadActors,
            &[],
            json!({ "inputs": [1] }),
            "inputs[0]: expected a string, found a number",
        ),
    ] {
        let reply = caller.write(operation, captures, &[], body).await;
        has_the_shape_of_an_error(&reply, "VALIDATION_ERROR");
        assert_eq!(reply.problem(), problem);
    }
}

#[tokio::test]
async fn a_body_is_json_in_utf_8_and_not_too_large() {
    let caller = Caller::new().await;
    let body = r#"{"inputs":["S-hubspot"]}"#;
    let with_type = |content_type: &str| {
        caller.request(BatchReadActors, &[]).header("content-type", content_type).body(body)
    };
    for content_type in ["application/json", "Application/JSON; charset=utf-8"] {
        caller.send(with_type(content_type)).await.ok();
    }
    caller.send(caller.request(BatchReadActors, &[]).body(body)).await.ok();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let reply = caller.send(with_type(content_type)).await;
        assert_eq!(reply.status, 415, "{content_type}");
        has_the_shape_of_an_error(&reply, "UNSUPPORTED_MEDIA_TYPE");
    }
    let latin_1 = caller.request(BatchReadActors, &[]).body(&b"{\"inputs\":[\"\xe4\"]}"[..]);
    let reply = caller.send(latin_1).await;
    assert_eq!(reply.status, 400);
    has_the_shape_of_an_error(&reply, "VALIDATION_ERROR");
    for length in [3, 20] {
        let large = caller.request(BatchReadActors, &[]).body("x".repeat(length * 1024 * 1024));
        let reply = caller.send(large).await;
        assert_eq!(reply.status, 413);
        has_the_shape_of_an_error(&reply, "VALIDATION_ERROR");
    }
    caller.get(ListInboxes, &[], &[]).await.ok();
}

#[tokio::test]
async fn other_methods_are_answered() {
    let caller = Caller::new().await;
    let url = format!("{}/conversations/v3/conversations/threads", caller.simulator.base_url());
    let http = http_client();
    let head = caller.send(http.head(&url)).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    for method in [http::Method::OPTIONS, http::Method::PUT, http::Method::DELETE] {
        let reply = caller.send(http.request(method, &url)).await;
        assert_eq!(reply.status, 405);
        has_the_shape_of_an_error(&reply, "METHOD_NOT_ALLOWED");
    }
}

/// The response to these bytes on a new connection.
fn exchange(caller: &Caller, request: &str) -> String {
    let mut stream = TcpStream::connect(caller.simulator.addr().unwrap()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_is_refused_and_changes_nothing() {
    let caller = Caller::new().await;
    let thread = caller.threads().await[0].clone();
    let before = caller.simulator.counts();
    let comment = r#"{"type":"COMMENT","text":"Called."}"#;
    for framing in [
        // A chunk size that is not a number, a chunk without end, a body without the chunk of size 0.
        format!("transfer-encoding: chunked\r\n\r\nZZ\r\n{comment}\r\n0\r\n\r\n"),
        format!("transfer-encoding: chunked\r\n\r\n23\r\n{comment}XX0\r\n\r\n"),
        format!("transfer-encoding: chunked\r\n\r\n23\r\n{comment}\r\n"),
        format!("content-length: 36\r\n\r\n{comment}"),
    ] {
        let request = format!(
            "POST /conversations/v3/conversations/threads/{}/messages HTTP/1.1\r\nhost: here\r\n\
             authorization: Bearer {}\r\ncontent-type: application/json\r\n{framing}",
            id(&thread),
            caller.simulator.token(),
        );
        let answer = exchange(&caller, &request);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 400 "), "{framing}: {head}");
        let error: Value = serde_json::from_str(body).unwrap();
        assert_eq!(error["category"], "VALIDATION_ERROR");
        assert_eq!(caller.simulator.counts(), before);
    }
    let whole = json!({ "type": "COMMENT", "text": "Called." });
    caller.write(SendMessage, &[("threadId", id(&thread))], &[], whole).await.ok();
}

#[tokio::test]
async fn a_fault_is_answered_instead_once_and_by_its_operation() {
    let caller = Caller::new().await;
    let limited = r#"{"policyName":"TEN_SECONDLY_ROLLING"}"#;
    let fault = Fault::answer(429, limited).with_header("Retry-After", "3");
    caller.simulator.fail_next(ListChannels, fault);
    caller.simulator.fail_next(None, Fault::status(502));

    assert_eq!(caller.get(ListInboxes, &[], &[]).await.status, 502);
    caller.get(ListInboxes, &[], &[]).await.ok();
    let reply = caller.get(ListChannels, &[], &[]).await;
    assert_eq!((reply.status, reply.text.as_str()), (429, limited));
    assert_eq!(reply.headers["retry-after"], "3");
    caller.get(ListChannels, &[], &[]).await.ok();
}

#[tokio::test]
async fn a_lost_request_is_not_carried_out_and_a_lost_answer_is() {
    let caller = Caller::new().await;
    let threads = caller.threads().await;
    let thread = [("threadId", id(&threads[0]))];
    let comment = json!({ "type": "COMMENT", "text": "Called." });
    for (fault, added) in [(Fault::LoseRequest, 0), (Fault::LoseAnswer, 1)] {
        let before = caller.simulator.counts().messages;
        caller.simulator.fail_next(SendMessage, fault);
        let request = caller.request(SendMessage, &thread).json(&comment);
        let outcome = request.bearer_auth(caller.simulator.token()).send().await;
        assert!(outcome.is_err(), "{outcome:?}");
        assert_eq!(caller.simulator.counts().messages, before + added);
    }
}

#[tokio::test]
async fn a_cut_body_breaks_off_after_its_beginning() {
    let caller = Caller::new().await;
    caller.simulator.fail_next(ListInboxes, Fault::CutBody(12));
    let request = caller.request(ListInboxes, &[]).bearer_auth(caller.simulator.token());
    let mut response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.content_length().unwrap() > 12);
    assert_eq!(response.chunk().await.unwrap().unwrap(), r#"{"total":3,""#);
    assert!(response.chunk().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_delayed_answer_takes_its_time() {
    let caller = Caller::in_process(Simulator::builder());
    caller.simulator.fail_next(ListInboxes, Fault::Delay(Duration::from_secs(40)));
    let start = tokio::time::Instant::now();
    caller.get(ListInboxes, &[], &[]).await.ok();
    assert_eq!(start.elapsed(), Duration::from_secs(40));
}

#[tokio::test]
async fn requests_are_recorded_without_the_token() {
    let caller = Caller::new().await;
    let body = json!({ "inputs": ["S-hubspot"] });
    caller.get(ListInboxes, &[], &[("sort", "-id"), ("limit", "2")]).await.ok();
    caller.write(BatchReadActors, &[], &[], body.clone()).await.ok();
    caller.simulator.fail_next(None, Fault::status(500));
    caller.get(ListChannels, &[], &[]).await;

    let requests = caller.simulator.requests();
    let operations: Vec<_> = requests.iter().map(|request| request.operation.unwrap()).collect();
    assert_eq!(operations, [ListInboxes, BatchReadActors, ListChannels]);
    assert_eq!(requests[0].method, "GET");
    assert_eq!(requests[0].path, "/conversations/v3/conversations/inboxes");
    assert_eq!(requests[0].query, "sort=-id&limit=2");
    assert_eq!(serde_json::from_str::<Value>(&requests[1].body).unwrap(), body);
    assert!(!format!("{requests:?} {:?}", caller.simulator).contains(caller.simulator.token()));

    caller.simulator.clear_requests();
    assert_eq!(caller.simulator.requests(), []);
}

#[tokio::test]
async fn the_log_of_requests_forgets_the_oldest_when_it_is_full() {
    let caller = Caller::in_process(Simulator::builder());
    let size = |request: &hubspot_conversations_sim::RecordedRequest| request.body.len();
    // Three bytes replace each byte that is not UTF-8.
    for body in [b"x".repeat(2 << 20), b"\xff".repeat(1 << 20)] {
        for number in 0..12 {
            let query = [("number", number)];
            let request = caller.request(BatchReadActors, &[]).query(&query).body(body.clone());
            assert_eq!(caller.send(request).await.status, 400);
            let requests = caller.simulator.requests();
            assert!(requests.iter().map(size).sum::<usize>() <= 16 << 20);
            assert_eq!(requests.last().unwrap().query, format!("number={number}"));
        }
        let kept = caller.simulator.requests().len();
        assert!((3..=7).contains(&kept), "{kept} are kept");
    }
    assert_eq!(
        caller.simulator.request_stats(BatchReadActors).arrived,
        24,
        "all of them are counted"
    );
}

#[tokio::test]
async fn a_dropped_simulator_stops_listening() {
    let caller = Caller::new().await;
    caller.get(ListInboxes, &[], &[]).await.ok();
    let address = caller.simulator.addr().unwrap();
    drop(caller);
    for _ in 0..1_000 {
        if tokio::net::TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it still listens");
}
