//! Names resolved at run time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};

use allocation_counter::measure;
use storage_static::find::{Ignore, Source};
use storage_static::graph::Options;
use storage_static::manifest::{Index, IndexedObject, Manifest, ManifestError};
use storage_static::resolve::Destination::{self, Font, Image, Module, Style};
use storage_static::resolve::{ImportMap, LiveStatics, Miss, Statics, StaticsBuilder};
use storage_static::variant::Encoding;
use support::{folder, graph, served};

fn manifest() -> Manifest {
    [
        ("css/site.css", "css/site.0.css"),
        ("font/i.eot", "font/i.1.eot"),
        ("img/a b+é.png", "img/a b+é.2.png"),
        ("odd?name#x.js", "odd?name#x.3.js"),
        ("js/app.js", "js/app.4.js"),
    ]
    .into_iter()
    .collect()
}

fn statics(builder: StaticsBuilder) -> Statics {
    builder.manifest(&manifest())
}

#[test]
fn names_are_resolved() {
    let statics = statics(Statics::builder().base_url("//cdn.example.org/s"));
    for (name, url) in [
        ("css/site.css", "css/site.0.css"),
        ("css/site.css?v=1#top", "css/site.0.css?v=1#top"),
        ("font/i.eot?#iefix", "font/i.1.eot?#iefix"),
        ("img/a b+é.png", "img/a%20b%2B%C3%A9.2.png"),
        ("odd?name#x.js", "odd%3Fname%23x.3.js"),
        ("img/", "img/"),
        ("img é/?x", "img%20%C3%A9/?x"),
        ("", ""),
        ("#x", "#x"),
    ] {
        assert_eq!(statics.url(name).unwrap(), format!("//cdn.example.org/s/{url}"), "{name}");
    }
    assert!(statics.contains("css/site.css") && !statics.contains("css/site.css?v=1"));
    assert!(statics.preloads("odd?name#x.js").unwrap().is_empty());
    assert_eq!(statics.iter().next(), Some(("css/site.css", "//cdn.example.org/s/css/site.0.css")));
    assert_eq!(
        format!("{statics:?}"),
        r#"Statics { base_url: "//cdn.example.org/s/", names: 5, miss: Error, .. }"#
    );
}

#[test]
fn a_hit_allocates_nothing() {
    let live = LiveStatics::new(statics(Statics::builder()));
    let counted = measure(|| {
        assert_eq!(live.current().url("css/site.css").unwrap(), "/static/css/site.0.css");
        assert_eq!(live.current().integrity("css/site.css"), None);
    });
    assert_eq!(counted.count_total, 0);
    // The count counts.
    assert_ne!(measure(|| drop(live.current().url("css/site.css?x"))).count_total, 0);
}

#[test]
fn an_unknown_name_is_an_error_with_the_nearest() {
    let statics = statics(Statics::builder());
    for name in ["css/sites.css", "css/sites.css?x", "/css/site.css", "./css/site.css"] {
        let error = statics.url(name).unwrap_err();
        assert_eq!(error.nearest, ["css/site.css"], "{error}");
        assert!(!error.to_string().contains("?x"));
    }
}

#[test]
fn an_unknown_name_may_be_plain_and_is_told_once() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = told.clone();
    let builder = Statics::builder()
        .miss(Miss::Plain)
        .on_unknown(move |unknown| keep.lock().unwrap().push(unknown.name.clone()));
    let statics = statics(builder);
    for _ in 0..3 {
        assert_eq!(statics.url("a b.css?x").unwrap(), "/static/a%20b.css?x");
        assert_eq!(statics.url("c.css").unwrap(), "/static/c.css");
    }
    for at in 0..2_000 {
        statics.url(&format!("hostile-{at}")).unwrap();
    }
    let told = told.lock().unwrap();
    assert_eq!(told[..3], ["a b.css", "c.css", "hostile-0"]);
    assert_eq!(told.len(), 1_000);
}

