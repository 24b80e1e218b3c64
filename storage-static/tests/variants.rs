//! Compressed variants: which are made, which are there, and which are of something else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use storage_static::graph::{Graph, Options};
use storage_static::name::Fingerprinted;
use storage_static::plan::VariantState::{Declined, Headers, Outdated, Present, Wanted};
use storage_static::plan::{Found, HeaderRules, Listed, PlainKeys, Plan, PlanOptions, VariantState};
use storage_static::variant::Encoding;
use support::{carried_out, folder, found, graph, served};

#[test]
fn variants_are_wanted_once() {
    let text = b"a{}".repeat(200);
    let folder = folder(&[("a.css", &text), ("b.png", &text), ("tiny.css", b"a{}"), ("c.svg", &text)]);
    let graph = graph(folder.path(), &Options::default());
    let named =
        |name| PlanOptions::new(name, 1).encodings([Encoding::Zstd, Encoding::Brotli, Encoding::Zstd]);
    let other = named("2");
    let first = Plan::new(&graph, &Found::default(), &named("1")).unwrap();
    let all = |brotli, zstd| -> Vec<_> {
        ["a.css", "c.svg"]
            .iter()
            .flat_map(|name| {
                [((*name).to_owned(), Encoding::Brotli, brotli), ((*name).to_owned(), Encoding::Zstd, zstd)]
            })
            .collect()
    };
    assert_eq!(states(&first), all(Wanted, Wanted));
    assert_eq!(first.summary().variants, 4);
    assert!(first.to_string().contains("; to be compressed by br, zstd\n"), "{first}");
    let (listing, index) = carried_out(&first, &Found::default().listing);
    let second = Plan::new(&graph, &found(&listing, &index), &other).unwrap();
    assert_eq!(states(&second), all(Present, Declined));
    assert!(second.leftover.is_empty());
    let rules = HeaderRules::default().header("*", "cache-control", "no-store");
    let third = Plan::new(&graph, &found(&listing, &second.index.index), &other.headers(rules)).unwrap();
    assert_eq!(states(&third), all(Headers, Declined));
    assert_eq!((third.summary().headers, third.summary().unchanged), (third.steps.len() + 2, 0));
    let variant = &third.index.index.objects[&format!("{}.br", served(&graph, "a.css"))];
    assert_eq!((variant.size, variant.headers["cache-control"].as_str()), (1, "no-store"));
    let variant = &second.index.index.objects[&format!("{}.br", served(&graph, "a.css"))];
    assert_eq!((variant.size, variant.headers["content-encoding"].as_str()), (1, "br"));
    assert_eq!(second.index.index.objects[served(&graph, "a.css")].declined, [Encoding::Zstd]);
}

fn states(plan: &Plan) -> Vec<(String, Encoding, VariantState)> {
    let variants = plan.steps.iter().flat_map(|step| {
        let name = step.origin.name();
        step.variants.iter().map(move |variant| (name.to_owned(), variant.encoding, variant.state))
    });
    variants.collect()
}

/// A bundler's file keeps its name: a variant beside it may be of what was there before.
fn bundled(content: &[u8]) -> Graph {
    let folder = folder(&[("assets/app.js", content)]);
    graph(folder.path(), &Options::new().fingerprinted(Fingerprinted::new().glob("assets/*")))
}

#[test]
fn of_a_name_that_says_nothing_a_variant_of_other_content_is_replaced() {
    let [old, new] = [b"old();".repeat(100), b"new();".repeat(100)].map(|content| bundled(&content));
    let plan = |graph: &Graph, found: &Found, name: &str, encodings: &[Encoding]| {
        Plan::new(graph, found, &PlanOptions::new(name, 1).encodings(encodings.to_vec())).unwrap()
    };
    let both = [Encoding::Brotli, Encoding::Gzip];
    let state = |plan: &Plan| states(plan).into_iter().map(|(_, _, state)| state).collect::<Vec<_>>();
    let first = plan(&old, &Found::default(), "1", &both);
    assert_eq!(state(&first), [Wanted, Wanted]);
    let (listing, index) = carried_out(&first, &Found::default().listing);
    assert_eq!(state(&plan(&old, &found(&listing, &index), "2", &both)), [Present, Present]);
    // Other content, and the run is cut after the file itself.
    let second = plan(&new, &found(&listing, &index), "2", &both);
    assert_eq!(state(&second), [Outdated, Outdated]);
    let mut cut = listing.clone();
    let step = &second.steps[0];
    cut.insert(&step.key, Listed { size: step.size, etag: Some(step.md5.clone()) });
    assert_eq!(state(&plan(&new, &found(&cut, &index), "2", &both)), [Outdated, Outdated]);
    // Nobody asks for them any more: they are not called right, and are left over.
    let third = plan(&new, &found(&cut, &index), "2", &[]);
    assert_eq!((state(&third).len(), third.leftover.len()), (0, 2), "{third}");
    assert!(!third.index.index.objects.contains_key("assets/app.js.br"));
}

#[test]
fn what_is_known_of_variants_outlives_a_deploy_without_them() {
    let text = b"a{}".repeat(200);
    let folder = folder(&[("a.css", &text)]);
    let graph = graph(folder.path(), &Options::default());
    let plan = |found: &Found, name: &str, encodings: &[Encoding]| {
        Plan::new(&graph, found, &PlanOptions::new(name, 1).encodings(encodings.to_vec())).unwrap()
    };
    let all = Encoding::ALL;
    let (listing, index) = carried_out(&plan(&Found::default(), "1", &all), &Found::default().listing);
    let known = plan(&found(&listing, &index), "2", &all).index.index;
    let without = plan(&found(&listing, &known), "3", &[]);
    let key = Encoding::Brotli.key(served(&graph, "a.css"));
    assert_eq!(without.index.index.objects.get(&key), known.objects.get(&key));
    assert!(without.leftover.is_empty(), "{:?}", without.leftover);
    let again = plan(&found(&listing, &without.index.index), "4", &all);
    let states: Vec<_> = states(&again).into_iter().map(|(_, _, state)| state).collect();
    assert_eq!(states, [Present, Declined, Present]);
}

#[test]
fn a_file_that_is_there_is_no_variant() {
    let text = b"a{}".repeat(200);
    let files: [(&str, &[u8]); 2] = [("assets/app.css", &text), ("assets/app.css.br", b"by somebody else")];
    let folder = folder(&files);
    let graph = graph(folder.path(), &Options::new().fingerprinted(Fingerprinted::new().glob("assets/*")));
    let options =
        PlanOptions::new("1", 1).encodings([Encoding::Brotli, Encoding::Gzip]).plain(PlainKeys::All);
    let plan = Plan::new(&graph, &Found::default(), &options).unwrap();
    assert_eq!(states(&plan), [("assets/app.css".to_owned(), Encoding::Gzip, Wanted)]);
}
