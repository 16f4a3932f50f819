//! operationIds.

use std::collections::{BTreeMap, HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::{Value, json};

use super::json_path::JsonPath;
use super::report::Log;
use super::rust_names::is_keyword;
use super::walk;

/// Makes ids from paths where HubSpot's tools did: they hold the method, slashes and braces, and
/// their endings come and go between releases. An id that is a name is kept, in snake case.
///
/// The name says the method and the words of the path without versions and parameters but the last:
/// `get_crm_objects_contacts_by_contact_id`. Where two would be the same, both say the whole path.
/// So a name depends on the path alone, or on paths that resemble it, and not on the order.
pub(super) fn readable(document: &mut Value, log: &mut Log<'_>) {
    let mut given = Vec::new();
    let mut short = HashMap::new();
    walk::operations(document, &mut |place, operation| {
        let JsonPath::Key(JsonPath::Key(_, path), method) = place else { return };
        let id = operation.get("operationId").and_then(Value::as_str);
        let id = id.filter(|id| is_name(id)).map(str::to_snake_case);
        given.push(id.filter(|id| is_free(id)));
        *short.entry(key(&short_name(method, path))).or_insert(0) += 1;
    });
    let mut uses = HashMap::new();
    for id in given.iter().flatten() {
        *uses.entry(key(id)).or_insert(0) += 1;
    }

    // Ids that are kept come first, so that no other takes them.
    let mut taken: HashSet<String> =
        uses.iter().filter(|(_, uses)| **uses == 1).map(|(key, _)| key.clone()).collect();
    let mut made = BTreeMap::new();
    let mut at = 0;
    walk::operations(document, &mut |place, _| {
        let JsonPath::Key(JsonPath::Key(_, path), method) = place else { return };
        let kept = given[at].as_ref().is_some_and(|id| uses[&key(id)] == 1);
        if !kept {
            let name = short_name(method, path);
            let is_alone =
                short[&key(&name)] == 1 && !taken.contains(&key(&name)) && is_free(&name);
            let name = if is_alone { name } else { long_name(method, path) };
            // Sorted by path, so that the numbers do not depend on the order.
            made.insert(((*path).to_owned(), (*method).to_owned()), (at, name));
        }
        at += 1;
    });
    let mut ids = given;
    for (at, name) in made.into_values() {
        let name = (1..)
            .map(|number| if number == 1 { name.clone() } else { format!("{name}_{number}") })
            .find(|name| is_free(name) && !taken.contains(&key(name)));
        if let Some(name) = name {
            taken.insert(key(&name));
            ids[at] = Some(name);
        }
    }

    let mut ids = ids.into_iter();
    walk::operations(document, &mut |_, operation| {
        let id = json!(ids.next().flatten());
        if operation.get("operationId") != Some(&id) {
            operation.insert("operationId".to_owned(), id);
            log.fixed();
        }
    });
}

/// Whether somebody chose it, and it was not made from the path.
fn is_name(id: &str) -> bool {
    let mut letters = id.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || "_-. ".contains(letter))
}

/// Whether a method of the client can have the name.
fn is_free(id: &str) -> bool {
    let taken = [
        "new",
        "new_with_client",
        "api_version",
        "baseurl",
        "client",
        "inner",
        "pre",
        "post",
        "exec",
    ];
    !id.is_empty()
        && !id.starts_with(|first: char| first.is_ascii_digit())
        && !taken.contains(&id)
        && !is_keyword(id)
        && id.to_snake_case() == id
}

/// What must not be the same of two ids: the variants of the operation table are in camel case.
fn key(id: &str) -> String {
    id.to_upper_camel_case().to_lowercase()
}

fn short_name(method: &str, path: &str) -> String {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let mut words: Vec<String> = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        let is_last = at + 1 == segments.len();
        let word = match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(parameter) if is_last => format!("by_{}", plain(parameter)),
            Some(_) => continue,
            None if is_version(segment) => continue,
            None => plain(segment),
        };
        if words.last() != Some(&word) {
            words.push(word);
        }
    }
    words.insert(0, method.to_owned());
    words.join("_").to_snake_case()
}

fn long_name(method: &str, path: &str) -> String {
    format!("{method}_{}", plain(path)).to_snake_case()
}

fn plain(text: &str) -> String {
    text.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_").to_snake_case()
}

/// `v3`, `2026-03`, `2026-09-beta`.
fn is_version(segment: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let dated = segment.trim_end_matches("-beta").split_once('-');
    segment.strip_prefix('v').is_some_and(digits)
        || dated.is_some_and(|(year, month)| year.len() == 4 && digits(year) && digits(month))
}

#[cfg(test)]
mod tests {
    use super::{long_name, short_name};

    #[test]
    fn names_say_the_path_and_not_its_version() {
        let names = [
            ("/crm/v3/objects/contacts", "get_crm_objects_contacts"),
            ("/crm/v3/objects/contacts/{contactId}", "get_crm_objects_contacts_by_contact_id"),
            ("/things/2026-09-beta/things/{id}/parts", "get_things_parts"),
            ("/", "get"),
        ];
        for (path, name) in names {
            assert_eq!(short_name("get", path), name);
        }
        assert_eq!(long_name("put", "/a/v3/{b}/c"), "put_a_v3_b_c");
    }
}
