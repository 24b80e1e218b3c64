/// A name without its query and fragment, and these.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_at(name.find(['?', '#']).unwrap_or(name.len()))
}

/// A text in an attribute of HTML.
pub(super) fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_and_fragment_are_split_off() {
        assert_eq!(split("a.eot?#iefix"), ("a.eot", "?#iefix"));
        assert_eq!(split("a#b?c"), ("a", "#b?c"));
        assert_eq!(split("a"), ("a", ""));
    }
}
