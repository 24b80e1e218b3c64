use crate::sandbox::{Sandbox, files};

#[test]
fn goes_where_cp_would_put_it() {
    let sandbox = Sandbox::new();
    sandbox.put("photos/cat.jpg", "cat");
    sandbox.run(&["get", "photos/cat.jpg"]).ok();
    assert_eq!(sandbox.read("cat.jpg"), b"cat");
    sandbox.run(&["get", "photos/cat.jpg", "-o", "tom.jpg"]).ok();
    assert_eq!(sandbox.read("tom.jpg"), b"cat");
    std::fs::create_dir(sandbox.path("pets")).unwrap();
    sandbox.run(&["get", "photos/cat.jpg", "-o", "pets"]).ok();
    sandbox.run(&["get", "photos/cat.jpg", "-o", "new/"]).ok();
    assert_eq!(
        (sandbox.read("pets/cat.jpg"), sandbox.read("new/cat.jpg")),
        (b"cat".to_vec(), b"cat".to_vec())
    );
    assert_eq!(sandbox.run(&["get", "photos/cat.jpg", "-o", "-"]).ok().stdout, b"cat");
    sandbox.run(&["get", "photos/cat.jpg", "photos/cat.jpg", "-o", "one"]).failed(2);
}

#[test]
fn replaces_as_cp_does_unless_told_otherwise() {
    let sandbox = Sandbox::new();
    sandbox.put("a", "new");
    sandbox.write("a", "old");
    let refused = sandbox.run(&["get", "a", "--no-clobber", "--json"]).failed(6);
    assert_eq!(refused.errors()[0]["kind"], "already_exists");
    assert_eq!(sandbox.read("a"), b"old");
    sandbox.run(&["get", "a"]).ok();
    assert_eq!(sandbox.read("a"), b"new");
}

#[test]
fn what_fails_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    sandbox.put("here", "x");
    let before = files(&sandbox.path("."));
    sandbox.run(&["get", "missing"]).failed(3);
    sandbox.run(&["get", "missing", "-o", "folder/"]).failed(3);
    sandbox.run(&["get", "here", "-o", "no/such/folder/file"]).failed(1);
    std::fs::create_dir(sandbox.path("here")).unwrap();
    sandbox.run(&["get", "here"]).failed(1);
    assert_eq!(files(&sandbox.path(".")), before);
}

#[test]
fn several_and_all_of_them_are_tried() {
    let sandbox = Sandbox::new();
    sandbox.put("a", "1");
    sandbox.put("b", "2");
    let outcome = sandbox.run(&["get", "a", "missing", "b", "-o", "out/", "--json"]).failed(3);
    assert_eq!(outcome.errors()[0]["key"], "missing");
    assert_eq!(files(&sandbox.path("out")), ["a", "b"]);
    assert!(
        outcome.json().iter().any(|read| read["key"] == "b" && read["file"] == "out/b" && read["size"] == 1)
    );
}

#[test]
fn the_whole_bucket_keeps_its_paths() {
    let sandbox = Sandbox::new();
    for key in ["top", "a/b", "a/c/d"] {
        sandbox.put(key, key);
    }
    sandbox.run(&["get", "--recursive", "", "-o", "all"]).ok();
    assert_eq!(files(&sandbox.path("all")), ["a/b", "a/c/d", "top"]);
    sandbox.run(&["get", "--recursive", "a/c", "-o", "part"]).ok();
    assert_eq!(files(&sandbox.path("part")), ["c/d"]);
    sandbox.run(&["get", "--recursive", "nothing", "-o", "none", "--json"]).failed(3);
}

#[test]
#[cfg(unix)]
fn nothing_is_written_outside_through_links() {
    let sandbox = Sandbox::new();
    sandbox.put("photos/deep/a", "new");
    sandbox.write("outside/a", "old");
    std::fs::create_dir_all(sandbox.path("out/photos")).unwrap();
    std::os::unix::fs::symlink("../../outside", sandbox.path("out/photos/deep")).unwrap();
    let outcome = sandbox.run(&["get", "--recursive", "photos", "-o", "out"]).failed(1);
    assert!(outcome.stderr.contains("in the way"), "{outcome:?}");
    assert_eq!(files(&sandbox.path("outside")), ["a"]);
    assert_eq!(sandbox.read("outside/a"), b"old");
    // A link in the file's own place is replaced, not written through.
    sandbox.put("photos/b", "new");
    std::os::unix::fs::symlink("../../outside/a", sandbox.path("out/photos/b")).unwrap();
    sandbox.run(&["get", "--recursive", "photos", "-o", "out"]).failed(1);
    assert_eq!((sandbox.read("out/photos/b"), sandbox.read("outside/a")), (b"new".to_vec(), b"old".to_vec()));
}

#[test]
#[cfg(unix)]
fn new_files_have_ordinary_permissions_and_devices_stay() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.put("a", "x");
    sandbox.write("ordinary", "");
    sandbox.run(&["get", "a"]).ok();
    let mode = |path: &str| std::fs::metadata(sandbox.path(path)).unwrap().permissions().mode();
    assert_eq!(mode("a"), mode("ordinary"));
    sandbox.run(&["get", "a", "-o", "/dev/null"]).ok();
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
    let stdout = std::fs::symlink_metadata("/dev/stdout").unwrap().modified().unwrap();
    assert!(sandbox.run(&["get", "a", "-o", "/dev/stdout", "--quiet"]).ok().text().starts_with('x'));
    assert_eq!(std::fs::symlink_metadata("/dev/stdout").unwrap().modified().unwrap(), stdout);
}

#[test]
fn cat_gives_bytes_and_ranges() {
    let sandbox = Sandbox::new();
    sandbox.put("a", "0123456789");
    sandbox.put("b", "!");
    assert_eq!(sandbox.run(&["cat", "a", "b"]).ok().stdout, b"0123456789!");
    for (range, bytes) in [("2-4", "234"), ("7-", "789"), ("-2", "89"), ("8-100", "89")] {
        assert_eq!(sandbox.run(&["cat", "a", "--range", range]).ok().text(), bytes);
    }
    sandbox.run(&["cat", "a", "--range", "10-"]).failed(2);
    sandbox.run(&["cat", "a", "--range", "x"]).failed(2);
    let some = sandbox.run(&["cat", "missing", "b"]).failed(3);
    assert_eq!(some.stdout, b"!");
}
