use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use storage_core::url::{ResponseOverrides, UrlGrant, UrlMethod, UrlRefusal, UrlVerifier};

use super::Signer;
use super::address::{decode, is_name};
use super::demands;
use super::signing_key::Claim;
use crate::random::{from_hex, hex};

impl UrlVerifier for Signer {
    fn verify_url(
        &self,
        method: &str,
        path_and_query: &str,
        headers: &HeaderMap,
    ) -> Result<UrlGrant, UrlRefusal> {
        let method = UrlMethod::from_name(method).ok_or(UrlRefusal::MethodNotAllowed)?;
        let Some((path, query)) = path_and_query.split_once('?') else {
            let known = self.address.key(path_and_query).is_some();
            return Err(if known { UrlRefusal::Unsigned } else { UrlRefusal::UnknownPath });
        };
        let key = self.address.key(path).ok_or(UrlRefusal::UnknownPath)?;
        let Parameters { expires, options, signature } = parse(query).ok_or(UrlRefusal::Malformed)?;

        // Order, repetition and every escape are right if the URL is what we would write.
        let spelling = format!("{}&signature={}", self.unsigned(&key, expires, &options), hex(&signature));
        if path_and_query != spelling {
            return Err(UrlRefusal::Malformed);
        }
        let claim = Claim::Url { store: &self.store, method, key: &key, expires, options: &options };
        if !self.key.verify(&claim, &signature) {
            return Err(UrlRefusal::SignatureMismatch);
        }
        let grant = UrlGrant::new(key, method, Some(self.end_in_future(expires)?));
        match method {
            UrlMethod::Put => Ok(grant.with_upload(demands::verify(&options, headers)?)),
            _ => Ok(grant.with_response(overrides(options))),
        }
    }

    fn verify_form(
        &self,
        path: &str,
        fields: &[(String, String)],
        file_name: &str,
    ) -> Result<UrlGrant, UrlRefusal> {
        self.check_form(path, fields, file_name)
    }
}

impl Signer {
    /// Asked of what is signed only: whoever guesses learns nothing.
    pub(super) fn end_in_future(&self, expires: u64) -> Result<SystemTime, UrlRefusal> {
        let end = UNIX_EPOCH.checked_add(Duration::from_secs(expires)).ok_or(UrlRefusal::Malformed)?;
        match self.clock.now() < end {
            true => Ok(end),
            false => Err(UrlRefusal::Expired),
        }
    }
}

struct Parameters {
    expires: u64,
    options: BTreeMap<String, String>,
    signature: [u8; 32],
}

/// The parameters in any order and spelling; `None` if one is missing or makes no sense.
fn parse(query: &str) -> Option<Parameters> {
    let (mut expires, mut signature) = (None, None);
    let mut options = BTreeMap::new();
    for parameter in query.split('&') {
        let (name, value) = parameter.split_once('=')?;
        match name {
            "expires" => expires = Some(value.parse().ok()?),
            "signature" => signature = Some(from_hex(value)?),
            name if is_name(name) => {
                options.insert(name.to_owned(), decode(value)?);
            }
            _ => return None,
        }
    }
    Some(Parameters { expires: expires?, options, signature: signature? })
}

