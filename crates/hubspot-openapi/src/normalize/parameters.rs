//! Parameters: where they are sent.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::json_path::JsonPath;
use super::paths::template;
use super::report::Log;
use super::walk;

/// Declares exactly the parameters that the path has, all of them required: progenitor panics at one
/// that is missing, left over or optional.
pub(super) fn of_paths(document: &mut Value, log: &mut Log<'_>) {
    walk::operations(document, &mut |place, operation| {
        let JsonPath::Key(JsonPath::Key(_, path), _) = place else { return };
        let names = template(path).unwrap_or_default();
        if !operation.contains_key("parameters") {
            if names.is_empty() {
                return;
            }
            operation.insert("parameters".to_owned(), json!([]));
        }
        let Some(list) = operation.get_mut("parameters").and_then(Value::as_array_mut) else {
            return;
        };
        let of_list = place.key("parameters");
        let mut at = 0;
        list.retain(|parameter| {
            let place = of_list.item(at);
            at += 1;
            let name = parameter["name"].as_str().unwrap_or_default();
            let fault = match parameter["in"].as_str() {
                _ if name.is_empty() => "dropped, it has no name",
                Some("path") if !names.contains(&name) => "dropped, the path does not have it",
                Some("path" | "query" | "header" | "cookie") => return true,
                _ => "dropped, nobody can say where it goes",
            };
            log.reported(&place, fault);
            false
        });
        let mut seen = HashSet::new();
        for name in names.into_iter().filter(|name| seen.insert(*name)) {
            let declared = list.iter_mut().find(|it| it["in"] == "path" && it["name"] == name);
            match declared {
                Some(parameter) if parameter["required"] != true => {
                    parameter["required"] = json!(true);
                    log.fixed();
                }
                Some(_) => {}
                None => {
                    let schema = json!({ "type": "string" });
                    list.push(json!({
                        "name": name, "in": "path", "required": true, "schema": schema,
                    }));
                    log.fixed();
                }
            }
        }
    });
}

/// Drops the headers that OpenAPI says to ignore, because a client sets them anyway.
pub(super) fn reserved_headers(document: &mut Value, log: &mut Log<'_>) {
    drop_where(document, log, "dropped, the client sets this header", |parameter| {
        let reserved = ["accept", "content-type", "authorization"];
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        parameter.get("in").is_some_and(|it| it == "header")
            && (reserved.contains(&name.to_ascii_lowercase().as_str()) || !is_token(name))
    });
}

fn is_token(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Drops cookies, which progenitor refuses. HubSpot's API reads none.
pub(super) fn cookies(document: &mut Value, log: &mut Log<'_>) {
    drop_where(document, log, "dropped, cookies are not sent", |parameter| {
        parameter.get("in").is_some_and(|it| it == "cookie")
    });
}

fn drop_where(
    document: &mut Value,
    log: &mut Log<'_>,
    why: &str,
    goes: impl Fn(&Map<String, Value>) -> bool,
) {
    walk::operations(document, &mut |place, operation| {
        let Some(list) = operation.get_mut("parameters").and_then(Value::as_array_mut) else {
            return;
        };
        let of_list = place.key("parameters");
        let mut at = 0;
        list.retain(|parameter| {
            let place = of_list.item(at);
            at += 1;
            let goes = parameter.as_object().is_some_and(&goes);
            if goes {
                log.reported(&place, why);
            }
            !goes
        });
    });
}
