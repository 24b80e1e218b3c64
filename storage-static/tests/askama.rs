//! The filter for askama.

#![allow(clippy::unwrap_used, reason = "a failure here is a failure of the test")]

use askama::Template;
use storage_static::resolve::Statics;

mod filters {
    pub(crate) use storage_static::resolve::static_url;
}

#[derive(Template)]
#[template(source = r#"<link rel=stylesheet href="{{ name|static_url(statics) }}">"#, ext = "html")]
struct Page<'a> {
    name: &'a str,
    statics: &'a Statics,
}

#[test]
fn a_template_has_the_urls_of_names() {
    let manifest = br#"{"paths": {"a.css": "a.0.css"}, "version": "1.1"}"#;
    let statics = &Statics::builder().parse(manifest).unwrap();
    let rendered = Page { name: "a.css?a&b", statics }.render().unwrap();
    assert_eq!(rendered, r#"<link rel=stylesheet href="/static/a.0.css?a&#38;b">"#);
    let error = Page { name: "b.css", statics }.render().unwrap_err();
    assert!(error.to_string().contains("b.css"), "{error}");
}
