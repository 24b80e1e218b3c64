//! What resolving a name costs: `cargo bench -p storage-static`.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "it is for people")]

use std::hint::black_box;
use std::time::Instant;

use storage_static::manifest::Manifest;
use storage_static::resolve::{LiveStatics, Statics};

const FILES: usize = 16_336;

fn main() {
    let name = |at: usize| format!("vendor/package-{}/dist/css/component-{at}.min.css", at % 97);
    let served =
        |at: usize| format!("vendor/package-{}/dist/css/component-{at}.min.0123456789ab.css", at % 97);
    let manifest: Manifest = (0..FILES).map(|at| (name(at), served(at))).collect();
    let statics = Statics::builder().base_url("https://cdn.example.org/static/").manifest(&manifest);
    let names: Vec<_> = (0..FILES).map(|at| name(at * 7 % FILES)).collect();
    let with_query: Vec<_> = names.iter().map(|name| format!("{name}?v=1")).collect();
    measure("a name", &names, |name| _ = black_box(statics.url(name).unwrap()));
    measure("a name with a query", &with_query, |name| _ = black_box(statics.url(name).unwrap()));
    let live = LiveStatics::new(statics);
    measure("a name, live", &names, |name| _ = black_box(live.current().url(name).unwrap()));
}

/// Shows the best of many rounds: what else the machine does is in the others.
fn measure(what: &str, names: &[String], work: impl Fn(&str)) {
    const ROUNDS: u32 = 40;
    let round = |_| {
        let began = Instant::now();
        for name in names {
            work(name);
        }
        began.elapsed() / u32::try_from(names.len()).unwrap()
    };
    println!("{what:<20} {:?}", (0..ROUNDS).map(round).min().unwrap_or_default());
}
