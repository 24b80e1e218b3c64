//! References in JavaScript: found in order, the same after edits that change nothing, and found again when they are renamed.

use super::rewriting;
use crate::references::Syntax;

/// Each way to refer to a file, and what is only like it.
pub const SEEDS: &[&[u8]] = &[
    b"#!x\nimport a,{b as c,'d' as e}from'./f.js';import\"../g.js?h#i\";import*as j from './k.js' with{type:'json'}",
    b"export*from'./a.js';export{b,c as default}from\"./d.js\"\nexport default class{}/e/.f",
    b"x=`${import(`./a.js`)}b${{}/c}`;import(/* d */'\\x2e/e.js',f);import('g'+h)",
    b"new Worker(new URL('./a.js',import.meta.url),{b:/[/'\"]/g})",
    b"if(a)/'/.b;c=d/e/f;g?h:/'/;for(i of /j/)k:{}/l/\na.import('./b.js')",
    b"\xef\xbb\xbfimport '\\u{2e}/\\\n\xff.js'\n/*\xe2\x80\xa8*/ //# sourceMappingURL=a.js.map\r\n",
];

/// Takes the input for a file.
pub fn run(data: &[u8]) {
    rewriting::check(Syntax::Js, data);
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("js_references", run, SEEDS);
}
