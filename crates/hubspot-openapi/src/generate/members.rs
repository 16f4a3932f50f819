//! Members of unions: who holds their tag.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::document::{Document, Kind, Schema, referenced};

/// What is known of the tags of all unions' members.
pub(super) struct Tags<'a> {
    /// The field that a union holds for its members.
    held: HashMap<&'a str, &'a str>,
    /// The unions whose members hold the tag themselves.
    keeping: HashSet<&'a str>,
}

impl<'a> Tags<'a> {
    /// A union holds its members' tag, and they do not, if nobody else needs it: each has one tag,
    /// the same in every union it is in, and it is used nowhere alone.
    pub(super) fn of(document: &'a Document) -> Self {
        let unions: Vec<Schema<'_>> = document.schemas_of(Kind::Union).collect();
        let alone = used_alone(document);
        let mut uses: HashMap<&str, HashSet<(&str, &str)>> = HashMap::new();
        for union in &unions {
            for (tag, member) in union.members() {
                uses.entry(member).or_default().insert((union.tag(), tag));
            }
        }
        let mut keepers: HashSet<&str> = uses
            .iter()
            .filter(|(member, uses)| uses.len() > 1 || alone.contains(*member))
            .map(|(member, _)| *member)
            .collect();
        // What a member keeps for one union it keeps in all, and so do the others of those.
        let mut keeping = HashSet::new();
        loop {
            let more = unions.iter().filter(|union| {
                !keeping.contains(union.name)
                    && union.members().any(|(_, member)| keepers.contains(member))
            });
            let more: Vec<_> = more.collect();
            if more.is_empty() {
                break;
            }
            for union in more {
                keeping.insert(union.name);
                keepers.extend(union.members().map(|(_, member)| member));
            }
        }
        let held = unions
            .iter()
            .filter(|union| !keeping.contains(union.name))
            .flat_map(|union| union.members().map(|(_, member)| (member, union.tag())));
        Self { held: held.collect(), keeping }
    }

    /// The field of a member that its unions hold.
    pub(super) fn held(&self, member: &str) -> Option<&'a str> {
        self.held.get(member).copied()
    }

    /// Whether the members of a union hold the tag themselves.
    pub(super) fn are_kept(&self, union: Schema<'_>) -> bool {
        self.keeping.contains(union.name)
    }
}

/// The schemas that are referred to from anywhere but a union and the whole of a response.
///
/// A response that is one member is read without its tag: its type tells as much.
fn used_alone(document: &Document) -> HashSet<&str> {
    let mut used = HashSet::new();
    let mut open = vec![&document.0["components"]];
    for operation in document.operations() {
        open.extend([&operation.value["parameters"], &operation.value["requestBody"]]);
    }
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                used.extend(referenced(value));
                let parts = object.iter().filter(|(key, _)| *key != "oneOf");
                open.extend(parts.map(|(_, part)| part));
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    used
}
