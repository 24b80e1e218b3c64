use std::collections::BTreeSet;

use crate::server::Sandbox;

/// Saves by each of the two processes.
const SAVES: usize = 500;

#[test]
fn two_processes_save_one_name_a_thousand_times() {
    let sandbox = Sandbox::new();
    // Both race for the bucket too: whoever comes first creates it.
    let children: Vec<_> = ["left", "right"]
        .into_iter()
        .map(|process| {
            let paths: Vec<_> = (0..SAVES).map(|number| format!("{process}/{number}/one.txt")).collect();
            for path in &paths {
                sandbox.write(path, path);
            }
            let args = ["put", "--json", "--quiet"].into_iter().chain(paths.iter().map(String::as_str));
            sandbox.command(&args.collect::<Vec<_>>()).spawn().unwrap()
        })
        .collect();
    let mut keys = BTreeSet::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let saved: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(keys.insert(saved["key"].as_str().unwrap().to_owned()), "two saves got one key: {line}");
        }
    }
    assert_eq!(keys.len(), 2 * SAVES);

    sandbox.run(&["get", "--recursive", "", "--output", "back", "--quiet"]).ok();
    let contents: BTreeSet<_> =
        keys.iter().map(|key| std::fs::read_to_string(sandbox.path("back").join(key)).unwrap()).collect();
    assert_eq!(contents.len(), 2 * SAVES, "a save was overwritten by another");
}
