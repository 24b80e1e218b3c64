use crate::server::{Sandbox, is_named};

/// 20 MiB and a bit: several parts.
fn large() -> Vec<u8> {
    (0..=250_u8).cycle().take(20 * 1024 * 1024 + 4_321).collect()
}

#[test]
fn a_folder_goes_there_and_comes_back() {
    let sandbox = Sandbox::new();
    let files = [("photos/tom.jpg", "one"), ("photos/b/ü ö.png", "two"), ("photos/b/c/empty.txt", "")];
    for (path, content) in files {
        sandbox.write(path, content);
    }
    let saved = sandbox.run(&["put", "photos", "--json"]).ok().json();
    let mut keys: Vec<_> = saved.iter().map(|saved| saved["key"].as_str().unwrap().to_owned()).collect();
    keys.sort_unstable();
    let expected = ["photos/b/c/empty.txt", "photos/b/ü ö.png", "photos/tom.jpg"];
    assert!(keys.len() == 3 && keys.iter().zip(expected).all(|(key, name)| is_named(key, name)), "{keys:?}");
    let listed = sandbox.run(&["ls", "--recursive", "--json"]).ok().json();
    let listed: Vec<_> = listed.iter().map(|object| object["key"].as_str().unwrap()).collect();
    assert_eq!(listed, keys);

    sandbox.run(&["get", "--recursive", "photos", "--output", "back"]).ok();
    for (path, content) in files {
        let key = keys.iter().find(|key| is_named(key, path)).unwrap();
        let found = ["back", "back/photos"]
            .map(|folder| sandbox.path(folder).join(key.strip_prefix("photos/").unwrap()));
        let found =
            found.iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{key} did not come back"));
        assert_eq!(std::fs::read_to_string(found).unwrap(), content);
    }
}

#[test]
fn a_large_file_and_a_pipe_keep_every_byte() {
    let sandbox = Sandbox::new();
    let content = large();
    sandbox.write("large.bin", &content);
    let saved = sandbox.run(&["put", "large.bin", "--json"]).ok().json().remove(0);
    assert!(sandbox.run(&["cat", saved["key"].as_str().unwrap()]).ok().stdout == content);
    let piped = sandbox.put(&content, "piped.bin");
    assert!(sandbox.run(&["cat", &piped]).ok().stdout == content);
}

#[test]
fn what_is_stored_can_be_copied_moved_and_deleted() {
    let sandbox = Sandbox::new();
    let key = sandbox.put(b"content", "a.txt");
    sandbox.run(&["cp", &key, "b/c.txt"]).ok();
    sandbox.run(&["mv", &key, "d.txt"]).ok();
    assert_eq!(sandbox.run(&["ls", "--recursive"]).ok().lines(), ["b/c.txt", "d.txt"]);
    assert_eq!(sandbox.run(&["ls"]).ok().lines(), ["b/", "d.txt"]);
    let stat = sandbox.run(&["stat", "d.txt", "--json"]).ok().json().remove(0);
    assert_eq!((stat["size"].as_u64(), stat["content_type"].as_str()), (Some(7), Some("text/plain")));
    sandbox.run(&["rm", "b/c.txt", "d.txt", "never-there.txt"]).ok();
    assert!(sandbox.run(&["ls", "--recursive"]).ok().stdout.is_empty());
}

#[cfg(unix)]
#[test]
fn a_killed_upload_leaves_nothing_under_its_name() {
    let sandbox = Sandbox::new();
    let first = sandbox.put(b"x", "first.txt");
    let mut child = sandbox.command(&["put", "-", "--name", "large.bin", "--quiet"]);
    let mut child = child.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, &large()).unwrap();
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    assert_eq!(sandbox.run(&["ls", "--recursive"]).ok().lines(), [first]);
}
