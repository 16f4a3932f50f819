//! A large document with HubSpot's habits, all at once.

#[path = "../../../benches/documents/large_document.rs"]
mod large_document;

use super::normalized;

#[test]
fn a_large_document_is_mended_once_for_all() {
    let (fixed, report) = normalized(&large_document::large_document());
    let (again, second) = normalized(&fixed);
    assert_eq!((&again, second.applied()), (&fixed, Vec::new()));
    for name in ["circular-inheritance", "several-successes", "union-tags", "updates"] {
        assert!(report.count(name) > 0, "{name} applies:\n{report}");
    }
    // Nothing is lost.
    let unexpected: Vec<_> = report
        .lines()
        .iter()
        .filter(|line| !line.contains("joined with commas") && !line.contains("any JSON"))
        .collect();
    assert_eq!(unexpected, [""; 0]);
}
