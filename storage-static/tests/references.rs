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

/// As style sheets of icon fonts and of widgets are: many fonts in old forms, hacks for old browsers, images in the text.
const WIDGETS: &[u8] = b"@font-face{font-family:I;src:url(\"../f/i.eot?v=7\");src:url(\"../f/i.eot?#iefix&v=7\") format(\"embedded-opentype\"),\
url(data:font/woff2;base64,d09GMgABAAAA/+==) format('woff2')}\n.i:before{content:\"\\F101\"}.x{*zoom:1;_background:url( 'x 1.png' );\
filter:progid:DXImageTransform.Microsoft.AlphaImageLoader(src='not.png',sizingMethod='scale');behavior:url(#default#VML)}\
@media \\0screen{.y{background:url('data:image/svg+xml;charset=utf8,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27%3E%3C/svg%3E')}}\
.z{--i:url(../img/z.svg);mask:var(--i);cursor:url(c.cur) 4 4,auto}.w\\:hover\\/50{color:#fff}/*! (c) */";

/// As editors and libraries of three dimensions are: workers beside the module, regular expressions with all that is in them, parts loaded
/// when they are needed.
const EDITOR: &[u8] = b"/** @import {T} from './types.js' */\nimport{a as A}from'../core/a.js';\n\
class L extends A{static#w=new Worker(new URL('./worker.js',import.meta.url),{type:'module'});r=/[/\\]'\"`]+(?=\\/)/gu;\n\
async load(n){if(n>0)/^import\\('x'\\)$/.test(n);const{m}=await import(/* webpackChunkName: \"m\" */'./modes/m.js');\
return n/2/m`${await import(`./modes/t.js`)}`}import(x){return`import './not.js'`}}\n\
const q={import:1,export:'./no.js'},u=new URL(`${n}.wasm`,import.meta.url);export{L};export*as B from\"./b.js\"with{type:'x'};\n";

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
fn a_style_sheet_of_widgets() {
    let expected = [
        local(Kind::CssUrl, "f/i.eot"),
        local(Kind::CssUrl, "f/i.eot"),
        (Kind::CssUrl, Target::Elsewhere),
        local(Kind::CssUrl, "css/x 1.png"),
        (Kind::CssUrl, Target::Itself),
        (Kind::CssUrl, Target::Elsewhere),
        local(Kind::CssUrl, "img/z.svg"),
        local(Kind::CssUrl, "css/c.cur"),
    ];
    assert_eq!(shown("css/widgets.css", WIDGETS), expected);
    assert!(Syntax::Css.find(WIDGETS).notes.is_empty());
}

#[test]
fn a_script_of_an_editor() {
    let expected = [
        local(Kind::JsImport, "core/a.js"),
        local(Kind::JsNewUrl, "js/worker.js"),
        local(Kind::JsDynamicImport, "js/modes/m.js"),
        local(Kind::JsDynamicImport, "js/modes/t.js"),
        local(Kind::JsImport, "js/b.js"),
    ];
    assert_eq!(shown("js/editor.js", EDITOR), expected);
    assert!(Syntax::Js.find(EDITOR).notes.is_empty());
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
