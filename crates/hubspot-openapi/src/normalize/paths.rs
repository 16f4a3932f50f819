//! Paths and path items.

use serde_json::{Map, Value};

use super::json_path::JsonPath;
use super::report::Log;
use crate::document::METHODS;

/// Drops paths that progenitor's templates refuse: not absolute, with braces that do not pair, with
/// a query, or described in another file.
pub(super) fn unusable(document: &mut Value, log: &mut Log<'_>) {
    let root = JsonPath::Root;
    let place = root.key("paths");
    let Some(paths) = document["paths"].as_object_mut() else { return };
    paths.retain(|path, item| {
        if path.starts_with("x-") {
            return true;
        }
        let fault = if item.get("$ref").is_some() {
            Some("its description stands elsewhere")
        } else if template(path).is_none() {
            Some("it is no path that can be filled in")
        } else {
            None
        };
        if let Some(fault) = fault {
            log.reported(&place.key(path), format!("dropped, {fault}"));
        }
        fault.is_none()
    });
}

/// The names of a path's parameters, in order. `None` if it is no template.
pub(super) fn template(path: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = path.strip_prefix('/')?;
    if path.contains(['?', '#']) || path.contains(char::is_control) {
        return None;
    }
    while let Some((constant, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if constant.contains('}') || name.is_empty() || name.contains(['/', '{']) {
            return None;
        }
        names.push(name);
        rest = after;
    }
    (!rest.contains('}')).then_some(names)
}

/// Gives each operation the parameters of its path, of which an operation may declare its own
/// version. After this there is one place to look for parameters.
pub(super) fn shared_parameters(document: &mut Value, log: &mut Log<'_>) {
    for item in document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        let Some(item) = item.as_object_mut() else { continue };
        let Some(Value::Array(shared)) = item.shift_remove("parameters") else { continue };
        let operations = item.iter_mut().filter(|(key, _)| METHODS.contains(&key.as_str()));
        for operation in operations.filter_map(|(_, operation)| operation.as_object_mut()) {
            let own = operation.entry("parameters").or_insert_with(|| Value::Array(Vec::new()));
            let Some(own) = own.as_array_mut() else { continue };
            let same = |one: &Value, other: &Value| {
                ["name", "in"].iter().all(|key| one.get(*key) == other.get(*key))
            };
            let mut all: Vec<_> = shared
                .iter()
                .filter(|shared| !own.iter().any(|own| same(own, shared)))
                .cloned()
                .collect();
            all.append(own);
            *own = all;
        }
        log.fixed();
    }
}

/// Drops HEAD, OPTIONS and TRACE: the operation table has no place for them, and nobody calls
/// HubSpot with them.
pub(super) fn unusual_methods(document: &mut Value, log: &mut Log<'_>) {
    let root = JsonPath::Root;
    let place = root.key("paths");
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        let Some(item) = item.as_object_mut() else { continue };
        let place = place.key(path);
        for method in ["head", "options", "trace"] {
            if item.shift_remove(method).is_some() {
                log.reported(&place.key(method), "dropped, only five methods are generated");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn templates_are_told_from_other_paths() {
        assert_eq!(template("/a/{b}/c/{d}:go"), Some(vec!["b", "d"]));
        assert_eq!(template("/"), Some(vec![]));
        for wrong in ["", "a", "/{", "/}", "/{}", "/{a", "/a}b{", "/{a{b}}", "/{a/b}", "/a?b={c}"] {
            assert_eq!(template(wrong), None, "{wrong}");
        }
    }
}
