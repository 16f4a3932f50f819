//! What people are told of each command.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use hubspot_conversations::ROOTS;

use program::{program, run};

/// The commands under a command, by its help.
fn commands(of: &[String]) -> Vec<Vec<String>> {
    let help = help(of);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    listed
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .map(|name| [of, &[name.to_owned()]].concat())
        .collect()
}

fn help(command: &[String]) -> String {
    let mut arguments: Vec<_> = command.iter().map(String::as_str).collect();
    arguments.push("--help");
    run(program(&arguments).env("HUBSPOT_ACCESS_TOKEN", program::TOKEN), "").data()
}

#[test]
fn every_command_explains_itself() {
    let mut waiting = vec![Vec::new()];
    let mut checked = 0;
    while let Some(command) = waiting.pop() {
        waiting.extend(commands(&command));
        let name = if command.is_empty() { "convo".to_owned() } else { command.join("_") };
        // What every command repeats is looked at once.
        let help = help(&command);
        let (own, _) = match help.split_once("\nGlobal options:") {
            Some(parts) if !command.is_empty() => parts,
            _ => (help.as_str(), ""),
        };
        insta::assert_snapshot!(format!("help_{name}"), own);
        checked += 1;
    }
    let help = help(&[]);
    for root in ROOTS {
        assert!(help.contains(root.name), "--root does not name {}", root.name);
    }
    assert!(checked > 40, "only {checked} commands were found");
}

#[test]
fn the_exit_codes_are_those_of_the_readme() {
    let help = help(&[]);
    let (_, codes) = help.split_once("\nExit codes:\n").unwrap();
    let readme = include_str!("../../../README.md");
    let mut listed = 0;
    for line in codes.lines().take_while(|line| !line.is_empty()) {
        let (code, meaning) = line.trim().split_once(' ').unwrap();
        let row = format!("| {code} | {} |", meaning.trim());
        assert!(readme.contains(&row), "the README lacks: {row}");
        listed += 1;
    }
    assert_eq!(listed, 7);
}
