use super::*;

/// The references as `kind text`, and the notes as `? offset` and `! offset`.
fn shown(source: &[u8]) -> Vec<String> {
    use crate::references::NoteKind;
    let found = Lexer::new(source).run();
    let references = found
        .references
        .iter()
        .map(|reference| format!("{} {}", reference.kind, String::from_utf8_lossy(&reference.text(source))));
    let notes = found.notes.iter().map(|note| match note.kind {
        NoteKind::ComputedImport => format!("? {}", note.offset),
        _ => format!("! {}", note.offset),
    });
    references.chain(notes).collect()
}

#[track_caller]
fn check(source: &str, expected: &[&str]) {
    assert_eq!(shown(source.as_bytes()), expected, "{source}");
}

#[test]
fn imports_are_found_in_all_their_forms() {
    for source in [
        "import './a.js'",
        "import\"./a.js\";",
        "import a from './a.js'",
        "import{a}from'./a.js'",
        "import { a, b as c, default as d, 'x y' as e, } from './a.js'",
        "import * as a from './a.js'",
        "import a,{b}from'./a.js'",
        "import a, * as b from './a.js'",
        "import from from './a.js'",
        "import { from as import_, import as b } from './a.js'",
        "import/* c */{//d\na}/**/from// e\n'./a.js'",
        "import defer * as a from './a.js'",
        "import source a from './a.js'",
        "import a from './a.js' with { type: 'json' }",
        "#!/usr/bin/env node\nimport './a.js'",
        "\u{feff}import './a.js'",
        "a\nimport './a.js'",
        "import a from '\\x2e/\\u0061.js'",
        "import '\\u{2e}/a\\\n.js'",
        "export * from './a.js'",
        "export*from'./a.js'",
        "export * as a from './a.js'",
        "export * as 'a b' from './a.js'",
        "export { a, b as default, c as 'd e' } from './a.js'",
        "export{}from'./a.js'",
    ] {
        check(source, &["import ./a.js"]);
    }
    check("import'a'\nimport'b';import c from'd'", &["import a", "import b", "import d"]);
}

#[test]
fn dynamic_imports_are_found_anywhere() {
    for source in [
        "import('./a.js')",
        "x = () => import(/* webpackChunkName: 'a' */ \"./a.js\", { with: { type: 'json' } })",
        "import(`./a.js`)",
        "if (x) { y(await import\n('./a.js' // c\n)) }",
        "`${`${import('./a.js')}`}`",
        "import.source('./a.js')",
        "import . defer('./a.js')",
        "({ import: import('./a.js') })",
    ] {
        check(source, &["import() ./a.js"]);
    }
    check("import('./' + a)", &["? 0"]);
    check("x;import(a)", &["? 2"]);
    check("import(`./${a}.js`)", &["? 0"]);
    check("class A { async import(a) { b } get import() {} } x = { import(a = f(b)) {} }", &[]);
    check("import(import(a)).then(() => {})", &["? 0", "? 7"]);
    check("import(`./${import('./b.js')}.js`)", &["import() ./b.js", "? 0"]);
}

#[test]
fn urls_beside_the_module_are_found() {
    for source in [
        "new URL('./a.png', import.meta.url)",
        "new  URL ( /* c */ \"./a.png\" , import . meta . url , )",
        "new Worker(new URL(`./a.png`, import.meta.url), { type: 'module' })",
    ] {
        check(source, &["new URL() ./a.png"]);
    }
    for source in [
        "new URL('./a.png', base)",
        "new URL('./a.png')",
        "new URL('./a.png' + x, import.meta.url)",
        "new URL(`./${a}.png`, import.meta.url)",
        "new URL('./a.png', import.meta.urls)",
        "new Worker('./a.js')",
        "URL('./a.png', import.meta.url)",
        "a.new URL('./a.png', import.meta.url)",
    ] {
        check(source, &[]);
    }
}

