use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;
use storage_core::{Error, ErrorKind, Result};

use crate::client::printable;

/// How deep elements may lie in one another. S3's answers have four levels.
const MAX_DEPTH: usize = 16;

/// Reads an answer element by element, in the order in which they come, without building anything.
///
/// A document type is refused, so that nothing can be defined that expands. What is not asked for is skipped.
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    depth: usize,
}

impl<'a> Xml<'a> {
    /// Enters the root element and gives its name.
    pub(crate) fn open(document: &'a [u8]) -> Result<(Self, &'a str)> {
        let text = std::str::from_utf8(document).map_err(|_| garbled("it is not UTF-8"))?;
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut xml = Self { reader, text, depth: 0 };
        match xml.child()? {
            Some(root) => Ok((xml, root)),
            None => Err(garbled("it has no root element")),
        }
    }

    /// Enters the root element, which must have this name.
    pub(crate) fn open_as(document: &'a [u8], name: &str) -> Result<Self> {
        match Self::open(document)? {
            (xml, root) if root == name => Ok(xml),
            (_, root) => Err(garbled(&format!("it is a `{}`, not a `{name}`", printable(root)))),
        }
    }

    /// Enters the next element within the current one and gives its local name, or leaves the current one at its end.
    ///
    /// Whoever enters an element ends it: by `text`, by `skip`, or by calling `child` until there is none.
    pub(crate) fn child(&mut self) -> Result<Option<&'a str>> {
        loop {
            let start = self.position();
            match self.event()? {
                Event::Start(element) => {
                    let prefixed = element.name().as_ref().len();
                    let local = element.local_name().as_ref().len();
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(garbled("its elements lie too deep in one another"));
                    }
                    // After the `<` and the name space's prefix.
                    let end = start + 1 + prefixed;
                    return self
                        .text
                        .get(end - local..end)
                        .map(Some)
                        .ok_or_else(|| garbled("a name is broken"));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(None);
                }
                Event::Eof => return Err(garbled("it breaks off")),
                Event::DocType(_) => return Err(garbled("it has a document type")),
                _ => {}
            }
        }
    }

    /// The current element's text; ends the element.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>> {
        let mut text = Cow::Borrowed("");
        loop {
            match self.event()? {
                Event::Text(part) => append(&mut text, part.into_inner()),
                Event::CData(part) => append(&mut text, part.into_inner()),
                Event::GeneralRef(reference) => {
                    let character = match reference.resolve_char_ref() {
                        Ok(Some(character)) => Some(character),
                        Ok(None) => predefined(&reference.into_inner()),
                        Err(_) => None,
                    };
                    text.to_mut().push(character.ok_or_else(|| garbled("it refers to what is not defined"))?);
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(text);
                }
                Event::Start(_) => return Err(garbled("an element holds another where text belongs")),
                Event::Eof => return Err(garbled("it breaks off")),
                Event::DocType(_) => return Err(garbled("it has a document type")),
                _ => {}
            }
        }
    }

    /// Ends the current element, whatever is in it.
    pub(crate) fn skip(&mut self) -> Result<()> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.child()?;
        }
        Ok(())
    }

    /// What is in the current element, as it is written; ends the element.
    pub(crate) fn inside(&mut self) -> Result<&'a str> {
        let start = self.position();
        let outside = self.depth.saturating_sub(1);
        let mut end = start;
        while self.depth > outside {
            end = self.position();
            self.child()?;
        }
        self.text.get(start..end).ok_or_else(|| garbled("an element is broken"))
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn event(&mut self) -> Result<Event<'a>> {
        // The parser's own words hold names out of the document, which may be anything.
        let position = self.position();
        self.reader.read_event().map_err(|_| garbled(&format!("it is not well-formed at byte {position}")))
    }
}

/// What an answer is that cannot be understood.
pub(crate) fn garbled(why: &str) -> Error {
    Error::new(ErrorKind::Corrupt, format!("the server's answer cannot be understood: {why}"))
}

/// Text for an element. Line breaks and tabs are written as references, since parsers change them otherwise.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn append<'a>(text: &mut Cow<'a, str>, part: Cow<'a, str>) {
    match text.is_empty() {
        true => *text = part,
        false => text.to_mut().push_str(&part),
    }
}

/// [XML 1.0 §4.6](https://www.w3.org/TR/xml/#sec-predefined-ent)
fn predefined(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(document: &str) -> Result<Vec<(String, String)>> {
        let mut xml = Xml::open_as(document.as_bytes(), "R")?;
        let mut fields = Vec::new();
        while let Some(name) = xml.child()? {
            match name {
                "Skipped" => xml.skip()?,
                _ => fields.push((name.to_owned(), xml.text()?.into_owned())),
            }
        }
        Ok(fields)
    }

    #[test]
    fn reads_texts_and_skips_the_rest() {
        let document = r#"<?xml version="1.0"?>
            <R xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><!-- c -->
              <A>x &amp; y&#x21;</A><Skipped a="1"><A>deep<B/></A></Skipped><E/><n:C><![CDATA[<z>]]></n:C>
            </R>"#;
        let expected = [("A", "x & y!"), ("E", ""), ("C", "<z>")];
        let fields = fields(document).unwrap();
        assert!(fields.iter().map(|(n, t)| (n.as_str(), t.as_str())).eq(expected), "{fields:?}");
    }

    #[test]
    fn refuses_what_is_broken_or_could_grow() {
        let deep = format!("<R>{}</R>", "<Skipped>".repeat(40));
        for document in [
            "",
            "hello",
            "<R>",
            "<R><A>x</R>",
            "<R><A>x</B></R>",
            "<Q></Q>",
            "<R><A>&unknown;</A></R>",
            "<R><A>&#0;</A></R>",
            "<!DOCTYPE R [<!ENTITY a \"aaaa\">]><R><A>&a;</A></R>",
            "<R><A><B>x</B></A></R>",
            "\u{feff}",
            &deep,
        ] {
            assert_eq!(fields(document).map_err(|e| e.kind()), Err(ErrorKind::Corrupt), "{document}");
        }
        assert!(Xml::open(b"<R>\xff</R>").is_err());
    }

    #[test]
    fn what_is_escaped_is_read_back() {
        let text = "a<b>&\"c'\t\r\n ü";
        let document = format!("<R><A>{}</A></R>", escape(text));
        assert_eq!(fields(&document).unwrap(), [("A".to_owned(), text.to_owned())]);
    }
}
