use crate::references::{Edit, rewrite};

/// A text that is edited again and again, and that knows where its parts were at first.
#[derive(Debug)]
pub(super) struct Text {
    bytes: Vec<u8>,
    /// Where parts begin: now, and at first. In the order of the text.
    parts: Vec<(usize, usize)>,
}

impl Text {
    pub(super) fn new(source: &[u8]) -> Self {
        Self { bytes: source.to_vec(), parts: vec![(0, 0)] }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Where at first was what is at an offset now; within what was written anew, not after where it ended.
    pub(super) fn original(&self, offset: usize) -> usize {
        let part = self.parts.partition_point(|(now, _)| *now <= offset).saturating_sub(1);
        let (now, first) = self.parts.get(part).copied().unwrap_or_default();
        let place = first + offset.saturating_sub(now);
        self.parts.get(part + 1).map_or(place, |(_, next)| place.min(*next))
    }

    /// Makes edits, which are in the order of the text and do not overlap.
    pub(super) fn edit(&mut self, edits: Vec<Edit>) {
        if edits.is_empty() {
            return;
        }
        let mut parts = Vec::with_capacity(self.parts.len() + 2 * edits.len());
        let mut old = self.parts.iter().copied().peekable();
        // Where the text is now, less where it was before these edits: as what is added and what is taken away.
        let (mut added, mut removed) = (0, 0);
        for edit in &edits {
            while let Some((now, first)) = old.next_if(|(now, _)| *now < edit.span.start) {
                parts.push((now + added - removed, first));
            }
            parts.push((edit.span.start + added - removed, self.original(edit.span.start)));
            while old.next_if(|(now, _)| *now < edit.span.end).is_some() {}
            added += edit.text.len();
            removed += edit.span.len();
            parts.push((edit.span.end + added - removed, self.original(edit.span.end)));
        }
        parts.extend(old.map(|(now, first)| (now + added - removed, first)));
        self.bytes = rewrite(&self.bytes, &edits);
        self.parts = parts;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_know_where_they_were() {
        let mut text = Text::new(b"0123456789");
        let edit = |span, text: &str| Edit { span, text: text.into() };
        text.edit(vec![edit(2..4, "abcdef"), edit(6..8, "")]);
        assert_eq!(text.bytes(), b"01abcdef4589");
        let places: Vec<_> = (0..=12).map(|offset| text.original(offset)).collect();
        assert_eq!(places, [0, 1, 2, 3, 4, 4, 4, 4, 4, 5, 8, 9, 10]);
        text.edit(vec![edit(8..10, "xyz")]);
        assert_eq!(text.bytes(), b"01abcdefxyz89");
        assert_eq!(text.original(8), 4);
        assert_eq!(text.original(11), 8);
        assert_eq!(text.original(12), 9);
    }
}
