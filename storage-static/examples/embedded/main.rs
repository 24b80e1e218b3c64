//! Names of static files in the program itself: what `cargo run -p storage-static --example embedded` links is made of no file at run time.
//!
//! Manifest and index are those of a deploy of `static`; an application has them written before it is compiled.

#![allow(clippy::print_stdout, reason = "it is for people")]

use storage_static::resolve::Statics;

const MANIFEST: &[u8] = include_bytes!("staticfiles.json");
const INDEX: &[u8] = include_bytes!("staticfiles.index.json");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let statics = Statics::builder().parse_with_index(MANIFEST, INDEX)?;
    let (url, integrity) = (statics.url("site.css")?, statics.integrity("site.css").unwrap_or_default());
    for preload in statics.preloads("site.css")? {
        println!("{}", preload.to_html());
    }
    println!("<link rel=\"stylesheet\" href=\"{url}\" integrity=\"{integrity}\">");
    Ok(())
}
