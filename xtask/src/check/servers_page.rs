//! The page about servers names the gaps that the conformance test declares, and the versions that are tested.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::rust_source::string_literals;
use crate::integration::heading;
use crate::servers::tested_versions;
use crate::workspace::Workspace;

const PAGE: &str = "docs/servers.md";
/// A file for each kind of server.
const DECLARATIONS: &str = "storage-minio/tests/conformance/servers";

/// What the page and the declarations do not have in common.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let page = workspace.read(Path::new(PAGE))?;
    let mut wrong = Vec::new();
    for (server, version) in tested_versions() {
        // Several nodes of one kind have its gaps, and others besides.
        let read = |kind: &str| workspace.read(&Path::new(DECLARATIONS).join(format!("{kind}.rs")));
        let declared = match server.strip_suffix("-cluster") {
            Some(kind) => read(kind)? + &read(&server.replace('-', "_"))?,
            None => read(server)?,
        };
        match section(&page, &heading(server, Some(version))) {
            Some(section) => wrong.extend(differences(server, section, &declared)),
            None => wrong.push(format!("it has no `{}`", heading(server, Some(version)))),
        }
    }
    let again = "run `cargo xtask integration --server all --write-table docs/servers.md`";
    Ok(wrong.into_iter().map(|what| format!("{PAGE}: {what}; {again}")).collect())
}

/// The lines below a heading, up to the next.
fn section<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("\n{heading}\n"))?;
    Some(rest.split("\n##").next().unwrap_or(rest))
}

fn differences(server: &str, section: &str, declared: &str) -> Vec<String> {
    let literals = string_literals(declared);
    let (cases, reasons): (Vec<&str>, Vec<&str>) =
        literals.iter().map(String::as_str).partition(|literal| is_case(literal));
    let cases: BTreeSet<_> = cases.into_iter().collect();
    // A suite that runs the cases for a store of its own puts that store's name before them, and declares its gaps itself.
    let is_ours = |word: &&str| is_case(word) && word.matches("::").count() == 1;
    let shown: BTreeSet<&str> = section.split('`').filter(is_ours).collect();
    let missing = cases.difference(&shown).map(|case| format!("{server}: the gap `{case}` is missing"));
    let closed = shown.difference(&cases).map(|case| format!("{server}: `{case}` is no gap any more"));
    let unexplained = reasons.into_iter().filter(|reason| !section.contains(*reason));
    let unexplained = unexplained.map(|reason| format!("{server}: it does not say: {reason}"));
    missing.chain(closed).chain(unexplained).collect()
}

/// Whether it has the form of a case's name, `topic::case`.
fn is_case(word: &str) -> bool {
    word.contains("::")
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_:".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# S\n\n### a 1\n\n- It drops it: `put::a`, `put::b_2`\n- cannot: x (1 case)\n\n### b 2\n\nNothing.\n";
    const DECLARED: &str = "//! \"copy::x\"\nconst WHY: &str = \"It drops it\";\nconst GAPS: G = &[(\"put::a\", WHY), (\"put::b_2\", WHY)];\n";

    #[test]
    fn a_page_that_says_what_is_declared_passes() {
        assert_eq!(section(PAGE, "### b 2").unwrap().trim(), "Nothing.");
        assert_eq!(section(PAGE, "### b 3"), None);
        assert_eq!(differences("a", section(PAGE, "### a 1").unwrap(), DECLARED), [""; 0]);
    }

    #[test]
    fn each_difference_is_told() {
        let section = section(PAGE, "### a 1").unwrap();
        let declared = DECLARED.replace("put::a", "put::new").replace("It drops it", "It keeps it");
        let expected = [
            "a: the gap `put::new` is missing",
            "a: `put::a` is no gap any more",
            "a: it does not say: It keeps it",
        ];
        assert_eq!(differences("a", section, &declared), expected);
    }
}