#[test]
fn an_unknown_name_may_be_anything() {
    let miss = Miss::by(|name| name.starts_with("old/").then(|| format!("https://old.example.org/{name}")));
    let statics = statics(Statics::builder().miss(miss));
    assert_eq!(statics.url("old/a.css?x").unwrap(), "https://old.example.org/old/a.css?x");
    assert!(statics.url("new/a.css").is_err());
}

#[test]
fn in_development_plain_names_are_served_and_checked() {
    let (one, other) = (folder(&[("css/site.css", b""), (".git/x", b"")]), folder(&[("b.js", b"")]));
    let sources = [Source::new(one.path()), Source::new(other.path()).under("vendor")];
    let statics = Statics::builder().folders(sources, Ignore::default());
    assert_eq!(statics.url("css/site.css?x").unwrap(), "/static/css/site.css?x");
    assert_eq!(statics.url("vendor/b.js").unwrap(), "/static/vendor/b.js");
    for name in ["b.js", ".git/x", "css", "../x", "vendor/../css/site.css", "/etc/passwd", "css//site.css"] {
        assert!(statics.url(name).is_err(), "{name}");
    }
    assert_eq!(statics.url("css/size.css").unwrap_err().nearest, ["css/site.css"]);
    fs::write(one.path().join("css/size.css"), "").unwrap();
    assert_eq!(statics.url("css/size.css").unwrap(), "/static/css/size.css");
    assert!(statics.preloads("css/site.css").unwrap().is_empty());
    assert_eq!(ImportMap::new(&statics).modules("*").to_json(), r#"{"imports":{}}"#);
}

#[test]
fn in_development_a_name_is_what_it_is_in_production() {
    let folder = folder(&[
        ("odd?name.js", b""),
        (
            "dist/.vite/manifest.json",
            br#"{
        "src/main.ts": {"file": "main-BRBmoGS9.js", "name": "main", "src": "src/main.ts"},
        "src/gone.ts": {"file": "gone-BRBmoGS9.js", "name": "gone", "src": "src/gone.ts"}}"#,
        ),
        ("dist/main-BRBmoGS9.js", b""),
        ("a.css", b""),
        ("A.css", b""),
        ("back\\slash.js", b""),
    ]);
    let sources = [Source::new(folder.path().join("dist")).under("app"), Source::new(folder.path())];
    let statics = Statics::builder().folders(sources, Ignore::default());
    for (name, url) in [
        ("odd?name.js", "odd%3Fname.js"),
        ("a.css", "a.css"),
        ("A.css", "A.css"),
        ("app/src/main.ts", "app/main-BRBmoGS9.js"),
        ("app/main-BRBmoGS9.js", "app/main-BRBmoGS9.js"),
    ] {
        assert_eq!(statics.url(name).unwrap(), format!("/static/{url}"), "{name}");
    }
    for name in ["odd?name.js?x", "app/src/gone.ts", "src/main.ts", "back\\slash.js"] {
        assert!(statics.url(name).is_err(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn in_development_links_lead_no_further_than_in_production() {
    use std::os::unix::fs::symlink;

    let (inside, outside) = (folder(&[("x/a.css", b"")]), folder(&[("secret.css", b"")]));
    let root = inside.path();
    symlink(outside.path().join("secret.css"), root.join("leak.css")).unwrap();
    symlink(outside.path(), root.join("out")).unwrap();
    symlink("x/a.css", root.join("good.css")).unwrap();
    symlink("x", root.join("again")).unwrap();
    symlink("..", root.join("x/up")).unwrap();
    let statics = Statics::builder().folders([Source::new(root)], Ignore::default());
    for name in ["leak.css", "out/secret.css", "x/up/x/a.css", "x/up/good.css"] {
        assert!(statics.url(name).is_err(), "{name}");
    }
    for name in ["good.css", "again/a.css"] {
        assert_eq!(statics.url(name).unwrap(), format!("/static/{name}"));
    }
}

/// The index of what comes of some files.
fn deployed() -> Statics {
    let folder = folder(&[
        ("app.js", b"import './lib.js'; import('./later.js'); new URL('./x.png', import.meta.url)\n//# sourceMappingURL=app.js.map"),
        ("app.js.map", b"{}"),
        ("parts.js", b"import a from './base.css' with {type:'css'};import b from './c.json' with {type:'json'};import './lib.js';"),
        ("c.json", b"{}"),
        ("later.js", b"1"),
        ("lib.js", b"import './app.js'; import './deep.js';"),
        ("deep.js", b"2"),
        ("site.css", b"@import 'base.css'; a{b:url(f.woff2),url(f.eot),url(x.png)}"),
        ("base.css", b"a{b:image-set('y.png' 1x, url(x.png) 2x)}"),
        ("f.woff2", b""),
        ("f.eot", b""),
        ("x.png", b"x"),
        ("y.png", b"y"),
    ]);
    let graph = graph(folder.path(), &Options::default());
    assert!(graph.is_good());
    let mut index = Index::new("d", 0, graph.manifest().hash());
    index.files = graph.outputs().iter().map(|output| (output.path.clone(), graph.indexed(output))).collect();
    for (encoding, size) in [(Encoding::Gzip, 30), (Encoding::Brotli, 20), (Encoding::Zstd, 25)] {
        let headers = BTreeMap::from([("content-encoding".to_owned(), encoding.token().to_owned())]);
        let object = IndexedObject { size, headers: headers.into(), ..IndexedObject::default() };
        index.objects.insert(encoding.key(served(&graph, "site.css")), object);
    }
    // Of that name by chance.
    index.objects.insert(Encoding::Gzip.key(served(&graph, "lib.js")), IndexedObject::default());
    Statics::builder().index(index).manifest(&graph.manifest())
}

#[test]
fn what_an_entry_needs_can_be_preloaded() {
    let statics = deployed();
    let shown = |entry| -> Vec<_> {
        let preloads = statics.preloads(entry).unwrap();
        preloads
            .into_iter()
            .map(|preload| (preload.destination, preload.url[8..].split('.').next().unwrap().to_owned()))
            .collect()
    };
    let expected = |list: &[(Destination, &str)]| -> Vec<_> {
        list.iter().map(|(what, name)| (*what, (*name).to_owned())).collect()
    };
    assert_eq!(shown("app.js"), expected(&[(Module, "lib"), (Module, "deep")]));
    assert_eq!(shown("app.js?v=1#x"), shown("app.js"));
    assert_eq!(shown("parts.js"), expected(&[(Module, "lib"), (Module, "app"), (Module, "deep")]));
    assert_eq!(shown("site.css"), expected(&[(Style, "base"), (Font, "f"), (Image, "x")]));
    assert!(statics.preloads("none.css").is_err());
    let all = statics.preloads("site.css").unwrap();
    assert!(
        all[0].to_html().starts_with("<link rel=\"preload\" as=\"style\" href=\"/static/base."),
        "{}",
        all[0].to_html()
    );
    assert!(all[0].integrity.is_some() && !all[0].to_html().contains("integrity"), "{}", all[0].to_html());
    assert_eq!(all[1].to_header(), format!("<{}>; rel=preload; as=font; crossorigin", all[1].url));
    let lib = &statics.preloads("app.js").unwrap()[0];
    assert!(lib.to_html().contains(" integrity=\"sha384-"), "{}", lib.to_html());
    assert_eq!(lib.to_header(), format!("<{}>; rel=modulepreload", lib.url));
}

#[test]
fn what_is_preloaded_has_the_url_that_is_asked_for() {
    let folder = folder(&[
        (
            "site.css",
            b"a{b:url(f.woff2?v=4.7#x),url('f.woff2?v=4.7'),url('f.woff2'),url(\"x.png?a b\\a c: d>;'\")}",
        ),
        ("app.js", b"import './lib.js?v=1'; import './lib.js';"),
        ("lib.js", b"1"),
        ("f.woff2", b"f"),
        ("x.png", b"x"),
    ]);
    let graph = graph(folder.path(), &Options::default());
    let mut index = Index::new("d", 0, graph.manifest().hash());
    index.files = graph.outputs().iter().map(|output| (output.path.clone(), graph.indexed(output))).collect();
    let index = Index::parse(index.to_json().as_bytes()).unwrap();
    let statics = Statics::builder().index(index).manifest(&graph.manifest());
    let url = |name: &str| statics.url(name).unwrap().into_owned();
    let urls = |entry: &str| -> Vec<String> {
        statics.preloads(entry).unwrap().into_iter().map(|preload| preload.url).collect()
    };
    let (font, image) = (url("f.woff2"), url("x.png"));
    assert_eq!(urls("site.css"), [format!("{font}?v=4.7"), font, format!("{image}?a%20bc:%20d%3E;%27")]);
    assert_eq!(urls("app.js"), [url("lib.js?v=1"), url("lib.js")]);
}

#[test]
fn an_import_map_has_integrity_too() {
    let statics = deployed();
    let map = ImportMap::new(&statics).modules("l*").specifier("deep</script>", "deep.js").unwrap();
    let json: serde_json::Value = serde_json::from_str(&map.to_json()).unwrap();
    let url = statics.url("deep.js").unwrap();
    assert_eq!(json["imports"]["deep</script>"], *url);
    assert_eq!(json["integrity"][&*url], *statics.integrity("deep.js").unwrap());
    assert_eq!(json["imports"]["/static/later.js"], *statics.url("later.js").unwrap());
    assert_eq!(json["imports"].as_object().unwrap().len(), 3);
    assert_eq!(map.to_html().matches("</script>").count(), 1);
    assert!(ImportMap::new(&statics).specifier("x", "none.js").is_err());
}

#[test]
fn an_import_map_has_the_urls_that_people_write() {
    let manifest: Manifest =
        [("@lit/(a)/b+c d.js", "@lit/(a)/b+c d.0.js"), ("a+b.js", "a+b.js")].into_iter().collect();
    let statics = Statics::builder().manifest(&manifest);
    assert_eq!(
        ImportMap::new(&statics).modules("*").to_json(),
        concat!(
            r#"{"imports":{"/static/@lit/(a)/b+c%20d.js":"/static/@lit/%28a%29/b%2Bc%20d.0.js","#,
            r#""/static/a+b.js":"/static/a%2Bb.js"}}"#
        )
    );
}

#[test]
fn the_smallest_variant_that_is_accepted_is_chosen() {
    let statics = deployed();
    let plain = statics.url("site.css").unwrap();
    for (accept, suffix) in
        [("gzip, br, zstd", ".br"), ("gzip, zstd", ".zst"), ("gzip;q=0.1", ".gz"), ("", ""), ("br;q=0", "")]
    {
        assert_eq!(
            statics.url_accepting("site.css#x", accept).unwrap(),
            format!("{plain}{suffix}#x"),
            "{accept}"
        );
    }
    let lib = statics.url("lib.js").unwrap();
    assert_eq!(statics.url_accepting("lib.js", "gzip").unwrap(), lib);
    assert!(statics.url_accepting("none.js", "gzip").is_err());
}

#[test]
fn a_new_manifest_is_seen_and_a_broken_one_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("staticfiles.json");
    let live = LiveStatics::read(Statics::builder(), &path).unwrap();
    assert!(live.current().url("css/site.css").is_err());
    assert!(!live.refresh().unwrap());
    fs::write(&path, manifest().to_json()).unwrap();
    let before = live.current();
    assert!(live.refresh().unwrap() && !live.refresh().unwrap());
    assert_eq!(live.current().url("css/site.css").unwrap(), "/static/css/site.0.css");
    assert!(before.url("css/site.css").is_err(), "whoever has it keeps it");
    fs::write(&path, "{").unwrap();
    for _ in 0..2 {
        assert!(matches!(live.refresh(), Err(ManifestError::Broken { .. })));
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(live.refresh(), Err(ManifestError::Unreadable { .. })));
    assert!(live.current().contains("css/site.css"));
    live.replace(Statics::builder().manifest(&Manifest::new()));
    assert!(!live.current().contains("css/site.css"));
}
