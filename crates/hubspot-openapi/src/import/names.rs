//! What we call things.

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::surface::Operation;

/// The name of a schema, from HubSpot's: without `Public`, `Egg` and `Request`.
pub(super) fn schema(hubspot_name: &str) -> String {
    let mut name = hubspot_name;
    if let Some(rest) = name.strip_prefix("Public")
        && rest.starts_with(char::is_uppercase)
    {
        name = rest;
    }
    let is_new = name.ends_with("Egg");
    for ending in ["Egg", "Request"] {
        name = name.strip_suffix(ending).filter(|rest| !rest.is_empty()).unwrap_or(name);
    }
    let new = if is_new && !name.starts_with("New") { "New" } else { "" };
    type_name(&format!("{new}{name}"))
}

/// A word that can be a Rust type.
pub(super) fn type_name(words: &str) -> String {
    let name = words.to_upper_camel_case();
    if syn::parse_str::<syn::Ident>(&name).is_ok() {
        return name;
    }
    // Nothing in it that a name can be made of.
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("Type{name}")
}

/// The name of an operation, `list_threads` style. `is_page` tells a list from a thing.
pub(super) fn operation(
    operation: &Operation,
    is_page: bool,
    is_taken: impl Fn(&str) -> bool,
) -> String {
    let words = words(operation);
    let (verb, words) = verb(operation, is_page, &words);
    let last = words.len().saturating_sub(1);
    let are_several = verb == "list" || verb == "search" || verb.starts_with("batch");
    let nouns: Vec<String> = words
        .iter()
        .enumerate()
        .map(
            |(place, word)| {
                if place == last && are_several { word.clone() } else { singular(word) }
            },
        )
        .collect();
    // In the family everything is about, the last word says enough.
    let is_core = operation.route.family() == ["conversations", "conversations"];
    let first = if is_core { last } else { 0 };
    (0..=first)
        .rev()
        .map(|start| named(&verb, &nouns[start.min(nouns.len())..]))
        .chain((2..).map(|number| format!("{}_{number}", named(&verb, &nouns))))
        .find(|name| !is_taken(name))
        .unwrap_or_default()
}

/// What the path is about, but for parameters. A family of its own is part of it.
fn words(operation: &Operation) -> Vec<String> {
    let family = operation.route.family().last().filter(|word| *word != "conversations");
    let rest = operation.route.rest().iter().filter(|word| *word != "{}");
    family
        .into_iter()
        .chain(rest)
        .map(|word| word.to_snake_case())
        .filter(|w| !w.is_empty())
        .collect()
}

/// What it does, and the words that say to what.
fn verb<'a>(operation: &Operation, is_page: bool, words: &'a [String]) -> (String, &'a [String]) {
    let ends_with_one = operation.route.rest().last().is_some_and(|word| word == "{}");
    match (operation.method.as_str(), words) {
        ("post", [rest @ .., batch, what]) if batch == "batch" => (format!("batch_{what}"), rest),
        ("post", [rest @ .., what])
            if ["create", "search"].contains(&what.as_str()) && !ends_with_one =>
        {
            (what.clone(), rest)
        }
        ("get", _) if is_page => ("list".to_owned(), words),
        ("get", _) => ("get".to_owned(), words),
        ("post", _) => ("create".to_owned(), words),
        ("put", _) => ("set".to_owned(), words),
        ("patch", _) => ("update".to_owned(), words),
        _ => ("archive".to_owned(), words),
    }
}

/// Joins words that overlap: an account of a custom channel is a custom channel account.
fn named(verb: &str, nouns: &[String]) -> String {
    let mut joined: Vec<&str> = Vec::new();
    for noun in nouns {
        let mut parts: Vec<&str> = noun.split('_').collect();
        if joined.last() == parts.first() {
            parts.remove(0);
        }
        joined.extend(parts);
    }
    let name = format!("{verb}_{}", joined.join("_")).to_snake_case();
    if syn::parse_str::<syn::Ident>(&name).is_ok() { name } else { format!("{verb}_operation") }
}

/// One of them.
pub(super) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| !stem.is_empty()) {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "shes", "ches"] {
        if let Some(stem) = word.strip_suffix(ending) {
            return format!("{stem}{}", &ending[..ending.len() - 2]);
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_lose_what_says_nothing() {
        for (theirs, ours) in [
            ("PublicThread", "Thread"),
            ("PublicMessageEgg", "NewMessage"),
            ("PublicThreadUpdateRequest", "ThreadUpdate"),
            ("Publication", "Publication"),
            ("Public", "Public"),
            ("Egg", "NewEgg"),
            ("Request", "Request"),
            ("some.strange-name", "SomeStrangeName"),
            ("3d", "Type3d"),
            ("!", "Type"),
        ] {
            assert_eq!(schema(theirs), ours, "{theirs}");
        }
    }

    #[test]
    fn one_of_several() {
        for (several, one) in [
            ("threads", "thread"),
            ("inboxes", "inbox"),
            ("entries", "entry"),
            ("batches", "batch"),
            ("addresses", "address"),
            ("status", "status"),
            ("access", "access"),
            ("s", "s"),
        ] {
            assert_eq!(singular(several), one);
        }
    }
}
