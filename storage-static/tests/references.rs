//! References in files as they are deployed: found, renamed and found again.

use storage_static::references::{Kind, NoteKind, Positions, Syntax, Target, rewrite};

/// As a bundler leaves it: one line, and a regular expression with a quote in it.
const BUNDLE: &[u8] = b"import{a as e,b as t}from\"./chunk-vendor.js\";import\"./side.js\";const n=/[\"'/]/g,r=(e,t)=>e.replace(n,\"\")\
/t;function i(){return import(\"./lazy/page.js\")}const o=new URL(\"../img/logo.svg\",import.meta.url).href,\
s=`${await import(`./theme.js`)} \"./not.js\"`,c=x=>import(x);export{i as default,o};export*from\"./more.js\";\n\
//# sourceMappingURL=app.js.map\n";

const STYLE: &[u8] = b"@charset \"utf-8\";\r\n@import url(base.css) layer(base);\r\n\
/* url(not.png) */\r\n@font-face{src:url('../fonts/i.eot?#iefix') format(\"embedded-opentype\"),url(../fonts/i.woff2)}\r\n\
a{background:image-set(\"a.png\" 1x, \"a@2x.png\" 2x) , url(data:image/png;base64,AA==)}\r\n\
/*# sourceMappingURL=site.css.map */";

fn shown(path: &str, source: &[u8]) -> Vec<(Kind, Target)> {
    let found = Syntax::of(path).map(|syntax| syntax.find(source)).unwrap_or_default();
    found.references.iter().map(|found| (found.kind, found.target(source, path, "/static/"))).collect()
}

fn local(kind: Kind, path: &str) -> (Kind, Target) {
    (kind, Target::Local { path: path.to_owned() })
}

#[test]
fn a_bundle() {
    let expected = [
        local(Kind::JsImport, "js/chunk-vendor.js"),
        local(Kind::JsImport, "js/side.js"),
        local(Kind::JsDynamicImport, "js/lazy/page.js"),
        local(Kind::JsNewUrl, "img/logo.svg"),
        local(Kind::JsDynamicImport, "js/theme.js"),
        local(Kind::JsImport, "js/more.js"),
        local(Kind::SourceMap, "js/app.js.map"),
    ];
    assert_eq!(shown("js/app.js", BUNDLE), expected);
    let notes = Syntax::Js.find(BUNDLE).notes;
    let [note] = notes.as_slice() else { panic!("{notes:?}") };
    assert_eq!(note.kind, NoteKind::ComputedImport);
    assert_eq!(Positions::new(BUNDLE).at(note.offset).to_string(), "1:259");
}

#[test]
fn a_style_sheet() {
    let expected = [
        local(Kind::CssImport, "css/base.css"),
        local(Kind::CssUrl, "fonts/i.eot"),
        local(Kind::CssUrl, "fonts/i.woff2"),
        local(Kind::CssImageSet, "css/a.png"),
        local(Kind::CssImageSet, "css/a@2x.png"),
        (Kind::CssUrl, Target::Elsewhere),
        local(Kind::SourceMap, "css/site.css.map"),
    ];
    assert_eq!(shown("css/site.css", STYLE), expected);
}

#[test]
fn every_local_reference_can_be_renamed_and_nothing_else_changes() {
    for (path, source) in [("js/app.js", BUNDLE), ("css/site.css", STYLE)] {
        let syntax = Syntax::of(path).unwrap();
        let found = syntax.find(source);
        let is_local = |target: &Target| matches!(target, Target::Local { .. });
        let edits: Vec<_> = found
            .references
            .iter()
            .filter(|found| is_local(&found.target(source, path, "/static/")))
            .filter_map(|found| found.rename(source, "renamed.0123456789ab.x"))
            .collect();
        assert_eq!(edits.len(), if syntax == Syntax::Js { 7 } else { 6 });
        let renamed = rewrite(source, &edits);
        for (_, target) in shown(path, &renamed) {
            assert!(target == Target::Elsewhere || format!("{target:?}").contains("/renamed.0123456789ab.x"));
        }
        // Back again: the same bytes.
        let texts: Vec<_> = edits.iter().map(|edit| source[edit.span.clone()].to_vec()).collect();
        let again = syntax.find(&renamed).references;
        let again = again.iter().filter(|found| is_local(&found.target(&renamed, path, "/static/")));
        let back: Vec<_> = again
            .zip(&texts)
            .filter_map(|(found, text)| found.rename(&renamed, std::str::from_utf8(text).unwrap()))
            .collect();
        assert_eq!(rewrite(&renamed, &back), source);
    }
}
