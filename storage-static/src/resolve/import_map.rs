use std::collections::BTreeMap;

use super::{Statics, UnknownName};
use crate::encoded;
use crate::glob::Glob;
use crate::references::Syntax;

/// An import map: which URL a browser asks for in place of another, or of a bare name
/// ([HTML, "Import maps"](https://html.spec.whatwg.org/multipage/webappapis.html#import-maps)).
///
/// References in files are rewritten and need none; it is for bare names, and for what is computed at run time.
///
/// ```
/// use storage_static::resolve::{ImportMap, Statics};
///
/// let manifest = br#"{"paths": {"js/a.js": "js/a.0.js", "lib/lit.js": "lib/lit.1.js"}, "version": "1.1"}"#;
/// let statics = Statics::builder().parse(manifest)?;
/// let map = ImportMap::new(&statics).modules("js/*").specifier("lit", "lib/lit.js")?;
/// assert_eq!(
///     map.to_json(),
///     r#"{"imports":{"/static/js/a.js":"/static/js/a.0.js","lit":"/static/lib/lit.1.js"}}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImportMap<'a> {
    statics: &'a Statics,
    content: Content,
}

#[derive(Clone, Debug, Default, serde::Serialize)]
struct Content {
    imports: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    integrity: BTreeMap<String, String>,
}

impl<'a> ImportMap<'a> {
    /// With nothing in it.
    pub fn new(statics: &'a Statics) -> Self {
        Self { statics, content: Content::default() }
    }

    /// The scripts whose names are of this pattern, by their plain URLs.
    pub fn modules(mut self, glob: impl Into<Glob>) -> Self {
        let glob = glob.into();
        let scripts = self
            .statics
            .iter()
            .filter(|(name, _)| Syntax::of(name) == Some(Syntax::Js) && glob.matches(name));
        for (name, url) in scripts {
            let plain = encoded::join_as_written(self.statics.base_url(), name);
            if plain != url {
                self.content.push(plain, url, self.statics.integrity(name));
            }
        }
        self
    }

    /// A bare name for a script.
    ///
    /// # Errors
    ///
    /// Those of [`Statics::url`].
    pub fn specifier(mut self, specifier: impl Into<String>, name: &str) -> Result<Self, UnknownName> {
        let url = self.statics.url(name)?;
        self.content.push(specifier.into(), &url, self.statics.integrity(name));
        Ok(self)
    }

    /// As JSON that can stand in a `script` element as it is.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.content).unwrap_or_default().replace('<', "\\u003c")
    }

    /// As an element of HTML, without a line end.
    pub fn to_html(&self) -> String {
        format!("<script type=\"importmap\">{}</script>", self.to_json())
    }
}

impl Content {
    fn push(&mut self, from: String, url: &str, integrity: Option<&str>) {
        if let Some(integrity) = integrity {
            self.integrity.insert(url.to_owned(), integrity.to_owned());
        }
        self.imports.insert(from, url.to_owned());
    }
}