#[test]
fn what_only_looks_like_an_import_is_none() {
    for source in [
        "a.import('./a.js')",
        "a?.import('./a.js')",
        "this.#import('./a.js')",
        "$import('./a.js'); import_('./a.js'); ximport './a.js'",
        "import.meta.resolve('./a.js')",
        "// import './a.js'\n/* import './a.js' */",
        "'import \"./a.js\"'; `import './a.js'`; \"import './a.js'\"",
        "/import '.\\/a.js'/",
        "f({ import './a.js' })",
        "const a = { export: 1, import: 2, from: './a.js' }",
        "export { a }; './a.js'",
        "export { a }\nfrom('./a.js')",
        "export default from; './a.js'",
        "export const from = './a.js'",
        "import a 'x'",
        "import = './a.js'",
        "import()",
        "imp\\u006frt './a.js'",
    ] {
        check(source, &[]);
    }
}

/// In each the slashes hide an import, or would hide it if they were read the other way.
#[test]
fn a_regular_expression_is_told_from_a_division() {
    let visible = [
        "a / b; IMPORT; c / d",
        "a[0] / b; IMPORT; c / d",
        "f(a) / b; IMPORT; c / d",
        "a++ / b; IMPORT; c / d",
        "1 / b; IMPORT; 1. / d",
        "'a' / b; IMPORT; `c` / d",
        "x = {} / b; IMPORT; c / d",
        "x = { a: {} } / b; IMPORT; c / d",
        "x = function () {} / b; IMPORT; c / d",
        "x = class A extends B {} / b; IMPORT; c / d",
        "(function () {}) / b; IMPORT; c / d",
        "a.return / b; IMPORT; c.if / d",
        "a.if(x) / b; IMPORT; c / d",
        "x = a ? {} / b : {}; IMPORT; c / d",
        "x = y ? a : {} / b; IMPORT; c / d",
        "of / b; IMPORT; c / d",
        "/['\"`]/; IMPORT; a",
        "x = /[/'\"]/g; IMPORT; a",
        "if (a) /'/.test(b); IMPORT",
        "for (const a of /'/.exec(b)) c; IMPORT",
        "for await (const a of b) /'/.test(a); IMPORT",
        "while (a) /'/.test(b); IMPORT",
        "return /'/; IMPORT",
        "typeof /'/; IMPORT",
        "{} /'/.test(a); IMPORT",
        "function f() {} /'/.test(a); IMPORT",
        "class A {} /'/.test(a); IMPORT",
        "if (a) {} else /'/.test(b); IMPORT",
        "switch (a) { case /'/: {} /'/.test(b) } IMPORT",
        "a: {} /'/.test(b); IMPORT",
        "a = b\nfunction f() {}\n/'/.test(a); IMPORT",
        "x = () => {}\n/'/.test(a); IMPORT",
        "x = a => /'/; IMPORT",
        "`${{} / a} ' ${/`/}`; IMPORT",
        "`${a}'${b}`; IMPORT",
        "[/'/, /\"/]; IMPORT",
        "a = !/'/; b = a && /'/ || /'/; IMPORT",
        "a ? /'/ : /'/; IMPORT",
        "a ?? /'/; IMPORT",
        "a?.5:/'/; IMPORT",
        "export default class {}\n/'/.test(a); IMPORT",
        "export default {} / a; IMPORT; b / c",
        "do /'/.test(a); while (b) /'/.test(c); IMPORT",
        "return\u{a0}/'/; IMPORT",
        "x = { get a() { return /'/ }, b() {}, async *c() {} }; IMPORT",
        "(a, b) => { return {} }\n/'/.test(c); IMPORT",
        "yield /'/; IMPORT",
        "return // c\n{} /'/.test(a); IMPORT",
        "return {} / a; IMPORT; b / c",
        "for (;;) { if (a) break\n/'/.test(a) } IMPORT",
        "export { a } from 'b' with { type: 'json' }\n/'/.test(a); IMPORT",
        "import { a } from 'b'\n/'/.test(a); IMPORT",
    ];
    for source in visible {
        let source = source.replace("IMPORT", "import './a.js'");
        let found = shown(source.as_bytes());
        assert_eq!(found.last().map(String::as_str), Some("import ./a.js"), "{source}");
    }
    check("a = b / c; d = '/ import(\"./a.js\") /'", &[]);
}

