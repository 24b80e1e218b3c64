//! Content types: nothing that a browser would run is taken for harmless, and what is made of names and bytes can be sent.

use crate::PutOptions;
use crate::content_type::{from_name, is_active};

/// Types as servers and people write them, file names, and first bytes.
pub const SEEDS: &[&[u8]] = &[
    b"text/html; charset=utf-8",
    b" image/svg+xml ;q=1",
    b"application/x-javascript",
    b"unknown/unknown, */*",
    "\u{a0}image/png".as_bytes(),
    b"multipart/x-mixed-replace; boundary=\"x;y\"",
    b"cats/tom.JPG",
    b"x.tar.gz",
    b".webmanifest",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"%PDF-1.7\n<!DOCTYPE html>",
    b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>",
];

/// Takes the input for a type, for a file's name and for its content.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match essence(&text) {
        None => assert!(is_active(&text), "a browser would guess what {text:?} is"),
        Some(essence) => {
            assert!(!browsers_run(&essence) || is_active(&text), "{text:?}");
            assert_eq!(is_active(&essence), is_active(&text), "parameters do not matter: {text:?}");
        }
    }
    let by_name = from_name(&text);
    assert_eq!(by_name, from_name(&text.to_ascii_uppercase()));
    assert_eq!(
        by_name,
        from_name(&format!("folder.html/{text}")).filter(|_| !text.starts_with('.') || by_name.is_some())
    );
    can_be_sent(by_name);
    #[cfg(feature = "sniff")]
    can_be_sent(crate::content_type::from_content(data));
}

fn can_be_sent(content_type: Option<&'static str>) {
    if let Some(content_type) = content_type {
        assert!(essence(content_type).is_some(), "{content_type}");
        assert!(PutOptions::new().content_type(content_type).attributes.validate().is_ok());
    }
}

/// [WHATWG MIME Sniffing §4.4](https://mimesniff.spec.whatwg.org/#parsing-a-mime-type), as far as type and subtype go.
fn essence(text: &str) -> Option<String> {
    const SPACE: [char; 4] = ['\t', '\n', '\r', ' '];
    let is_token = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
    };
    let (kind, rest) = text.trim_matches(SPACE).split_once('/')?;
    let subtype = rest.split(';').next()?.trim_end_matches(SPACE);
    (is_token(kind) && is_token(subtype)).then(|| format!("{kind}/{subtype}").to_ascii_lowercase())
}

/// HTML, XML and JavaScript by the definitions of [the same standard, §4.6](https://mimesniff.spec.whatwg.org/#mime-type-groups).
fn browsers_run(essence: &str) -> bool {
    const SCRIPTS: [&str; 16] = [
        "application/ecmascript",
        "application/javascript",
        "application/x-ecmascript",
        "application/x-javascript",
        "text/ecmascript",
        "text/javascript",
        "text/javascript1.0",
        "text/javascript1.1",
        "text/javascript1.2",
        "text/javascript1.3",
        "text/javascript1.4",
        "text/javascript1.5",
        "text/jscript",
        "text/livescript",
        "text/x-ecmascript",
        "text/x-javascript",
    ];
    SCRIPTS.contains(&essence)
        || essence.ends_with("+xml")
        || ["text/html", "text/xml", "application/xml"].contains(&essence)
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("content_types", run, SEEDS);
}
