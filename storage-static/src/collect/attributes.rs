use storage_core::attributes::Attributes;

use crate::manifest::Headers;

/// Headers of a plan, which holds no others, as a store takes them.
pub(super) fn of(headers: &Headers) -> Attributes {
    let mut attributes = Attributes::default();
    for (name, value) in headers.iter() {
        let place = match name.as_str() {
            "cache-control" => &mut attributes.cache_control,
            "content-disposition" => &mut attributes.content_disposition,
            "content-encoding" => &mut attributes.content_encoding,
            "content-language" => &mut attributes.content_language,
            "content-type" => &mut attributes.content_type,
            name => {
                let name = name.strip_prefix("x-amz-meta-").unwrap_or(name);
                attributes.metadata.insert(name.to_owned(), value.clone());
                continue;
            }
        };
        *place = Some(value.clone());
    }
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::HeaderRules;

    #[test]
    fn each_header_has_its_place() {
        let rules = HeaderRules::default().header("*", "X-Amz-Meta-Team", "web").header(
            "*",
            "content-language",
            "de",
        );
        let attributes = of(&rules.fingerprinted("a.css"));
        assert_eq!(attributes.content_type.as_deref(), Some("text/css"));
        assert_eq!(attributes.cache_control.as_deref(), Some("public, max-age=31536000, immutable"));
        assert_eq!(attributes.content_language.as_deref(), Some("de"));
        assert_eq!(attributes.metadata.get("team").map(String::as_str), Some("web"));
    }
}
