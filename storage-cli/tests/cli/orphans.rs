use std::fs::File;
use std::time::{Duration, SystemTime};

use crate::sandbox::{MEDIA, Sandbox};

/// Eight old objects and a new one; seven of the old ones are referred to, and one that is not there.
fn filled() -> Sandbox {
    let sandbox = Sandbox::new();
    for number in 1..=8 {
        put_old(&sandbox, &format!("a/{number}"));
    }
    sandbox.put("a/new", "new");
    sandbox.write("keys.txt", "a/8\r\na/1\na/2\n\na/3\na/4\na/5\na/6\na/none\n");
    sandbox
}

fn put_old(sandbox: &Sandbox, key: &str) {
    sandbox.put(key, key);
    let file = File::options().write(true).open(sandbox.path(&format!("store/{MEDIA}/{key}"))).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3 * 86_400)).unwrap();
}

const DELETE: [&str; 5] = ["orphans", "--references", "keys.txt", "--delete", "--yes"];

#[test]
fn orphans_are_listed_and_nothing_is_deleted() {
    let sandbox = filled();
    let found = sandbox.run(&["orphans", "--references", "keys.txt"]);
    assert_eq!((found.status, found.lines()), (Some(0), vec!["a/7".to_owned()]));
    assert_eq!(
        found.stderr,
        "notice: missing: a/none\nnotice: 1 of 9 objects are orphans, 3 bytes; 1 too young to tell; 1 missing\n"
    );
    assert_eq!(sandbox.run(&["orphans", "--references", "keys.txt", "-q"]).ok().lines(), ["a/7"]);
    let json = sandbox.run(&["orphans", "--references", "keys.txt", "--json"]).ok().json();
    let of = |state: &str| {
        json.iter()
            .filter(|line| line["state"] == state)
            .map(|line| line["key"].as_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!((of("orphan"), of("missing")), (vec!["a/7"], vec!["a/none"]));
    assert_eq!((&json[0]["size"], json[0]["last_modified"].as_str().unwrap().len()), (&3.into(), 20));
    let summary = &json.last().unwrap()["summary"];
    assert_eq!(
        (&summary["listed"], &summary["young"], &summary["deleted"]),
        (&9.into(), &1.into(), &().into())
    );
    assert_eq!(sandbox.keys().len(), 9);
}

#[test]
fn references_come_by_the_standard_input_and_with_nul_too() {
    let sandbox = filled();
    let found = sandbox.pipe(b"a/7\0a/1\0a/2\0a/3", &["orphans", "--references", "-", "-0", "-q"]).ok();
    assert_eq!(found.lines(), ["a/4", "a/5", "a/6", "a/8"]);
    let none = sandbox.pipe(b"a/1", &["orphans", "--references", "-", "--prefix", "b/", "--json"]).failed(2);
    assert_eq!(none.errors()[0]["kind"], "invalid_input");
    let allowed = ["orphans", "--references", "-", "--prefix", "a/7", "--allow-empty", "-q"];
    assert_eq!(sandbox.pipe(b"", &allowed).ok().lines(), ["a/7"]);
    let young = sandbox.pipe(b"a/1", &["orphans", "--references", "-", "--min-age", "4d", "-q"]).ok();
    assert!(young.stdout.is_empty());
}

#[test]
fn orphans_are_deleted_when_told_and_only_they() {
    let sandbox = filled();
    let deleted = sandbox.run(&DELETE);
    assert_eq!((deleted.status, deleted.lines()), (Some(0), vec!["deleted a/7".to_owned()]));
    assert!(deleted.stderr.ends_with("notice: 1 deleted, 3 bytes\n"), "{}", deleted.stderr);
    assert_eq!(sandbox.keys(), ["a/1", "a/2", "a/3", "a/4", "a/5", "a/6", "a/8", "a/new"]);
    let again = sandbox.run(&[&DELETE[..], &["--json"]].concat()).ok().json();
    assert_eq!(again.last().unwrap()["summary"]["deleted"], 0);
}

#[test]
fn too_many_are_refused_unless_told() {
    let sandbox = filled();
    sandbox.write("keys.txt", "a/1\na/2\na/3\na/4\na/5\n");
    let found = sandbox.run(&DELETE[..3]);
    assert!(
        found.stderr.contains("--delete would be refused: 3 of 9 objects are orphans, more than 25 %"),
        "{found:?}"
    );
    let refused = sandbox.run(&[&DELETE[..], &["--json"]].concat()).failed(6);
    let error = &refused.errors()[0];
    assert_eq!((&error["kind"], &error["operation"]), (&"precondition_failed".into(), &"sweep".into()));
    assert!(error["message"].as_str().unwrap().contains("3 of 9 objects"), "{error}");
    assert_eq!(sandbox.keys().len(), 9);
    let deleted = sandbox.run(&[&DELETE[..], &["--max-share", "34%", "--trust-listing", "-q"]].concat()).ok();
    assert_eq!(deleted.lines(), ["deleted a/6", "deleted a/7", "deleted a/8"]);
    sandbox.run(&[&DELETE[..], &["--max-share", "0.25"]].concat()).failed(2);
}

#[test]
fn nothing_is_deleted_where_nobody_can_be_asked() {
    let sandbox = filled();
    for references in ["keys.txt", "-"] {
        let args = ["orphans", "--references", references, "--delete", "--json"];
        let refused = sandbox.pipe(b"y\n", &args).failed(2);
        assert_eq!(refused.errors()[0]["kind"], "usage");
    }
    sandbox.run(&["orphans", "--references", "keys.txt", "--yes"]).failed(2);
    sandbox.run(&["orphans"]).failed(2);
    assert_eq!(
        sandbox.run(&["orphans", "--references", "none", "--json"]).failed(3).errors()[0]["kind"],
        "not_found"
    );
    assert_eq!(sandbox.keys().len(), 9);
}
