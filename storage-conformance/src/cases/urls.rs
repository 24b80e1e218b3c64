use http::HeaderMap;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use storage_core::capability::Ability;
use storage_core::url::{MAX_EXPIRY, MIN_EXPIRY, UrlMethod, UrlRefusal, UrlSigner};
use storage_core::{ErrorKind, FileUrl, ObjectKey, UrlOptions};

use crate::case::{Case, case};
use crate::outcome::{Outcome, Stop, ensure, ensure_eq, refused};
use crate::sandbox::Sandbox;

const ODD_NAMES: [&str; 16] = [
    "plain.txt",
    "a b+c",
    "100%",
    "a%20b",
    "a?b=c&d#e",
    "a;b,c:d@e$f!",
    "a'b\"c<d>",
    "(a)[b]{c}*~",
    "a|b^c`d",
    "a\\b",
    "ü/日本語.txt",
    "u\u{308}",
    "😀.png",
    "..a/.../.b",
    "-/_/~",
    "a/b/c/d/e",
];

pub(super) fn cases() -> Vec<Case> {
    let signed = [
        case!(public_ones_are_encoded),
        case!(signed_ones_are_encoded),
        case!(of_missing_objects_are_made_too),
        case!(need_no_runtime),
        case!(differ_by_method),
        case!(stable_ones_repeat_within_their_window),
        case!(windows_out_of_bounds_are_refused),
        case!(expiry_at_its_bounds),
        case!(expiry_out_of_bounds_is_refused),
        case!(download_names_beyond_ascii),
        case!(control_characters_are_refused),
        case!(overrides_beyond_ascii_are_refused),
        case!(own_ones_are_verified),
        case!(changed_ones_are_not_verified),
        case!(expired_ones_are_not_verified),
    ];
    let signed = signed.into_iter().map(|case| case.needs(Ability::SignedUrls));
    signed.chain([case!(are_refused_where_they_cannot_be_made).without(Ability::SignedUrls)]).collect()
}

fn signer(store: &Sandbox) -> Outcome<&dyn UrlSigner> {
    store.url_signer().ok_or_else(|| Stop::failed("the store claims signed URLs, but has no signer"))
}

pub(super) fn odd_keys(store: &Sandbox) -> Outcome<Vec<ObjectKey>> {
    ODD_NAMES.iter().map(|name| Ok(store.key(name)?)).collect()
}

async fn public_ones_are_encoded(store: Sandbox) -> Outcome {
    for key in odd_keys(&store)? {
        let url = signer(&store)?.public_url(&key)?;
        ensure!(!url.as_str().contains('?'), "a public URL has a query: {url}");
        is_encoded(&url, &key)?;
    }
    Ok(())
}

async fn signed_ones_are_encoded(store: Sandbox) -> Outcome {
    for key in odd_keys(&store)? {
        let options = UrlOptions::new()
            .download_as(key.file_name())
            .response_content_type("text/plain; charset=\"utf-8\"");
        is_encoded(&signer(&store)?.signed_url(&key, &options)?, &key)?;
    }
    Ok(())
}

/// The URL is printable ASCII without what a URL may not have, and its path decodes to the key.
pub(super) fn is_encoded(url: &FileUrl, key: &ObjectKey) -> Outcome {
    let text = url.as_str();
    ensure!(
        text.bytes().all(|byte| byte.is_ascii_graphic()),
        "`{text}` has a character that is no part of a URL"
    );
    ensure!(!text.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}', '#']), "`{text}` is not encoded");
    let rooted = text.starts_with('/') && !text.starts_with("//");
    ensure!(
        rooted || text.starts_with("http://") || text.starts_with("https://"),
        "`{text}` is neither absolute nor root-relative"
    );
    let path = text.split_once('?').map_or(text, |(path, _)| path);
    for (index, _) in path.match_indices('%') {
        let escape = path.get(index + 1..index + 3).unwrap_or_default();
        ensure!(
            escape.len() == 2 && escape.bytes().all(|b| b.is_ascii_hexdigit()),
            "`{text}` has a broken escape"
        );
    }
    let decoded = percent_decode_str(path).decode_utf8()?;
    ensure!(decoded.ends_with(&format!("/{key}")), "the path of `{text}` does not decode to `{key}`");
    let slashes = key.as_str().matches('/').count();
    let tail = path.rsplitn(slashes + 2, '/').count();
    ensure_eq!(tail, slashes + 2, "segments of `{text}`");
    Ok(())
}

