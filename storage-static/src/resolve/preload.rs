use std::collections::{HashSet, VecDeque};

use super::url::attribute;
use super::{Statics, UnknownName};
use crate::encoded;
use crate::references::{Kind, Syntax};

/// A file that a browser will need, and can be told of before it finds that out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Preload {
    /// Its URL.
    pub url: String,
    /// What it is for.
    pub destination: Destination,
    /// Its integrity value, if there is one.
    pub integrity: Option<String>,
}

/// What a file is for ([Fetch, "destination"](https://fetch.spec.whatwg.org/#concept-request-destination)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Destination {
    /// A script that is a module.
    Module,
    /// A style sheet.
    Style,
    /// A font, of the format that all browsers take (WOFF2).
    Font,
    /// An image.
    Image,
}

impl Destination {
    fn of(kind: Kind, name: &str) -> Option<Self> {
        let is = |extensions: &[&str]| {
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            extensions.iter().any(|known| known.eq_ignore_ascii_case(extension))
        };
        match kind {
            // Others are imported with attributes, and fetched in ways that no preload has.
            Kind::JsImport if Syntax::of(name) == Some(Syntax::Js) => Some(Self::Module),
            Kind::CssImport => Some(Self::Style),
            Kind::Bundled if Syntax::of(name) == Some(Syntax::Css) => Some(Self::Style),
            Kind::CssUrl if is(&["woff2"]) => Some(Self::Font),
            // Of an image set a browser takes one, and nobody else knows which.
            Kind::CssUrl if is(&["avif", "gif", "jpeg", "jpg", "png", "svg", "webp"]) => Some(Self::Image),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Module => "script",
            Self::Style => "style",
            Self::Font => "font",
            Self::Image => "image",
        }
    }
}

impl Preload {
    /// As an element of HTML, without a line end.
    pub fn to_html(&self) -> String {
        let url = attribute(&self.url);
        let start = match self.destination {
            Destination::Module => format!("<link rel=\"modulepreload\" href=\"{url}\""),
            // Fonts are always fetched in the anonymous mode.
            Destination::Font => format!("<link rel=\"preload\" as=\"font\" crossorigin href=\"{url}\""),
            other => format!("<link rel=\"preload\" as=\"{}\" href=\"{url}\"", other.word()),
        };
        // A style sheet is imported without CORS, and then nobody may look at it: with an integrity value it is blocked.
        let integrity = self.integrity.as_ref().filter(|_| self.destination == Destination::Module);
        let integrity = integrity.map(|value| format!(" integrity=\"{}\"", attribute(value)));
        format!("{start}{}>", integrity.unwrap_or_default())
    }

    /// As a value of the header `Link`, for early hints (RFC 8297).
    pub fn to_header(&self) -> String {
        match self.destination {
            Destination::Module => format!("<{}>; rel=modulepreload", self.url),
            Destination::Font => format!("<{}>; rel=preload; as=font; crossorigin", self.url),
            other => format!("<{}>; rel=preload; as={}", self.url, other.word()),
        }
    }
}

impl Statics {
    /// What a style sheet or a script refers to, however indirectly, the nearest first; without itself, and without what is loaded later
    /// or never: `import()`, `new URL()`, source maps, fonts in old formats; nor what a script imports that is none.
    ///
    /// The styles of a bundler's entry (`src/main.ts`) and of what it imports are among them ([`Destination::Style`]): a page has to link these.
    ///
    /// Known from the index of the deploy: without it there is nothing, and in development neither. Images and fonts of a large style
    /// sheet may be more than one page needs: pick what it does.
    ///
    /// # Errors
    ///
    /// There is no such file.
    pub fn preloads(&self, entry: &str) -> Result<Vec<Preload>, UnknownName> {
        self.url(entry)?;
        let Some(entry) = self.file(entry) else { return Ok(Vec::new()) };
        let mut seen = HashSet::from([(entry, None)]);
        let mut open = VecDeque::from([entry]);
        let mut preloads = Vec::new();
        while let Some(name) = open.pop_front() {
            let dependencies =
                self.entry(name).map(|entry| entry.dependencies.as_slice()).unwrap_or_default();
            for dependency in dependencies {
                let destination = Destination::of(dependency.kind, &dependency.name);
                if let Some(destination) = destination
                    && let Some(entry) = self.entry(&dependency.name)
                    && seen.insert((dependency.name.as_str(), dependency.query.as_deref()))
                {
                    let integrity = entry.integrity.as_deref().map(str::to_owned);
                    let query = dependency.query.as_deref().map(encoded::query);
                    let url = entry.url.to_string() + &query.unwrap_or_default();
                    preloads.push(Preload { url, destination, integrity });
                    open.push_back(&dependency.name);
                }
            }
        }
        Ok(preloads)
    }
}
