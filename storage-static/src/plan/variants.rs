use super::build::Planner;
use super::{Action, Step, Variant, VariantState};
use crate::manifest::Headers;
use crate::variant::Encoding;

/// What is shorter is not compressed: it is one packet in any case.
const LEAST_BYTES: u64 = 256;

/// What is longer is not compressed either: it would be held in memory.
const MOST_BYTES: u64 = 64 << 20;

impl Planner<'_> {
    /// Those that are asked for, and those that an earlier deploy has made and that are right still: they stay known.
    pub(super) fn variants(&self, step: &Step, is_named_by_content: bool) -> Vec<Variant> {
        let is_worth_it = is_worth_it(step.size, &step.headers);
        let state = |encoding: Encoding| {
            let state = self.state(step, is_named_by_content, encoding);
            let is_known = matches!(state, VariantState::Present | VariantState::Headers)
                && self.indexed(&encoding.key(&step.key)).is_some();
            let is_asked = is_worth_it && self.options.encodings.contains(&encoding);
            (is_asked || is_known).then_some(state)
        };
        let variant = |encoding: Encoding| {
            Some(Variant { encoding, key: encoding.key(&step.key), state: state(encoding)? })
        };
        Encoding::ALL.into_iter().filter_map(variant).collect()
    }

    fn state(&self, step: &Step, is_named_by_content: bool, encoding: Encoding) -> VariantState {
        let key = encoding.key(&step.key);
        let stays = step.action != Action::Upload;
        let base = self.indexed(&step.key).filter(|base| is_named_by_content || base.md5 == step.md5);
        let known = self.indexed(&key);
        if self.found.listing.get(&key).is_none() {
            let is_declined = base.is_some_and(|base| base.declined.contains(&encoding));
            return if stays && is_declined { VariantState::Declined } else { VariantState::Wanted };
        }
        // A key with a fingerprint is of one content only. Of another one somebody has to know which content the variant is of.
        match (stays, is_named_by_content, base.is_some() && known.is_some()) {
            (true, true, _) | (true, _, true) => {
                match known.is_none_or(|known| known.headers == step.variant_headers(encoding)) {
                    true => VariantState::Present,
                    false => VariantState::Headers,
                }
            }
            (false, true, _) => VariantState::Wanted,
            (_, false, _) => VariantState::Outdated,
        }
    }

    /// The encodings that are known to save too little, also those that are not asked for today.
    pub(super) fn declined(&self, step: &Step) -> Vec<Encoding> {
        let is_open = |encoding: &&Encoding| {
            let mut variants = step.variants.iter();
            !variants.any(|variant| variant.encoding == **encoding && variant.state != VariantState::Declined)
        };
        let known = self.indexed(&step.key).filter(|known| known.md5 == step.md5);
        known.map(|known| known.declined.iter().filter(is_open).copied().collect()).unwrap_or_default()
    }
}

fn is_worth_it(size: u64, headers: &Headers) -> bool {
    (LEAST_BYTES..=MOST_BYTES).contains(&size)
        && !headers.contains_key("content-encoding")
        && headers.get("content-type").is_some_and(|media_type| is_compressible(media_type))
}

/// A media type without its parameters.
pub(super) fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Whether files of such a type are not compressed by themselves.
fn is_compressible(media_type: &str) -> bool {
    const KNOWN: [&str; 11] = [
        "application/javascript",
        "application/json",
        "application/rtf",
        "application/vnd.ms-fontobject",
        "application/wasm",
        "application/xml",
        "font/otf",
        "font/ttf",
        "image/bmp",
        "image/vnd.microsoft.icon",
        "image/x-icon",
    ];
    let media_type = essence(media_type);
    media_type.starts_with("text/")
        || media_type.ends_with("+json")
        || media_type.ends_with("+xml")
        || KNOWN.contains(&media_type)
}