async fn of_missing_objects_are_made_too(store: Sandbox) -> Outcome {
    let key = store.key("no/such/object")?;
    signer(&store)?.public_url(&key)?;
    signer(&store)?.signed_url(&key, &UrlOptions::new())?;
    Ok(())
}

async fn need_no_runtime(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let thread = std::thread::spawn(move || {
        let signer = signer(&store)?;
        signer.public_url(&key)?;
        signer.signed_url(&key, &UrlOptions::new())?;
        Ok(())
    });
    thread.join().map_err(|_| Stop::failed("making a URL outside a runtime panics"))?
}

async fn differ_by_method(store: Sandbox) -> Outcome {
    let (key, expiry) = (store.key("a")?, Duration::from_secs(3_600));
    let get = signer(&store)?.signed_url(&key, &UrlOptions::new().expires_in(expiry))?;
    let head =
        signer(&store)?.signed_url(&key, &UrlOptions::new().expires_in(expiry).method(UrlMethod::Head))?;
    ensure!(get != head, "a URL to read with is one to look at the headers with");
    Ok(())
}

async fn stable_ones_repeat_within_their_window(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let options =
        UrlOptions::new().expires_in(Duration::from_secs(60)).stable_for(Duration::from_secs(86_400));
    let sign = || signer(&store)?.signed_url(&key, &options).map_err(Stop::from);
    let mut urls = [sign()?, sign()?, sign()?];
    for url in &mut urls[1..] {
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        *url = sign()?;
    }
    // A window may end between two of three, but not twice.
    ensure!(urls[0] == urls[1] || urls[1] == urls[2], "a stable URL changes every second");
    Ok(())
}

async fn windows_out_of_bounds_are_refused(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let second = Duration::from_secs(1);
    for window in [Duration::ZERO, second * 3 / 2, MAX_EXPIRY] {
        let options = UrlOptions::new().expires_in(second).stable_for(window);
        refused(signer(&store)?.signed_url(&key, &options), ErrorKind::InvalidInput)?;
    }
    Ok(())
}

async fn expiry_at_its_bounds(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    for expiry in [MIN_EXPIRY, Duration::from_millis(1_500), MAX_EXPIRY] {
        signer(&store)?.signed_url(&key, &UrlOptions::new().expires_in(expiry))?;
    }
    Ok(())
}

async fn expiry_out_of_bounds_is_refused(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let second = Duration::from_secs(1);
    for expiry in [Duration::ZERO, second / 2, MAX_EXPIRY + second, Duration::MAX] {
        let url = signer(&store)?.signed_url(&key, &UrlOptions::new().expires_in(expiry));
        refused(url, ErrorKind::InvalidInput)?;
    }
    Ok(())
}

async fn download_names_beyond_ascii(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let url = signer(&store)?.signed_url(&key, &UrlOptions::new().download_as("Übersicht 日本語.pdf"))?;
    is_encoded(&url, &key)
}

async fn control_characters_are_refused(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    for bad in ["a\r\nX-Evil: 1", "a\0", "a\u{7f}", ""] {
        for options in [
            UrlOptions::new().response_content_type(bad),
            UrlOptions::new().response_content_disposition(bad),
            UrlOptions::new().response_cache_control(bad),
        ] {
            refused(signer(&store)?.signed_url(&key, &options), ErrorKind::InvalidInput)?;
        }
    }
    Ok(())
}