#[test]
fn a_declaration_is_at_the_top_only() {
    check("{ import './a.js' }", &[]);
    check("(import './a.js')", &[]);
    check("{ } import './a.js'", &["import ./a.js"]);
    check(") ] } import './a.js'", &["import ./a.js"]);
    check("{ ( [ } import './a.js'", &["import ./a.js"]);
}

#[test]
fn the_trailing_comment_names_a_source_map() {
    let cases = [
        ("a()\n//# sourceMappingURL=a.js.map\n", Some("a.js.map")),
        ("a();//# sourceMappingURL=a.js.map", Some("a.js.map")),
        ("a()\n//@ sourceMappingURL=a.js.map\r\n", Some("a.js.map")),
        ("a()\n/*# sourceMappingURL=a.js.map */", Some("a.js.map")),
        ("//# sourceMappingURL=a.js.map\n// end", Some("a.js.map")),
        ("//# sourceMappingURL=a.js.map\na()", None),
        ("'//# sourceMappingURL=a.js.map'", None),
        ("`\n//# sourceMappingURL=a.js.map\n`", None),
        ("/*\n//# sourceMappingURL=a.js.map\n*/", None),
        ("// see //# sourceMappingURL=a.js.map", None),
        ("a('http://x')//# sourceMappingURL=a.js.map", Some("a.js.map")),
        ("//# sourceMappingURL=a.js.map\n//# sourceMappingURL=b.js.map", Some("b.js.map")),
        ("//# sourceMappingURL=", None),
        ("//# sourceMappingURL=a.js.map\u{2028}b()", None),
        ("a()\u{2029}//# sourceMappingURL=a.js.map", Some("a.js.map")),
        ("a()", None),
    ];
    for (source, expected) in cases {
        let bytes = source.as_bytes();
        let read = Lexer::new(bytes).run();
        let text = read.references.first().map(|reference| reference.text(bytes).into_owned());
        assert_eq!(text.as_deref(), expected.map(str::as_bytes), "{source}");
        assert_eq!(find(bytes), read, "{source}");
    }
}

#[test]
fn what_no_parser_accepts_is_said() {
    check("import './a.js'; '", &["import ./a.js", "! 17"]);
    check("'a\nimport './a.js'", &["import ./a.js", "! 0"]);
    check("a`b", &["! 2"]);
    check("/* a", &["! 0"]);
    check("= /a\nimport './a.js'", &["import ./a.js", "! 2"]);
    check("import './a.js", &["! 7"]);
    check("import(`", &["? 0", "! 8"]);
    check("import { a ", &[]);
}

#[test]
fn what_can_have_no_reference_is_not_read() {
    for source in ["'", "export default /* from", "importance"] {
        assert_eq!(find(source.as_bytes()).references, [], "{source}");
    }
    assert_eq!(find(b"'").notes, []);
}

#[test]
fn bytes_are_taken_as_they_come() {
    assert_eq!(shown(b"\xff\xfe('\xe9');import'\xe9.js'"), ["import \u{fffd}.js"]);
    assert_eq!(shown(b"a\0b;import'c'"), ["import c"]);
}

#[test]
fn no_input_takes_long_or_much() {
    let units = [
        "(",
        "{",
        "${",
        "`${",
        "`",
        "/",
        "=/[",
        "=/\\",
        "import ",
        "import{",
        "import{a,",
        "import(",
        "import('",
        "import a,",
        "export{",
        "export*",
        "new URL('",
        "new URL(",
        "'",
        "//",
        "/*",
        "?",
        "a?b:",
        "\\u{",
        "import'a'",
        "#",
        "<!--",
        "\u{a0}",
        "import/**/",
        "/\u{e2}",
        "= /\u{2030}",
    ];
    for unit in units {
        let source = unit.repeat(500_000 / unit.len());
        let found = Lexer::new(source.as_bytes()).run();
        assert!(found.references.len() + found.notes.len() <= source.len(), "{unit}");
    }
}
