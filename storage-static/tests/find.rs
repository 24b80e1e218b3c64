//! What is found in folders, and what is said about what cannot be.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

use std::fs;
use std::path::Path;

use storage_static::find::{FindFault, Ignore, Shadowing, Source, Tree, find};

fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, content) in files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
}

fn paths(tree: &Tree) -> Vec<&str> {
    tree.files.iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn the_first_source_wins_and_others_are_told() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(one.path(), &[("a.css", "a"), ("x/b.js", "bb"), ("same.txt", "same")]);
    write(other.path(), &[("a.css", "A"), ("x/b.js", "b"), ("same.txt", "same"), ("c", "")]);
    let tree = find(&[one.path().into(), other.path().into()], &Ignore::default());
    assert!(tree.faults.is_empty(), "{:?}", tree.faults);
    assert_eq!(paths(&tree), ["a.css", "c", "same.txt", "x/b.js"]);
    assert_eq!(tree.file("a.css").unwrap().source, 0);
    assert_eq!(tree.file("c").unwrap().stamp.size, 0);
    assert!(tree.file("nothing").is_none());
    let told: Vec<_> = tree.shadowed.iter().map(|file| (file.path.as_str(), file.shadowing)).collect();
    assert_eq!(
        told,
        [
            ("a.css", Shadowing::Different),
            ("same.txt", Shadowing::Identical),
            ("x/b.js", Shadowing::Different)
        ]
    );
    assert!(tree.shadowed[0].to_string().contains("is different from"), "{}", tree.shadowed[0]);
}

#[test]
fn large_files_are_compared_to_their_ends() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut bytes = vec![7; 200_000];
    fs::write(one.path().join("a"), &bytes).unwrap();
    fs::write(one.path().join("b"), &bytes).unwrap();
    fs::write(other.path().join("a"), &bytes).unwrap();
    bytes[199_999] = 8;
    fs::write(other.path().join("b"), &bytes).unwrap();
    let tree = find(&[one.path().into(), other.path().into()], &Ignore::default());
    let how: Vec<_> = tree.shadowed.iter().map(|file| file.shadowing).collect();
    assert_eq!(how, [Shadowing::Identical, Shadowing::Different]);
}

#[test]
fn a_source_may_be_under_a_prefix() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(one.path(), &[("a.css", "1"), ("vendor/lib/b.css", "1")]);
    write(other.path(), &[("b.css", "2"), ("c.css", "2")]);
    let sources = [Source::new(one.path()), Source::new(other.path()).under("/vendor/lib/")];
    let tree = find(&sources, &Ignore::default());
    assert_eq!(paths(&tree), ["a.css", "vendor/lib/b.css", "vendor/lib/c.css"]);
    assert_eq!(tree.shadowed.len(), 1);

    let tree = find(&[Source::new(one.path()).under("../x")], &Ignore::default());
    assert!(matches!(tree.faults[..], [FindFault::BadName { .. }]), "{:?}", tree.faults);
}

#[test]
fn what_is_ignored_is_not_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let files =
        ["a.css", "a.css~", ".git/config", "x/.hidden", "x/CVS/a", ".well-known/security.txt", "x/y/z.map"];
    write(folder.path(), &files.map(|file| (file, "")));
    assert_eq!(
        paths(&find(&[folder.path().into()], &Ignore::default().glob("x/y"))),
        [".well-known/security.txt", "a.css"]
    );
    assert_eq!(find(&[folder.path().into()], &Ignore::nothing()).files.len(), files.len());
}

#[test]
fn all_faults_are_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{}.css", "l".repeat(240));
    write(folder.path(), &[("good.css", ""), ("new\nline.css", ""), ("back\\slash.css", ""), (&long, "")]);
    let sources =
        [folder.path().into(), folder.path().join("absent").into(), folder.path().join("good.css").into()];
    let tree = find(&sources, &Ignore::default());
    assert_eq!(paths(&tree), ["good.css"]);
    let told = tree.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    for part in [
        "absent cannot be read",
        "a backslash",
        "good.css is no folder",
        "more than 255",
        "control character",
    ] {
        assert!(told.contains(part), "{part}:\n{told}");
    }
    assert_eq!(tree.faults.len(), 5, "{told}");
}