/// What is no override was signed for others.
fn overrides(options: BTreeMap<String, String>) -> ResponseOverrides {
    let mut response = ResponseOverrides::default();
    for (name, value) in options {
        response.set(&name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use storage_core::url::{MAX_EXPIRY, UrlSigner};
    use storage_core::{ErrorKind, UrlOptions};

    use super::super::samples::{NOW, at, changes, key, signer, signer_at};
    use super::*;

    const KEY: &str = "docs/Übersicht 1.pdf";

    fn options() -> UrlOptions {
        UrlOptions::new().expires_in(Duration::from_secs(60)).download_as("Übersicht.pdf")
    }

    #[test]
    fn a_signed_url_is_granted_as_it_was_signed() {
        let signer = signer_at("https://example.org/files", "photos", NOW);
        let url = signer.signed_url(&key(KEY), &options()).unwrap();
        let path = url.as_str().strip_prefix("https://example.org").unwrap();
        assert!(
            path.starts_with("/files/photos/docs/%C3%9Cbersicht%201.pdf?expires=1764000060&response-"),
            "{path}"
        );
        let grant = signer.verify_url("GET", path, &HeaderMap::new()).unwrap();
        assert_eq!(grant.key, key(KEY));
        assert_eq!(grant.expires_at, Some(at(NOW + 60)));
        assert_eq!(grant.response, options().response);
        assert_eq!(signer.verify_url("HEAD", path, &HeaderMap::new()), Err(UrlRefusal::SignatureMismatch));
        assert_eq!(signer.verify_url("get", path, &HeaderMap::new()), Err(UrlRefusal::MethodNotAllowed));
    }

    #[test]
    fn no_character_can_be_changed_added_or_taken_away() {
        let signer = signer_at("/files", "photos", NOW);
        let url = signer.signed_url(&key(KEY), &options()).unwrap();
        let url = url.as_str();
        assert!(signer.verify_url("GET", url, &HeaderMap::new()).is_ok());
        for changed in changes(url) {
            assert!(signer.verify_url("GET", &changed, &HeaderMap::new()).is_err(), "{changed}");
        }
    }

    #[test]
    fn another_order_a_repetition_and_an_unknown_parameter_are_malformed() {
        let signer = signer_at("/files", "photos", NOW);
        let url =
            signer.signed_url(&key(KEY), &UrlOptions::new().response_content_type("text/plain")).unwrap();
        let (path, query) = url.as_str().split_once('?').unwrap();
        let parameters: Vec<_> = query.split('&').collect();
        let [expires, content_type, signature] = parameters[..] else { panic!("{query}") };
        for query in [
            format!("{content_type}&{expires}&{signature}"),
            format!("{expires}&{signature}&{content_type}"),
            format!("{expires}&{expires}&{content_type}&{signature}"),
            format!("{expires}&{content_type}&{signature}&{signature}"),
            format!("{expires}&x=1&{content_type}&{signature}"),
            format!("{expires}&{content_type}&=1&{signature}"),
            format!("{expires}&{content_type}&x&{signature}"),
            format!("{expires}&{content_type}&x y=1&{signature}"),
            format!("{expires}&{content_type}"),
            format!("{content_type}&{signature}"),
            format!("expires=0{}&{content_type}&{signature}", &expires["expires=".len()..]),
            format!("expires=%2B1&{content_type}&{signature}"),
            String::new(),
        ] {
            assert_eq!(
                signer.verify_url("GET", &format!("{path}?{query}"), &HeaderMap::new()),
                Err(UrlRefusal::Malformed),
                "{query}"
            );
        }
        // Less or more is well-formed, and something else than what was signed.
        for query in [format!("{expires}&{signature}"), format!("{expires}&{content_type}&x=1&{signature}")] {
            let url = format!("{path}?{query}");
            assert_eq!(signer.verify_url("GET", &url, &HeaderMap::new()), Err(UrlRefusal::SignatureMismatch));
        }
    }

    #[test]
    fn expiry_is_told_only_of_a_url_that_was_right() {
        let url = signer_at("/files", "photos", NOW).signed_url(&key(KEY), &options()).unwrap();
        let verify = |seconds, url: &str| {
            signer_at("/files", "photos", seconds).verify_url("GET", url, &HeaderMap::new())
        };
        assert!(verify(NOW + 59, url.as_str()).is_ok());
        assert_eq!(verify(NOW + 60, url.as_str()), Err(UrlRefusal::Expired));
        let forged = url.as_str().replace("expires=1764000060", "expires=1764000061");
        assert_eq!(verify(NOW + 99, &forged), Err(UrlRefusal::SignatureMismatch));
        let overflow = url.as_str().replace("expires=1764000060", "expires=18446744073709551615");
        assert_eq!(verify(NOW, &overflow), Err(UrlRefusal::SignatureMismatch));
    }

    #[test]
    fn a_url_is_of_one_store_and_one_key_only() {
        let url = signer_at("/files", "photos", NOW).signed_url(&key(KEY), &options()).unwrap();
        let renamed = url.as_str().replace("/photos/", "/videos/");
        let videos = signer_at("/files", "videos", NOW);
        assert_eq!(videos.verify_url("GET", &renamed, &HeaderMap::new()), Err(UrlRefusal::SignatureMismatch));
        assert_eq!(videos.verify_url("GET", url.as_str(), &HeaderMap::new()), Err(UrlRefusal::UnknownPath));
        let other_key = signer("/files", "photos", b"another signing key", at(NOW));
        assert_eq!(
            other_key.verify_url("GET", url.as_str(), &HeaderMap::new()),
            Err(UrlRefusal::SignatureMismatch)
        );
    }

    #[test]
    fn a_public_url_is_unsigned() {
        let signer = signer_at("/", "photos", NOW);
        let url = signer.public_url(&key(KEY)).unwrap();
        assert_eq!(url.as_str(), "/photos/docs/%C3%9Cbersicht%201.pdf");
        assert_eq!(signer.verify_url("GET", url.as_str(), &HeaderMap::new()), Err(UrlRefusal::Unsigned));
        assert_eq!(signer.verify_url("GET", "/photos/../x", &HeaderMap::new()), Err(UrlRefusal::UnknownPath));
    }

    #[test]
    fn an_expiry_or_override_out_of_bounds_is_refused() {
        let signer = signer_at("/files", "photos", NOW);
        for options in [
            UrlOptions::new().expires_in(Duration::from_millis(999)),
            UrlOptions::new().expires_in(MAX_EXPIRY + Duration::from_secs(1)),
            UrlOptions::new().response_content_type("a\nb"),
        ] {
            let error = signer.signed_url(&key(KEY), &options).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_eq!((error.key(), error.store()), (Some(KEY), Some("photos")));
        }
    }

    #[test]
    fn each_method_is_signed_for_itself() {
        let signer = signer_at("/files", "photos", NOW);
        let methods = [UrlMethod::Get, UrlMethod::Head, UrlMethod::Delete];
        for method in methods {
            let url = signer.signed_url(&key(KEY), &UrlOptions::new().method(method)).unwrap();
            for other in ["GET", "HEAD", "DELETE", "PUT"] {
                let verdict = signer.verify_url(other, url.as_str(), &HeaderMap::new());
                match other == method.as_str() {
                    true => assert_eq!(verdict.unwrap().method, method),
                    false => assert_eq!(verdict, Err(UrlRefusal::SignatureMismatch)),
                }
            }
            for other in ["POST", "PATCH", "get", ""] {
                let verdict = signer.verify_url(other, url.as_str(), &HeaderMap::new());
                assert_eq!(verdict, Err(UrlRefusal::MethodNotAllowed));
            }
        }
    }

    #[test]
    fn further_parameters_are_signed_and_set_none_of_ours() {
        let signer = signer_at("/files", "photos", NOW);
        let options = options().query("width", "200 px").query("A", "").query("x-amz-meta-a", "b");
        let url = signer.signed_url(&key(KEY), &options).unwrap();
        assert!(url.as_str().contains("&width=200%20px&") && url.as_str().contains("&A=&"), "{url}");
        let grant = signer.verify_url("GET", url.as_str(), &HeaderMap::new()).unwrap();
        assert_eq!(grant.response, options.response);
        for changed in changes(url.as_str()) {
            assert!(signer.verify_url("GET", &changed, &HeaderMap::new()).is_err(), "{changed}");
        }
        for name in ["expires", "signature", "response-content-type", "response-x", "", "a b", "a=b", "ü"] {
            let error = signer.signed_url(&key(KEY), &UrlOptions::new().query(name, "1")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
        }
        let error = signer.signed_url(&key(KEY), &UrlOptions::new().version("1")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }

    #[test]
    fn a_stable_url_is_the_same_within_its_window_and_valid_as_long_as_promised() {
        let promised = Duration::from_secs(300);
        let options = UrlOptions::new().expires_in(promised).stable_for(Duration::from_secs(60));
        let sign = |time| {
            signer("/files", "photos", b"0123456789abcdef", time).signed_url(&key(KEY), &options).unwrap()
        };
        let moments = [0, 1, 30_500, 59_000, 59_999];
        let [start, next] = [NOW - NOW % 60, NOW - NOW % 60 + 60].map(at);
        for start in [start, next] {
            let url = sign(start);
            for moment in moments {
                let time = start + Duration::from_millis(moment);
                assert_eq!(sign(time), url, "{moment} ms into the window");
                let last = signer(
                    "/files",
                    "photos",
                    b"0123456789abcdef",
                    time + promised - Duration::from_millis(1),
                );
                assert!(last.verify_url("GET", url.as_str(), &HeaderMap::new()).is_ok(), "{moment} ms");
            }
            let end =
                signer("/files", "photos", b"0123456789abcdef", start + promised + Duration::from_secs(60));
            assert_eq!(end.verify_url("GET", url.as_str(), &HeaderMap::new()), Err(UrlRefusal::Expired));
        }
        assert_ne!(sign(start), sign(next));
        assert_eq!(sign(next - Duration::from_millis(1)), sign(start));
    }
}
