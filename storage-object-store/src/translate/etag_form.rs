use std::sync::atomic::{AtomicU8, Ordering};

use storage_core::ETag;

const UNKNOWN: u8 = 0;
const QUOTED: u8 = 1;
const BARE: u8 = 2;

/// Whether a store's entity tags come in quotes. Ours are without; a condition has to repeat the store's own form to the letter.
#[derive(Debug)]
pub(crate) struct EtagForm(AtomicU8);

impl EtagForm {
    pub(crate) fn new(is_quoted: Option<bool>) -> Self {
        Self(AtomicU8::new(is_quoted.map_or(UNKNOWN, form)))
    }

    /// Learns from a tag that the store gave.
    pub(crate) fn read(&self, tag: Option<&str>) -> Option<ETag> {
        let tag = tag?;
        if self.0.load(Ordering::Relaxed) == UNKNOWN {
            self.0.store(form(tag.ends_with('"')), Ordering::Relaxed);
        }
        Some(ETag::new(tag))
    }

    /// The tag as the store wants it; `None` while that is not known.
    pub(crate) fn write(&self, tag: &ETag) -> Option<String> {
        match self.0.load(Ordering::Relaxed) {
            QUOTED => Some(tag.quoted()),
            BARE => Some(tag.as_str().to_owned()),
            _ => None,
        }
    }
}

fn form(is_quoted: bool) -> u8 {
    if is_quoted { QUOTED } else { BARE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_learnt_from_the_first_tag_seen() {
        let form = EtagForm::new(None);
        assert_eq!(form.write(&"x".into()), None);
        assert_eq!(form.read(Some("1-2-3")), Some(ETag::new("1-2-3")));
        assert_eq!(form.write(&"x".into()).as_deref(), Some("x"));
        assert_eq!(EtagForm::new(Some(true)).write(&"x".into()).as_deref(), Some("\"x\""));
    }
}
