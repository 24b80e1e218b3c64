use serde_json::json;

use crate::sandbox::{MEDIA, Sandbox};

fn filled() -> Sandbox {
    let sandbox = Sandbox::new();
    for key in ["b/2", "a", "b/c/3", "b/1", "d e/ü"] {
        sandbox.put(key, key);
    }
    sandbox
}

#[test]
fn levels_folders_and_everything() {
    let sandbox = filled();
    assert_eq!(sandbox.run(&["ls"]).ok().lines(), ["a", "b/", "d e/"]);
    assert_eq!(sandbox.run(&["ls", "b"]).ok().lines(), ["b/1", "b/2", "b/c/"]);
    assert_eq!(sandbox.run(&["ls", "b/"]).ok().lines(), ["b/1", "b/2", "b/c/"]);
    assert_eq!(sandbox.run(&["ls", "-r"]).ok().lines(), ["a", "b/1", "b/2", "b/c/3", "d e/ü"]);
    assert_eq!(sandbox.run(&["ls", "-r", "b"]).ok().lines(), ["b/1", "b/2", "b/c/3"]);
    assert_eq!(sandbox.run(&["ls", "a"]).ok().lines(), ["a"]);
    assert_eq!(sandbox.run(&["ls", "nothing"]).failed(3).stdout, b"");
    assert_eq!(sandbox.run(&["ls", "a//b"]).failed(3).stdout, b"");
    assert!(Sandbox::new().run(&["ls"]).ok().stdout.is_empty());
}

#[test]
fn long_lines_have_size_time_and_etag() {
    let sandbox = filled();
    let lines = sandbox.run(&["ls", "--long"]).ok().lines();
    let fields: Vec<_> = lines[0].split_whitespace().collect();
    assert_eq!((fields[0], fields[2], fields[3]), ("1", "0cc175b9c0f1b6a831c399e269772661", "a"));
    assert!(fields[1].len() == 20 && fields[1].ends_with('Z'), "{fields:?}");
    assert!(lines[1].trim_start().starts_with('-') && lines[1].ends_with("b/"), "{lines:?}");
}

#[test]
fn the_json_of_a_listing() {
    let sandbox = filled();
    let mut lines = sandbox.run(&["ls", "--json"]).ok().json();
    let time = lines[0]["last_modified"].take();
    assert!(time.as_str().unwrap().ends_with('Z'), "{time}");
    assert_eq!(
        lines[..2],
        [
            json!({
                "type": "object", "key": "a", "size": 1, "etag": "0cc175b9c0f1b6a831c399e269772661",
                "last_modified": null, "content_type": null
            }),
            json!({
                "type": "folder", "key": "b/", "size": null, "etag": null, "last_modified": null, "content_type": null
            }),
        ]
    );
    let keys: Vec<_> = sandbox.run(&["ls", "-r", "--json"]).ok().json();
    assert_eq!(keys.len(), 5);
}

#[test]
fn the_json_of_one_object() {
    let sandbox = Sandbox::new();
    sandbox.put("a.txt", "a");
    let mut stat = sandbox.run(&["stat", "a.txt", "--json"]).ok().json().remove(0);
    assert!(stat["last_modified"].take().as_str().unwrap().ends_with('Z'));
    assert_eq!(
        stat,
        json!({
            "key": "a.txt", "size": 1, "etag": "0cc175b9c0f1b6a831c399e269772661", "last_modified": null,
            "content_type": "text/plain", "version": null, "cache_control": null, "content_disposition": null,
            "content_encoding": null, "content_language": null, "metadata": {}
        })
    );
    let text = sandbox.run(&["stat", "a.txt"]).ok();
    assert!(text.text().contains("content type   text/plain\n"), "{text:?}");
    let some = sandbox.run(&["stat", "missing", "a.txt"]).failed(3);
    assert!(some.text().contains("a.txt"));
}

#[test]
#[cfg(unix)]
fn what_others_left_is_shown_safely_and_can_be_deleted() {
    let sandbox = Sandbox::new();
    sandbox.put("good", "");
    let foreign = "x\u{1b}[2Jy";
    sandbox.write(&format!("store/{MEDIA}/{foreign}"), "");
    assert_eq!(sandbox.run(&["ls"]).ok().lines(), ["good", "x\\u{1b}[2Jy"]);
    let line = sandbox.run(&["ls", "--json"]).ok().json().remove(1);
    assert_eq!((line["type"].as_str(), line["key"].as_str()), (Some("unaddressable"), Some(foreign)));
    sandbox.run(&["get", "--recursive", "", "-o", "out", "--json"]).failed(1);
    sandbox.run(&["rm", foreign]).failed(2);
    sandbox.run(&["rm", "--raw", foreign, "../x"]).ok();
    assert_eq!(sandbox.keys(), ["good"]);
}

#[test]
fn deleting_one_many_and_all() {
    let sandbox = filled();
    assert_eq!(sandbox.run(&["rm", "a", "missing"]).ok().lines(), ["deleted a", "deleted missing"]);
    let json = sandbox.run(&["rm", "-r", "b", "--json"]).ok().json();
    assert_eq!(json[0], json!({"key": "b/1", "deleted": true}));
    assert_eq!(sandbox.keys(), ["d e/ü"]);
    for everything in ["", "/"] {
        sandbox.run(&["rm", "-r", everything]).failed(2);
    }
    assert_eq!(sandbox.keys(), ["d e/ü"]);
    sandbox.run(&["rm", "-r", "", "--yes"]).ok();
    assert!(sandbox.keys().is_empty());
    sandbox.run(&["rm", "../x"]).failed(2);
}

#[test]
fn many_are_deleted_in_order_and_all_are_told() {
    let sandbox = Sandbox::new();
    sandbox.put("many/first", "");
    let names: Vec<_> = (0..2_500).map(|n| format!("many/{n:04}")).collect();
    for name in &names {
        sandbox.write(&format!("store/{MEDIA}/{name}"), "");
    }
    sandbox.put("other", "");
    let deleted = sandbox.run(&["rm", "-r", "many"]).ok().lines();
    let expected =
        names.iter().map(String::as_str).chain(["many/first"]).map(|name| format!("deleted {name}"));
    assert!(deleted.into_iter().eq(expected));
    assert_eq!(sandbox.keys(), ["other"]);
}
