use super::*;

/// The references as `kind text`, and the notes as `! offset`.
fn shown(source: &[u8]) -> Vec<String> {
    let found = find(source);
    let references = found
        .references
        .iter()
        .map(|reference| format!("{} {}", reference.kind, String::from_utf8_lossy(&reference.text(source))));
    references.chain(found.notes.iter().map(|note| format!("! {}", note.offset))).collect()
}

#[track_caller]
fn check(source: &str, expected: &[&str]) {
    assert_eq!(shown(source.as_bytes()), expected, "{source}");
}

#[test]
fn urls_are_found_in_all_their_forms() {
    check("a{b:url(x.png)}", &["url() x.png"]);
    check("a{b:URL( x.png\n)}", &["url() x.png"]);
    check("a{b:url('x y.png')}", &["url() x y.png"]);
    check("a{b:url( \"x.png\" format)}", &["url() x.png"]);
    check("a{b:src( /* c */ \"x.png\")}", &["url() x.png"]);
    check(r"a{b:\75rl(x\29.png)}", &["url() x).png"]);
    check(
        r"a{b:\000075 \72\06C('x\
y')}",
        &["url() xy"],
    );
    check(
        "@font-face{src:url(a.eot?#iefix)format('x'),url(b.woff)}",
        &["url() a.eot?#iefix", "url() b.woff"],
    );
    check("a{b:url()}", &["url() "]);
    check("a{--b:url(x.png)}", &["url() x.png"]);
    check("a{b:url(x.png", &["url() x.png"]);
    check("a{b:url(x.png  ", &["url() x.png"]);
    check("a{b:url('x.png", &["url() x.png"]);
    check("a{b:url('x.png\\", &["url() x.png"]);
    check("a{b:url(data:image/svg+xml;utf8,%3Csvg%3E)}", &["url() data:image/svg+xml;utf8,%3Csvg%3E"]);
}

#[test]
fn what_only_looks_like_a_url_is_none() {
    check("a{b:my-url(x) --url(x) -url(x) 1url(x) 1e+3url(x) #url(x) _url(x)}", &[]);
    check("@url(x)", &[]);
    check("<!--url(x)", &["url() x"]);
    check("-->url(x)", &["url() x"]);
    check("/* url(x) */ a[b='url(x)'] { c: 'url(x)' }", &[]);
    check("a{b:url (x)}", &[]);
    check("a{b:src(x)}", &[]);
    check("a{b:url(x/**/'y')} c{d:url(z)}", &["url() z", "! 4"]);
    check("a{b:url(x y)}c{d:url(z)}", &["url() z", "! 4"]);
    check("a{b:url(x\\)y z\\) )}c{d:url(z)}", &["url() z", "! 4"]);
    check("a{b:'x\n;c:url(z)}", &["url() z", "! 4"]);
    check("/* url(x)", &["! 0"]);
    check("a\\", &[]);
}

#[test]
fn imports_are_found_with_what_may_follow() {
    check("@import 'a.css';", &["@import a.css"]);
    check("@IMPORT\"a.css\"layer(x) supports(b:url(c)) screen;", &["@import a.css"]);
    check("@import url(a.css) screen; @import/* c */url('b.css')", &["@import a.css", "@import b.css"]);
    check(r"@\69mport 'a.css'", &["@import a.css"]);
    check("@import layer 'a.css'; b{c:url(d)}", &["url() d"]);
    check("@import{a:url(x)}", &["url() x"]);
    check("@import src('a.css');", &[]);
    check("@import-x 'a.css';", &[]);
}

#[test]
fn what_nobody_loads_is_no_reference() {
    check("@namespace svg url(http://x);", &[]);
    check("@namespace 'x'; @charset 'utf-8'; a{b:url(c)}", &["url() c"]);
    check("@supports (a:url(b)) { c{d:url(e)} }", &["url() e"]);
    check("@-moz-document url(b), url-prefix('x') { c{d:url(e)} }", &["url() e"]);
    check("@media x { c{d:url(e)} }", &["url() e"]);
}

#[test]
fn candidates_directly_in_an_image_set_are_references() {
    check(
        "a{b:image-set('a.png' 1x, \"b.png\" type('image/png') 2x)}",
        &["image-set() a.png", "image-set() b.png"],
    );
    check("a{b:-WEBKIT-image-set(url(a.png) 1x,'b.png' 2x)}", &["image-set() a.png", "image-set() b.png"]);
    check("a{b:image-set(url('a.png') 1x) 'c'}", &["image-set() a.png"]);
    check(
        "a{b:image-set(src('a.png') 1x),url(b.png) (url(c.png))}",
        &["image-set() a.png", "url() b.png", "url() c.png"],
    );
    check("a{b:image-set((url(a.png)) 1x, src(url(b.png)))}", &["url() a.png", "url() b.png"]);
    check("a{b:image-set((']') ] 'b.png')}", &["image-set() b.png"]);
    check("a{b:-moz-image-set('a.png')}", &[]);
}

#[test]
fn the_trailing_comment_names_a_source_map() {
    check("a{}\n/*# sourceMappingURL=a.css.map */\n", &["sourceMappingURL a.css.map"]);
    check("a{}/*@ sourceMappingURL=a.css.map*/ /* end */", &["sourceMappingURL a.css.map"]);
    check("/*# sourceMappingURL=a.map */ a{}", &[]);
    check("/*# sourceMappingURL=a.map */ /*# sourceMappingURL=b.map */", &["sourceMappingURL b.map"]);
}

#[test]
fn a_byte_order_mark_and_other_encodings_are_no_obstacle() {
    assert_eq!(shown(b"\xef\xbb\xbfurl(x)"), ["url() x"]);
    assert_eq!(shown(b"\xffurl(x) \xff{b:url(\xe9)}"), ["url() \u{fffd}"]);
    assert_eq!(shown(b"\0url(x) a{b:url(y)}"), ["url() y"]);
}

#[test]
fn spans_are_exact() {
    let source = br#"@import "a.css";b{c:url( d\ e ),src('f')}"#;
    let spans: Vec<_> = find(source).references.into_iter().map(|found| &source[found.span]).collect();
    assert_eq!(spans, [&b"a.css"[..], br"d\ e", b"f"]);
}

#[test]
fn no_input_takes_long_or_much() {
    for unit in [
        "(",
        "{",
        "url(",
        "url('",
        "/*",
        "@import ",
        "\\",
        "'",
        "image-set(",
        "a:url(x y ",
        "@import'x'",
        "<!--",
    ] {
        let source = unit.repeat(500_000 / unit.len());
        let found = find(source.as_bytes());
        assert!(found.references.len() + found.notes.len() <= source.len(), "{unit}");
    }
}
