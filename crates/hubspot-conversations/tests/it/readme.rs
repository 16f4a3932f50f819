//! The README tells of every operation.

use hubspot_conversations::{Credential, OPERATIONS};

const README: &str = include_str!("../../../../README.md");

#[test]
fn the_table_has_a_row_with_the_scope_for_every_operation() {
    for operation in OPERATIONS {
        let row =
            README.lines().find(|line| line.starts_with(&format!("| `{}` |", operation.name)));
        let row = row.unwrap_or_else(|| panic!("README.md has no row for {}", operation.name));
        if operation.credential == Credential::DeveloperKey {
            assert!(row.contains("| developer key |"), "{row}");
        }
        let scopes: Vec<_> = operation.scopes.iter().map(|all| all.join("` and `")).collect();
        if !scopes.is_empty() {
            assert!(row.ends_with(&format!("| `{}` |", scopes.join("` or `"))), "{row}");
        }
    }
    let rows = README.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, OPERATIONS.len());
}

#[test]
fn the_first_program_only_reads() {
    let program = README.split("```rust").nth(1).unwrap().split("```").next().unwrap();
    assert!(program.contains("fn main()"), "{program}");
    let writing =
        [".reply(", ".comment(", ".assign(", ".close(", ".archive(", ".token(", ".create("];
    assert!(!writing.iter().any(|call| program.contains(call)), "{program}");
}

#[test]
fn the_first_screen_holds_the_two_commands_and_no_other() {
    let blocks: Vec<_> =
        README.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(
        blocks[..2],
        [
            "cargo run --release -p hubspot-conversations-cli -- --demo export ./conversations\n",
            "cargo test --workspace\n",
        ]
    );
    let second = README.match_indices("```sh").nth(1).unwrap().0;
    assert!(README[..second].lines().count() < 20);
}
