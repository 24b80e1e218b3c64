use std::fmt;

/// A place in a file as people and editors count it, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Lines end with LF, CR LF or CR.
    pub line: usize,
    /// Characters, not bytes. What is no UTF-8 counts a character a byte; a byte order mark counts nothing.
    pub column: usize,
}

/// Turns offsets into positions: for offsets that do not fall the whole file is read once.
#[derive(Debug, Clone)]
pub struct Positions<'a> {
    source: &'a [u8],
    offset: usize,
    position: Position,
}

impl<'a> Positions<'a> {
    /// Of offsets in these bytes.
    pub fn new(source: &'a [u8]) -> Self {
        let mut positions = Self { source, offset: 0, position: Position { line: 1, column: 1 } };
        positions.rewind();
        positions
    }

    /// Where an offset is; one after the end is at the end.
    pub fn at(&mut self, offset: usize) -> Position {
        let offset = offset.min(self.source.len());
        if offset < self.offset {
            self.rewind();
        }
        let mut rest = self.source.get(self.offset..offset).unwrap_or_default();
        let mut done = self.offset;
        while let Some(end) = memchr::memchr2(b'\n', b'\r', rest) {
            done += end + 1;
            // Of CR LF the second ends the line.
            match rest[end] == b'\n' || self.source.get(done) != Some(&b'\n') {
                true => self.position = Position { line: self.position.line + 1, column: 1 },
                false => self.position.column += characters(&rest[..end]),
            }
            rest = &rest[end + 1..];
        }
        self.position.column += characters(rest);
        self.offset = self.offset.max(offset);
        self.position
    }

    fn rewind(&mut self) {
        self.offset = if self.source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        self.position = Position { line: 1, column: 1 };
    }
}

fn characters(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).chars().count()
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_counted_as_editors_do() {
        let source = "\u{feff}ab\r\ncd\re\u{e9}f\n\ng".as_bytes();
        let mut positions = Positions::new(source);
        let expected = [
            (0, "1:1"),
            (3, "1:1"),
            (5, "1:3"),
            (7, "2:1"),
            (10, "3:1"),
            (13, "3:3"),
            (14, "3:4"),
            (15, "4:1"),
            (16, "5:1"),
            (99, "5:2"),
            (8, "2:2"),
            (99, "5:2"),
        ];
        for (offset, position) in expected {
            assert_eq!(positions.at(offset).to_string(), position, "{offset}");
            assert_eq!(Positions::new(source).at(offset).to_string(), position, "{offset}");
        }
    }

    #[test]
    fn a_position_reached_step_by_step_is_the_same() {
        let source = b"a\r\n\xff\xfe\rb\n\nc";
        let mut stepwise = Positions::new(source);
        for offset in 0..=source.len() {
            assert_eq!(stepwise.at(offset), Positions::new(source).at(offset), "{offset}");
        }
    }
}
