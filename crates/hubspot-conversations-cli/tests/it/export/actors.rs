//! Actors are exported, certainly unknown, or reported as lost.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::account::*;
use crate::program::Output;
use crate::server::{RecordedRequest, Reply};

/// Exports one thread that names `V-1`, `V-2` and `V-3`, with this response for its actors.
fn export_with_actors(
    answer: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static,
) -> (Vec<String>, Output) {
    let (server, _runtime) = scripted(move |asked| {
        let line = asked.line.as_str();
        Some(match line {
            _ if line.contains("/actors/batch/read") => answer(asked),
            _ if line.starts_with(&format!("GET {THREADS}?")) => {
                page(&json!([{ "id": "7" }]), None)
            }
            _ if line.contains("/messages?") => {
                let message = |n| json!({ "id": format!("m{n}"), "createdBy": format!("V-{n}") });
                page(&json!([message(1), message(2), message(3)]), None)
            }
            _ => return None,
        })
    });
    let folder = TempDir::new().unwrap();
    let output = export_from(&server, &folder);
    let actors = records(folder.path(), "actors.jsonl").into_keys().collect();
    (actors, output)
}

fn inputs(asked: &RecordedRequest) -> Vec<String> {
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    serde_json::from_value(body["inputs"].clone()).unwrap()
}

/// All requested actors.
fn found(asked: &RecordedRequest) -> Reply {
    let actors: Vec<_> = inputs(asked).iter().map(|id| json!({ "id": id })).collect();
    Reply::Json(200, json!({ "status": "COMPLETE", "results": actors }).to_string())
}

#[test]
fn an_actor_that_is_missing_from_a_complete_answer_is_not_known() {
    let results = json!([{ "id": "V-1" }, { "id": "V-3" }]);
    let not_found = json!([{ "category": "OBJECT_NOT_FOUND", "context": { "ids": ["V-2"] } }]);
    for batch in [
        json!({ "status": "COMPLETE", "results": results }),
        json!({ "status": "COMPLETE", "results": results, "errors": [], "numErrors": 0 }),
        json!({ "status": "COMPLETE", "results": results, "errors": not_found, "numErrors": 1 }),
    ] {
        let (actors, output) = export_with_actors(move |_| Reply::Json(207, batch.to_string()));
        assert_eq!((output.code, &actors[..]), (0, &["V-1".to_owned(), "V-3".to_owned()][..]));
        let note = "note: 1 actor that messages name is unknown to HubSpot\n";
        assert!(output.stderr.ends_with(note), "{}", output.stderr);
    }
}

#[test]
fn an_actor_that_is_missing_from_another_answer_is_a_loss() {
    let results = json!([{ "id": "V-1" }]);
    let failed = json!([{ "category": "INTERNAL_ERROR" }]);
    for (batch, lost, expected) in [
        (json!({ "status": "COMPLETE", "results": results, "errors": failed }), 2, "has errors"),
        (json!({ "status": "COMPLETE", "results": results, "errors": [{}] }), 2, "has errors"),
        (json!({ "status": "COMPLETE", "results": results, "errors": {} }), 2, "has errors"),
        (json!({ "status": "COMPLETE", "results": results, "numErrors": 2 }), 2, "has errors"),
        (json!({ "status": "PROCESSING", "results": results }), 2, "is not complete"),
        (json!({ "status": {}, "results": results }), 2, "is not complete"),
        (json!({ "status": "COMPLETE", "results": {} }), 3, "has no results"),
        (json!({ "status": "COMPLETE", "results": null }), 3, "has no results"),
        (json!({ "status": "COMPLETE" }), 3, "has no results"),
        (json!({ "status": "COMPLETE", "results": [{ "name": "Ann" }] }), 3, "has no id"),
        (json!({ "status": "COMPLETE", "results": [["V-1"]] }), 3, "has no id"),
    ] {
        let text = batch.to_string();
        let (actors, output) = export_with_actors(move |_| Reply::Json(200, text.clone()));
        assert_eq!((output.code, actors.len()), (5, 3 - lost), "{batch}: {}", output.stderr);
        let sentence =
            format!("lost: {lost} actors that messages name but HubSpot did not return (");
        let line = output.stderr.lines().find(|line| line.starts_with(&sentence));
        let line = line.unwrap_or_else(|| panic!("{batch}: {}", output.stderr));
        assert!(line.ends_with(&format!("{expected})")), "{line}");
        assert!(!output.stderr.contains("unknown to HubSpot"), "{}", output.stderr);
    }
}

#[test]
fn an_actor_that_hubspot_fails_at_costs_no_other() {
    let answers: [fn() -> Reply; 4] = [
        || Reply::Json(204, String::new()),
        || Reply::Json(404, "{}".to_owned()),
        || Reply::Json(200, "[]".to_owned()),
        || Reply::Json(400, "{}".to_owned()),
    ];
    for answer in answers {
        let (actors, output) = export_with_actors(move |asked| {
            if inputs(asked).contains(&"V-2".to_owned()) { answer() } else { found(asked) }
        });
        assert_eq!(output.code, 5, "{}", output.stderr);
        assert_eq!(actors, ["V-1", "V-3"]);
        let lost =
            "lost: 1 actor that messages name but HubSpot did not return (batch_read_actors: ";
        assert!(output.stderr.contains(lost), "{}", output.stderr);
    }
}
