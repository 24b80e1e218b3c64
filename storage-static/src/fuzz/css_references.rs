//! References in CSS: found in order, the same after edits that change nothing, and found again when they are renamed.

use super::rewriting;
use crate::references::Syntax;

/// Each way to refer to a file, and what is only like it.
pub const SEEDS: &[&[u8]] = &[
    b"@charset \"utf-8\";@import 'a.css' layer(x) supports(a:b);@import url(\"b.css?x#y\");",
    b"a{b:url( c\\ d.png ),url('e.eot?#iefix');f:src(\"g\" h)}/* url(i) */",
    b"a{b:image-set(\"c.png\" 1x,url(d.png) 2x type('image/png'))}",
    b"@namespace url(a);@supports (b:url(c)){d[e='url(f)']{g:u\\72l(h)}}",
    b"<!--a{b:'c\nd;e:url(f g)} -->\n/*# sourceMappingURL=a.css.map */\n",
    b"\xef\xbb\xbfa{b:url(\xff\\2f\\61 /x%2fy)}",
    b"a{b:url(//\\a/c),url(/d//%40e/f\\67),url(/\\\\h)}",
];

/// Takes the input for a file.
pub fn run(data: &[u8]) {
    rewriting::check(Syntax::Css, data);
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("css_references", run, SEEDS);
}