async fn overrides_beyond_ascii_are_refused(store: Sandbox) -> Outcome {
    let options = UrlOptions::new().response_content_disposition("attachment; filename=\"ü\"");
    refused(signer(&store)?.signed_url(&store.key("a")?, &options), ErrorKind::InvalidInput)?;
    Ok(())
}

/// The path and query of a signed URL, as a request for it has them.
pub(super) fn request_target(url: &FileUrl) -> &str {
    match url.as_str().split_once("://") {
        None => url.as_str(),
        Some((_, rest)) => rest.find('/').map_or("/", |start| &rest[start..]),
    }
}

pub(super) const NO_VERIFIER: &str = "needs: a store that verifies its own URLs";

async fn own_ones_are_verified(store: Sandbox) -> Outcome {
    let verifier = store.url_verifier().ok_or_else(|| Stop::cannot_run(NO_VERIFIER))?;
    for key in odd_keys(&store)? {
        let options = UrlOptions::new().expires_in(Duration::from_secs(60)).download_as("Ü.pdf");
        let url = signer(&store)?.signed_url(&key, &options)?;
        let grant = verifier.verify_url("GET", request_target(&url), &HeaderMap::new())?;
        ensure_eq!(grant.key, key, "key");
        ensure_eq!(grant.method, UrlMethod::Get, "method");
        ensure_eq!(grant.response, options.response, "overrides");
        ensure!(grant.expires_at.is_some(), "a signed URL never expires");
    }
    Ok(())
}

async fn changed_ones_are_not_verified(store: Sandbox) -> Outcome {
    let verifier = store.url_verifier().ok_or_else(|| Stop::cannot_run(NO_VERIFIER))?;
    let (key, other) = (store.key("a")?, store.key("b")?);
    let options = UrlOptions::new().expires_in(Duration::from_secs(60));
    let url = signer(&store)?.signed_url(&key, &options)?;
    let target = request_target(&url);
    ensure!(
        verifier.verify_url("HEAD", target, &HeaderMap::new()).is_err(),
        "a URL to read with is good for HEAD"
    );
    ensure!(
        verifier.verify_url("DELETE", target, &HeaderMap::new()).is_err(),
        "a URL to read with is good for DELETE"
    );
    let moved = target.replace(key.as_str(), other.as_str());
    ensure!(moved != target, "`{target}` does not have its key in its path");
    ensure!(verifier.verify_url("GET", &moved, &HeaderMap::new()).is_err(), "a URL is good for another key");
    let longer = signer(&store)?.signed_url(&key, &UrlOptions::new().expires_in(MAX_EXPIRY))?;
    ensure!(request_target(&longer) != target, "the expiry is not in the URL");
    for changed in [format!("{target}0"), format!("{target}&x=1"), target[..target.len() - 1].to_owned()] {
        ensure!(
            verifier.verify_url("GET", &changed, &HeaderMap::new()).is_err(),
            "`{changed}` is taken for `{target}`"
        );
    }
    Ok(())
}

async fn expired_ones_are_not_verified(store: Sandbox) -> Outcome {
    let verifier = store.url_verifier().ok_or_else(|| Stop::cannot_run(NO_VERIFIER))?;
    let url = signer(&store)?.signed_url(&store.key("a")?, &UrlOptions::new().expires_in(MIN_EXPIRY))?;
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    ensure_eq!(
        verifier.verify_url("GET", request_target(&url), &HeaderMap::new()),
        Err(UrlRefusal::Expired),
        "after two seconds"
    );
    Ok(())
}

async fn are_refused_where_they_cannot_be_made(store: Sandbox) -> Outcome {
    let Some(signer) = store.url_signer() else { return Ok(()) };
    let url = signer.signed_url(&store.key("a")?, &UrlOptions::new());
    refused(url, ErrorKind::Unsupported)?;
    Ok(())
}
