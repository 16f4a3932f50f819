//! The arguments of the client's methods: progenitor tells parameters apart by name alone, wherever they
//! go, and makes arguments in snake case of their names.

use std::collections::HashSet;

use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use super::paths::template;
use super::report::Log;
use super::rust_names::{is_identifier, is_keyword};
use super::walk;
use crate::document::METHODS;

/// What a method uses by this name itself.
const CALLED: &str = "encode_path";
const HEADERS: &str = "header_map";
const BODY: &str = "body";

/// Renames placeholders of a path that would be the same argument as one before, or as the body. Their
/// names are not sent.
pub(super) fn placeholders(document: &mut Value, log: &mut Log<'_>) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    let mut in_use: HashSet<String> = paths.keys().cloned().collect();
    let renamed = std::mem::take(paths).into_iter().map(|(mut path, mut item)| {
        let operations = || METHODS.iter().filter_map(|method| item.get(method));
        let has_body = operations().any(|operation| operation.get("requestBody").is_some());
        let mut taken = HashSet::from([CALLED.to_owned()]);
        taken.extend(has_body.then(|| BODY.to_owned()));
        let names: Vec<String> =
            template(&path).unwrap_or_default().into_iter().map(str::to_owned).collect();
        let mut seen = HashSet::new();
        for name in names.iter().filter(|name| seen.insert(*name)) {
            if taken.insert(argument(name)) {
                continue;
            }
            let numbered = (2..).map(|number| format!("{name}_{number}"));
            let renaming = numbered.map(|new| {
                let path = path.replace(&format!("{{{name}}}"), &format!("{{{new}}}"));
                (new, path)
            });
            let mut free = renaming.filter(|(new, path)| {
                !names.contains(new) && !taken.contains(&argument(new)) && !in_use.contains(path)
            });
            let Some((new, new_path)) = free.next() else { continue };
            taken.insert(argument(&new));
            in_use.insert(new_path.clone());
            path = new_path;
            rename_parameters(&mut item, name, &new);
            log.fixed();
        }
        (path, item)
    });
    *paths = renamed.collect();
}

fn rename_parameters(item: &mut Value, name: &str, new: &str) {
    for method in METHODS {
        let parameters = item.get_mut(method).and_then(|it| it.get_mut("parameters"));
        for parameter in parameters.and_then(Value::as_array_mut).into_iter().flatten() {
            if parameter["in"] == "path" && parameter["name"] == name {
                parameter["name"] = json!(new);
            }
        }
    }
}

/// Names arguments that would have the name of another: `x-rust-name` of a parameter, which keeps its own
/// name on the wire. A parameter of the path keeps its name before any other, and the body's argument
/// before all.
pub(super) fn colliding(document: &mut Value, log: &mut Log<'_>) {
    walk::operations(document, &mut |_, operation| {
        let mut taken = HashSet::from([CALLED.to_owned(), HEADERS.to_owned()]);
        if operation.contains_key("requestBody") {
            taken.insert(BODY.to_owned());
        }
        let Some(list) = operation.get_mut("parameters").and_then(Value::as_array_mut) else {
            return;
        };
        let (of_path, others): (Vec<_>, Vec<_>) =
            list.iter_mut().partition(|parameter| parameter["in"] == "path");
        for parameter in of_path {
            if let Some(parameter) = parameter.as_object_mut() {
                rename_argument(parameter, None, log);
            }
            taken.insert(argument(parameter["name"].as_str().unwrap_or_default()));
        }
        for parameter in others.into_iter().filter_map(Value::as_object_mut) {
            let own = argument(parameter.get("name").and_then(Value::as_str).unwrap_or_default());
            let chosen = parameter.get("x-rust-name").and_then(Value::as_str).map(str::to_owned);
            let chosen = chosen.filter(|name| is_argument(name) && *name != own);
            let wish = chosen.unwrap_or_else(|| own.clone());
            let numbered = (2..).map(|number| format!("{own}_{number}"));
            let mut names = [wish].into_iter().chain(numbered);
            let Some(free) = names.find(|name| taken.insert(name.clone())) else { continue };
            rename_argument(parameter, (free != own).then_some(free), log);
        }
    });
}

fn rename_argument(parameter: &mut Map<String, Value>, new: Option<String>, log: &mut Log<'_>) {
    if parameter.get("x-rust-name").and_then(Value::as_str) == new.as_deref()
        && (new.is_some() || !parameter.contains_key("x-rust-name"))
    {
        return;
    }
    match new {
        Some(new) => parameter.insert("x-rust-name".to_owned(), json!(new)),
        None => parameter.shift_remove("x-rust-name"),
    };
    log.fixed();
}

/// The argument that progenitor makes of a name, without what it adds to keywords.
fn argument(name: &str) -> String {
    let plain = |letter: char| if is_part_of_names(letter) { letter } else { '-' };
    let plain: String = name.chars().filter(|letter| *letter != '\'').map(plain).collect();
    match plain.to_snake_case() {
        empty if empty.is_empty() => "x".to_owned(),
        argument if argument.starts_with(|first: char| first.is_ascii_digit()) => {
            format!("_{argument}")
        }
        argument => argument,
    }
}

fn is_part_of_names(letter: char) -> bool {
    syn::parse_str::<syn::Ident>(&format!("x_{letter}")).is_ok()
}

/// Whether progenitor would not change the name.
fn is_argument(name: &str) -> bool {
    is_identifier(name) && !is_keyword(name) && argument(name) == name
}
