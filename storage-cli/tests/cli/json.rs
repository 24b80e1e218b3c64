use serde_json::Value;

use crate::sandbox::Sandbox;

/// What the command's help says of its JSON.
fn documented(sandbox: &Sandbox, command: &str) -> String {
    let help = sandbox.run(&[command, "--help"]).ok();
    help.text().split_once("\nJSON:\n").unwrap_or_else(|| panic!("{command}: {help:?}")).1.to_owned()
}

/// Runs it with --json, and compares the names in each line with those of the help, both ways.
fn is_as_documented(sandbox: &Sandbox, args: &[&str]) -> Vec<Value> {
    let lines = sandbox.run(&[args, &["--json"]].concat()).ok().json();
    assert!(!lines.is_empty(), "{args:?}");
    let help = documented(sandbox, args[0]);
    let first = help.split('}').next().unwrap();
    for line in &lines {
        let names: Vec<_> = line.as_object().unwrap().keys().collect();
        assert!(
            names.iter().all(|name| help.contains(&format!("\"{name}\""))),
            "{args:?}: {names:?}\n{help}"
        );
        for name in first.split('"').skip(1).step_by(2).filter(|name| !is_example(args[0], name)) {
            assert!(line.get(name).is_some(), "{args:?}: no {name}: {line}");
        }
    }
    lines
}

/// Whether the help means some name, not this one.
fn is_example(command: &str, name: &str) -> bool {
    name == "name" || name.starts_with("response-") || (name == "value" && command != "config")
}

#[test]
fn every_command_prints_the_json_that_its_help_tells() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", "abc");
    is_as_documented(&sandbox, &["put", "a.txt"]);
    is_as_documented(&sandbox, &["stat", "a.txt"]);
    is_as_documented(&sandbox, &["get", "a.txt", "-o", "b.txt"]);
    is_as_documented(&sandbox, &["ls"]);
    is_as_documented(&sandbox, &["cp", "a.txt", "c.txt"]);
    is_as_documented(&sandbox, &["mv", "c.txt", "d.txt"]);
    let url = is_as_documented(&sandbox, &["url", "a.txt"]).remove(0);
    is_as_documented(&sandbox, &["verify-url", url["url"].as_str().unwrap()]);
    is_as_documented(&sandbox, &["presign-put", "e.txt"]);
    is_as_documented(&sandbox, &["post-policy", "e.txt"]);
    is_as_documented(&sandbox, &["accept", "d.txt", "f.txt"]);
    is_as_documented(&sandbox, &["rm", "a.txt"]);
    is_as_documented(&sandbox, &["config"]);
}

#[test]
fn what_is_no_json_stays_as_it_is() {
    let sandbox = Sandbox::new();
    sandbox.put("a.txt", "abc");
    assert_eq!(sandbox.run(&["cat", "a.txt", "--json"]).ok().text(), "abc");
    assert!(sandbox.run(&["completions", "bash", "--json"]).ok().text().contains("presign-put"));
    for command in ["cat", "completions"] {
        assert!(documented(&sandbox, command).trim_start().starts_with("none: "), "{command}");
    }
}
