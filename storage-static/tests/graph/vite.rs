//! What Vite has made: its manifest is found, and believed.

use storage_static::cache::Cache;
use storage_static::find::{FindFault, Ignore, Source, find};
use storage_static::graph::{Graph, Naming, Options, Style};
use storage_static::manifest::Index;
use storage_static::plan::{Found, Plan, PlanOptions};
use storage_static::references::Kind;
use storage_static::resolve::{Destination, Statics};

use crate::support::{folder, text, write};

/// As Vite 8 writes it, with `assetFileNames: "assets/[name][extname]"` for the styles of what is loaded later.
const MANIFEST: &[u8] = br#"{
    "_shared-B7PI925R.js": {"file": "assets/shared-B7PI925R.js", "name": "shared", "css": ["assets/shared-ChJ_j-JJ.css"]},
    "src/main.ts": {"file": "assets/main-BRBmoGS9.js", "name": "main", "src": "src/main.ts", "isEntry": true,
        "imports": ["_shared-B7PI925R.js"], "dynamicImports": ["src/lazy.ts"], "css": ["assets/main-5UjPuW-k.css"]},
    "src/lazy.ts": {"file": "assets/lazy-CtOqSdLo.js", "name": "lazy", "src": "src/lazy.ts", "isDynamicEntry": true,
        "css": ["assets/lazy.css"]},
    "src/logo.svg": {"file": "assets/logo-Crh24toR.svg", "src": "src/logo.svg"}
}"#;

const FILES: [(&str, &[u8]); 8] = [
    (".vite/manifest.json", MANIFEST),
    (
        "assets/main-BRBmoGS9.js",
        b"const d=['assets/lazy.css'];import'./shared-B7PI925R.js';import('./lazy-CtOqSdLo.js')",
    ),
    ("assets/shared-B7PI925R.js", b"1"),
    ("assets/lazy-CtOqSdLo.js", b"2"),
    ("assets/main-5UjPuW-k.css", b"a{b:url(./logo-Crh24toR.svg)}"),
    ("assets/shared-ChJ_j-JJ.css", b"c{}"),
    ("assets/lazy.css", b"d{}"),
    ("assets/logo-Crh24toR.svg", b"<svg/>"),
];

#[test]
fn files_with_hashes_keep_their_names_and_bytes() {
    let folder = folder(&FILES);
    write(folder.path(), "site.css", b"a{b:url(assets/logo-Crh24toR.svg)}");
    for style in [Style::Preserve, Style::Django { imports: true }] {
        let tree = find(&[folder.path().into()], &Ignore::default());
        assert!(tree.faults.is_empty() && tree.bundled.fingerprinted().len() == 6, "{tree:?}");
        let graph = Graph::build(&tree, &Options::new().style(style), &Cache::none());
        assert!(graph.is_good(), "{:?}", graph.problems());
        for output in graph.outputs() {
            let is_kept = !["assets/lazy.css", "site.css"].contains(&output.path.as_str());
            assert_eq!(output.naming == Naming::Kept, is_kept, "{}", output.path);
            assert!(!is_kept || output.served == output.path && !output.is_rewritten);
        }
        assert!(text(&graph, "site.css").contains("assets/logo-Crh24toR.svg"));
    }
}

