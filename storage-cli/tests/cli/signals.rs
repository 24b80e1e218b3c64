use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::sandbox::{MEDIA, Outcome, Sandbox, files};

/// A `put -` that has taken some bytes and waits for more.
fn unfinished_put(sandbox: &Sandbox) -> Child {
    let mut child =
        sandbox.command(&["put", "-", "--name", "big", "--json"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(&vec![7; 1_000_000]).unwrap();
    child
}

fn kill(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// The store's files, without what it keeps for itself.
fn stored(sandbox: &Sandbox) -> Vec<String> {
    files(&sandbox.path(&format!("store/{MEDIA}")))
        .into_iter()
        .filter(|file| !file.starts_with(".storage/"))
        .collect()
}

#[test]
fn an_interrupted_put_ends_at_once_and_leaves_nothing() {
    for signal in ["-INT", "-TERM"] {
        let sandbox = Sandbox::new();
        let mut child = unfinished_put(&sandbox);
        let stdin = child.stdin.take();
        let begin = Instant::now();
        kill(&child, signal);
        let outcome = Outcome::from(child.wait_with_output().unwrap()).failed(130);
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
        assert_eq!(outcome.errors()[0]["kind"], "interrupted");
        drop(stdin);
        assert!(stored(&sandbox).is_empty());
        assert!(files(&sandbox.path(&format!("store/{MEDIA}/.storage/tmp"))).is_empty());
    }
}

#[test]
fn a_killed_put_leaves_nothing_to_see() {
    let sandbox = Sandbox::new();
    let child = unfinished_put(&sandbox);
    kill(&child, "-KILL");
    child.wait_with_output().unwrap();
    assert!(sandbox.keys().is_empty());
    assert!(stored(&sandbox).is_empty());
}

#[test]
fn a_killed_get_leaves_the_old_file_or_the_new_one() {
    let sandbox = Sandbox::new();
    let new = vec![1; 20_000_000];
    sandbox.put("big", &new);
    for delay in [2, 5, 10, 20] {
        sandbox.write("big", "old");
        let child = sandbox.command(&["get", "big"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        kill(&child, "-KILL");
        child.wait_with_output().unwrap();
        let content = sandbox.read("big");
        assert!(content == b"old" || content == new, "{} bytes after {delay} ms", content.len());
    }
}
