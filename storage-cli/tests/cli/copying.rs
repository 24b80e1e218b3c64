use serde_json::json;

use crate::sandbox::Sandbox;

#[test]
fn copies_and_moves() {
    let sandbox = Sandbox::new();
    sandbox.put("a", "content");
    assert_eq!(sandbox.run(&["cp", "a", "b"]).ok().lines(), ["a -> b"]);
    sandbox.run(&["mv", "a", "c/d"]).ok();
    assert_eq!(sandbox.keys(), ["b", "c/d"]);
    sandbox.run(&["cp", "b", "c/d", "pets/"]).ok();
    assert_eq!(sandbox.keys(), ["b", "c/d", "pets/b", "pets/d"]);
    assert_eq!(sandbox.run(&["cat", "pets/d"]).ok().stdout, b"content");
    let json = sandbox.run(&["mv", "pets/b", "e", "--json"]).ok().json().remove(0);
    assert_eq!(
        json,
        json!({
            "key": "e", "size": 7, "etag": "9a0364b9e99bb480dd25e1f0284c8555", "last_modified": null, "content_type": null
        })
    );
}

#[test]
fn replaces_unless_told_otherwise() {
    let sandbox = Sandbox::new();
    sandbox.put("a", "a");
    sandbox.put("b", "b");
    for verb in ["cp", "mv"] {
        sandbox.run(&[verb, "a", "b", "--no-clobber"]).failed(6);
    }
    assert_eq!(sandbox.run(&["cat", "a", "b"]).ok().stdout, b"ab");
    sandbox.run(&["cp", "a", "b"]).ok();
    assert_eq!(sandbox.run(&["cat", "b"]).ok().stdout, b"a");
}

#[test]
fn onto_itself_nothing_is_lost() {
    let sandbox = Sandbox::new();
    sandbox.put("a", "content");
    sandbox.run(&["mv", "a", "a"]).ok();
    assert_eq!(sandbox.run(&["cat", "a"]).ok().stdout, b"content");
}

#[test]
fn a_missing_source_and_bad_arguments() {
    let sandbox = Sandbox::new();
    sandbox.put("a", "a");
    let error = sandbox.run(&["cp", "missing", "b", "--json"]).failed(3).errors().remove(0);
    assert_eq!((error["kind"].as_str(), error["key"].as_str()), (Some("not_found"), Some("missing")));
    sandbox.run(&["cp", "a", "missing", "no-folder"]).failed(2);
    sandbox.run(&["cp", "a", "../b"]).failed(2);
    sandbox.run(&["cp", "a"]).failed(2);
}
