//! Strings that become variants of a Rust enum.

use std::collections::HashMap;

use heck::ToUpperCamelCase;

use super::Finding;
use super::node::Node;

/// Says which of the values cannot stand together as variants of one enum that already has the
/// `taken` ones.
pub(super) fn faults(values: &[(&str, Node<'_>)], taken: &[&str]) -> Vec<Finding> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut findings = Vec::new();
    for (value, node) in values {
        let variant = value.to_upper_camel_case();
        if syn::parse_str::<syn::Ident>(&variant).is_err() {
            findings.push(node.finding(format!("{value:?} makes no Rust identifier: rename it")));
        } else if taken.contains(&variant.as_str()) {
            findings.push(node.finding(format!("{value:?} would be `{variant}`, which is taken")));
        } else if let Some(other) = seen.insert(variant.clone(), value) {
            let message = if other == *value {
                format!("{value:?} is listed twice: keep one")
            } else {
                format!("{other:?} and {value:?} would both be `{variant}`: keep or rename one")
            };
            findings.push(node.finding(message));
        }
    }
    findings
}