#[test]
fn a_file_and_a_folder_of_one_name_are_told() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(one.path(), &[("a", ""), ("a.b", "")]);
    write(other.path(), &[("a/b", ""), ("a!", "")]);
    let tree = find(&[one.path().into(), other.path().into()], &Ignore::default());
    assert!(matches!(tree.faults[..], [FindFault::FileAndFolder { .. }]), "{:?}", tree.faults);
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_within_the_source_only() {
        let outside = tempfile::tempdir().unwrap();
        write(outside.path(), &[("secret", "s")]);
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, &[("a/x.css", "x"), ("b/y.css", "y")]);
        symlink("a", root.join("again")).unwrap();
        symlink("../a/x.css", root.join("b/x.css")).unwrap();
        symlink(outside.path().join("secret"), root.join("leak")).unwrap();
        symlink("/", root.join("all")).unwrap();
        symlink("nowhere", root.join("broken")).unwrap();
        // Two that lead into one another.
        symlink("../b", root.join("a/b")).unwrap();
        symlink("../a", root.join("b/a")).unwrap();
        let tree = find(&[root.into()], &Ignore::default());
        assert_eq!(
            paths(&tree),
            [
                "a/b/x.css",
                "a/b/y.css",
                "a/x.css",
                "again/b/x.css",
                "again/b/y.css",
                "again/x.css",
                "b/a/x.css",
                "b/x.css",
                "b/y.css"
            ]
        );
        let count = |is: fn(&FindFault) -> bool| tree.faults.iter().filter(|fault| is(fault)).count();
        assert_eq!(count(|fault| matches!(fault, FindFault::LeadsOut { .. })), 2, "{:?}", tree.faults);
        // Each once, by however many paths it can be reached.
        assert_eq!(count(|fault| matches!(fault, FindFault::Loop { .. })), 2, "{:?}", tree.faults);
        assert_eq!(count(|fault| matches!(fault, FindFault::Unreadable { .. })), 1, "{:?}", tree.faults);
        // Ignored ones are none.
        let ignore = Ignore::default().glob("leak").glob("all").glob("broken").glob("*/?").glob("*/?/?");
        assert!(find(&[root.into()], &ignore).faults.is_empty());
    }

    /// Ten folders, each linked into all others, can be reached by ten million paths.
    #[test]
    fn folders_that_link_to_one_another_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<_> = (0..10).map(|at| format!("f{at}")).collect();
        for name in &names {
            write(folder.path(), &[(&format!("{name}/a.css"), "")]);
            for other in names.iter().filter(|other| *other != name) {
                symlink(format!("../{other}"), folder.path().join(name).join(other)).unwrap();
            }
        }
        let told = || {
            let tree = find(&[folder.path().into()], &Ignore::default());
            let is = |fault: &&FindFault| matches!(fault, FindFault::ManyPaths { .. });
            let told: Vec<_> = tree.faults.iter().filter(is).map(ToString::to_string).collect();
            assert!(tree.faults.len() <= told.len() + 90, "each of the links once: {}", tree.faults.len());
            (tree.files.len(), told)
        };
        let (files, faults) = told();
        assert_eq!((files, faults.len()), (10 * 256, 10), "{faults:?}");
        assert_eq!(told(), (files, faults), "the same each time");
        let ignore = Ignore::default().glob("f?/f?");
        assert!(find(&[folder.path().into()], &ignore).faults.is_empty());
    }

    #[test]
    fn a_source_may_be_a_link_itself() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("real/a.css", "")]);
        symlink("real", folder.path().join("link")).unwrap();
        assert_eq!(paths(&find(&[folder.path().join("link").into()], &Ignore::default())), ["a.css"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_utf8_and_what_is_no_file_are_told() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"\xff.css")), "").unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
        let tree = find(&[folder.path().into()], &Ignore::default());
        let told = tree.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(told.contains("it is not UTF-8") && told.contains("neither a file nor a folder"), "{told}");
        assert!(tree.files.is_empty());
    }
}