#[test]
fn entries_are_known_by_their_sources_and_have_their_styles() {
    let folder = folder(&FILES);
    let tree = find(&[Source::new(folder.path()).under("app")], &Ignore::default());
    let graph = Graph::build(&tree, &Options::default(), &Cache::none());
    let plan = Plan::new(&graph, &Found::default(), &PlanOptions::new("d", 0)).unwrap();
    // What a script asks for by a name that it has made up is there by that name too.
    let keys: Vec<_> = plan.steps.iter().map(|step| step.key.as_str()).collect();
    assert!(
        keys.contains(&"app/assets/lazy.css") && keys.contains(&"app/assets/lazy.3206c36a9e11.css"),
        "{keys:?}"
    );

    let index = Index::parse(plan.index.index.to_json().as_bytes()).unwrap();
    assert_eq!(index.files["app/assets/main-BRBmoGS9.js"].sources, ["app/src/main.ts"]);
    let statics = Statics::builder().index(index).manifest(&graph.manifest());
    assert_eq!(statics.url("app/src/main.ts?x").unwrap(), "/static/app/assets/main-BRBmoGS9.js?x");
    assert!(statics.integrity("app/src/main.ts").is_some() && statics.contains("app/src/main.ts"));
    assert_eq!(statics.url("app/src/man.ts").unwrap_err().nearest[0], "app/src/main.ts");
    let preloads = statics.preloads("app/src/main.ts").unwrap();
    let shown: Vec<_> = preloads.iter().map(|preload| (preload.destination, &preload.url[19..])).collect();
    assert_eq!(
        shown,
        [
            (Destination::Module, "shared-B7PI925R.js"),
            (Destination::Style, "main-5UjPuW-k.css"),
            (Destination::Style, "shared-ChJ_j-JJ.css"),
            (Destination::Image, "logo-Crh24toR.svg"),
        ]
    );
    // Without the index there are files alone.
    assert!(Statics::builder().manifest(&graph.manifest()).url("app/src/main.ts").is_err());
}

#[test]
fn only_files_of_its_own_source_are_bundled() {
    let (own, bundled) = (folder(&[("assets/shared-B7PI925R.js", b"other")]), folder(&FILES));
    let tree = find(&[own.path().into(), bundled.path().into()], &Ignore::default());
    let graph = Graph::build(&tree, &Options::default(), &Cache::none());
    assert_eq!(graph.output("assets/shared-B7PI925R.js").unwrap().naming, Naming::Fingerprinted);
    assert_eq!(graph.output("assets/main-BRBmoGS9.js").unwrap().naming, Naming::Kept);
    // And none at all if that is wished.
    let tree = find(&[Source::new(bundled.path()).without_vite()], &Ignore::default());
    let graph = Graph::build(&tree, &Options::default(), &Cache::none());
    assert!(graph.outputs().iter().all(|output| output.naming == Naming::Fingerprinted));
    assert!(
        graph.outputs().iter().flat_map(|output| &output.dependencies).all(|link| link.kind != Kind::Bundled)
    );
}

#[test]
fn a_broken_manifest_is_a_fault() {
    let folder = folder(&[(".vite/manifest.json", b"[1]"), ("a.css", b"")]);
    let tree = find(&[folder.path().into()], &Ignore::default());
    assert!(matches!(tree.faults[..], [FindFault::Bundler { .. }]), "{:?}", tree.faults);
    assert!(tree.faults[0].to_string().ends_with("manifest.json cannot be understood"));
    let why = std::error::Error::source(&tree.faults[0]).unwrap().to_string();
    assert!(why.starts_with("this is no manifest of Vite"), "{why}");
    #[cfg(unix)]
    {
        let outside = crate::support::folder(&FILES);
        let file = folder.path().join(".vite/manifest.json");
        std::fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink(outside.path().join(".vite/manifest.json"), file).unwrap();
        let tree = find(&[folder.path().into()], &Ignore::default());
        assert!(matches!(tree.faults[..], [FindFault::LeadsOut { .. }]), "{:?}", tree.faults);
    }
}

/// In Django's style what a file becomes depends on whether another one keeps its name.
#[test]
fn a_cache_knows_which_names_were_kept() {
    let folder = folder(&FILES);
    write(folder.path(), "site.css", b"a{b:url('assets/logo-Crh24toR.svg')}");
    let (kept, options) =
        (tempfile::tempdir().unwrap(), Options::new().style(Style::Django { imports: true }));
    for source in [Source::new(folder.path()), Source::new(folder.path()).without_vite()] {
        let tree = find(&[source], &Ignore::default());
        let cache = Cache::read(kept.path(), &tree, &options);
        let graph = Graph::build(&tree, &options, &cache);
        assert_eq!(graph.outputs(), Graph::build(&tree, &options, &Cache::none()).outputs());
        cache.write(&graph).unwrap();
    }
}
