//! The fix-ups that HubSpot's Conversations documents are known to need.
//!
//! One that no longer applies is reported as stale: HubSpot fixed the defect, and the list here
//! should lose it.

use serde_json::Value;

use crate::document::entries;

/// A family of documents, told by a part of a path, and the fix-ups it needs.
const FAMILIES: &[(&str, &[&str])] = &[
    (
        "/threads/{threadId}/messages",
        &[
            "component-references",
            "error-responses",
            "examples",
            "defaults",
            "formats",
            "integer-widths",
            "bare-objects",
            "empty-properties",
            "parameter-styles",
            "operation-ids",
            "inline-types",
            "several-successes",
            "union-tags",
            "inline-enums",
            "unused-schemas",
        ],
    ),
    (
        "/custom-channels",
        &[
            "component-references",
            "error-responses",
            "examples",
            "defaults",
            "formats",
            "integer-widths",
            "bare-objects",
            "parameter-styles",
            "operation-ids",
            "inline-types",
            "union-tags",
            "inline-enums",
            "unused-schemas",
        ],
    ),
    (
        "/visitor-identification",
        &["component-references", "error-responses", "examples", "operation-ids", "unused-schemas"],
    ),
];

/// The fix-ups that this document should need, if it is one of the Conversations documents. Ours,
/// which has the paths of all families, is none of them.
pub(super) fn of(document: &Value) -> Vec<&'static str> {
    let has = |part: &str| entries(&document["paths"]).any(|(path, _)| path.contains(part));
    let families: Vec<_> = FAMILIES.iter().filter(|(part, _)| has(part)).collect();
    match families[..] {
        [(_, fixups)] => fixups.to_vec(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalize;
    use super::FAMILIES;
    use crate::normalize::FIXUPS;

    #[test]
    fn only_fixups_are_expected() {
        let known = |name: &&&str| FIXUPS.iter().any(|fixup| fixup.name == **name);
        let mut names = FAMILIES.iter().flat_map(|(_, names)| *names);
        assert_eq!(names.find(|name| !known(name)), None);
    }

    #[test]
    fn what_is_no_longer_needed_is_stale() {
        let with = |path: &str| {
            let document = json!({ "openapi": "3.0.1", "paths": { path: { "get": {
                "operationId": "get-/", "responses": { "default": { "description": "" } },
            } } } });
            normalize(document.to_string().as_bytes()).unwrap()
        };
        let (document, report) = with("/visitor-identification/v3/tokens/create");
        assert_eq!(report.stale(), ["component-references", "examples", "unused-schemas"]);
        assert!(report.to_string().contains("examples: stale"), "{report}");

        // One that has been normalized before, and another API's.
        let (_, report) = normalize(document.to_string().as_bytes()).unwrap();
        assert_eq!(report.stale(), [""; 0]);
        assert_eq!(with("/crm/v3/things").1.stale(), [""; 0]);
    }
}
