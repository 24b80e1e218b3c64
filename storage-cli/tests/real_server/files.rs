use crate::server::Sandbox;

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
    assert_eq!(sandbox.run(&["put", "photos", "--json"]).ok().json().len(), files.len());
    let listed = sandbox.run(&["ls", "--recursive", "--json"]).ok().json();
    let keys: Vec<_> = listed.iter().map(|object| object["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["photos/b/c/empty.txt", "photos/b/ü ö.png", "photos/tom.jpg"]);

    sandbox.run(&["get", "--recursive", "photos", "--output", "back"]).ok();
    for (path, content) in files {
        let found = ["back", "back/photos"]
            .map(|folder| sandbox.path(folder).join(path.strip_prefix("photos/").unwrap()));
        let found =
            found.iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{path} did not come back"));
        assert_eq!(std::fs::read_to_string(found).unwrap(), content);
    }
}

#[test]
fn a_large_file_and_a_pipe_keep_every_byte() {
    let sandbox = Sandbox::new();
    let content = large();
    sandbox.write("large.bin", &content);
    sandbox.run(&["put", "large.bin", "--quiet"]).ok();
    assert!(sandbox.run(&["cat", "large.bin"]).ok().stdout == content);
    sandbox.pipe(&content, &["put", "-", "--name", "piped.bin", "--quiet"]).ok();
    assert!(sandbox.run(&["cat", "piped.bin"]).ok().stdout == content);
}

#[test]
fn what_is_stored_can_be_copied_moved_and_deleted() {
    let sandbox = Sandbox::new();
    sandbox.pipe(b"content", &["put", "-", "--name", "a.txt"]).ok();
    sandbox.run(&["cp", "a.txt", "b/c.txt"]).ok();
    sandbox.run(&["mv", "a.txt", "d.txt"]).ok();
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
    sandbox.pipe(b"x", &["put", "-", "--name", "first.txt"]).ok();
    let mut child = sandbox.command(&["put", "-", "--name", "large.bin", "--quiet"]);
    let mut child = child.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, &large()).unwrap();
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    assert_eq!(sandbox.run(&["ls", "--recursive"]).ok().lines(), ["first.txt"]);
}
