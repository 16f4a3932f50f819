//! Every command explains itself.

use hubspot_conversations::ROOTS;

use crate::program::{self, program, run};

/// One command of each kind. Others differ from these in words only.
const SNAPSHOTS: [&str; 8] = [
    "messages",
    "threads list",
    "inboxes get",
    "threads assign",
    "messages reply",
    "custom-channel-messages publish",
    "export",
    "simulate",
];

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

/// The help without the options that every command has.
fn own(help: &str) -> String {
    let Some((own, global)) = help.split_once("\nGlobal options:") else { return help.to_owned() };
    let examples = global.find("\nExample").map_or("", |start| &global[start..]);
    format!("{own}{examples}")
}

/// Each line of arguments or options names one and is followed by its description.
fn assert_described(name: &str, help: &str) {
    let first = help.lines().next().unwrap();
    assert!(!first.is_empty() && !first.starts_with("Usage"), "{name} has no description");
    let sections = help.lines().skip_while(|line| *line != "Arguments:" && *line != "Options:");
    let lines: Vec<_> = sections.collect();
    for (line, next) in lines.iter().zip(&lines[1..]) {
        let text = line.trim_start();
        let is_name =
            text.starts_with('-') && !text.starts_with("- ") || text.starts_with(['<', '[']);
        let is_note = text.starts_with("[default")
            || text.starts_with("[possible")
            || text.starts_with("[env");
        if is_name && !is_note && line.len() - text.len() < 10 {
            assert!(
                next.starts_with("          ") && next.len() > 10,
                "{name} does not describe {text}"
            );
        }
    }
    let takes_text = help.contains(" [TEXT]\n");
    assert!(!takes_text || help.contains("\nExample:\n  convo "), "{name} has no example");
}

#[test]
fn every_command_explains_itself() {
    let mut waiting = vec![Vec::new()];
    let (mut checked, mut shown) = (0, 0);
    while let Some(command) = waiting.pop() {
        waiting.extend(commands(&command));
        let help = help(&command);
        let name = command.join(" ");
        if command.is_empty() {
            insta::assert_snapshot!("help_convo", help);
        } else if SNAPSHOTS.contains(&&*name) {
            insta::assert_snapshot!(format!("help_{}", name.replace(' ', "_")), own(&help));
            shown += 1;
        }
        assert_described(&format!("convo {name}"), &help);
        checked += 1;
    }
    assert_eq!(shown, SNAPSHOTS.len());
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
    let readme = include_str!("../../../../README.md");
    let mut listed = 0;
    for line in codes.lines().take_while(|line| !line.is_empty()) {
        let (code, meaning) = line.trim().split_once(' ').unwrap();
        let row = format!("| {code} | {} |", meaning.trim());
        assert!(readme.contains(&row), "the README lacks: {row}");
        listed += 1;
    }
    assert_eq!(listed, 7);
}
