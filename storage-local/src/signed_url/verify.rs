use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use storage_core::url::{ResponseOverrides, UrlGrant, UrlMethod, UrlRefusal, UrlVerifier};

use super::Signer;
use super::address::decode;
use super::signing_key::Claim;
use crate::random::{from_hex, hex};

impl UrlVerifier for Signer {
    fn verify_form(&self, _: &str, _: &[(String, String)], _: &str) -> Result<UrlGrant, UrlRefusal> {
        Err(UrlRefusal::MethodNotAllowed)
    }

    fn verify_url(&self, method: &str, path_and_query: &str, _: &HeaderMap) -> Result<UrlGrant, UrlRefusal> {
        let method = match method {
            "GET" => UrlMethod::Get,
            "HEAD" => UrlMethod::Head,
            _ => return Err(UrlRefusal::MethodNotAllowed),
        };
        let Some((path, query)) = path_and_query.split_once('?') else {
            let known = self.address.key(path_and_query).is_some();
            return Err(if known { UrlRefusal::Unsigned } else { UrlRefusal::UnknownPath });
        };
        let key = self.address.key(path).ok_or(UrlRefusal::UnknownPath)?;
        let Parameters { expires, response, signature } = parse(query).ok_or(UrlRefusal::Malformed)?;

        // Order, repetition and every escape are right if the URL is what we would write.
        let spelling = format!("{}&signature={}", self.unsigned(&key, expires, &response), hex(&signature));
        if path_and_query != spelling {
            return Err(UrlRefusal::Malformed);
        }
        let claim = Claim { store: &self.store, method, key: &key, expires, response: &response };
        if !self.key.verify(&claim, &signature) {
            return Err(UrlRefusal::SignatureMismatch);
        }
        let expires_at = UNIX_EPOCH.checked_add(Duration::from_secs(expires)).ok_or(UrlRefusal::Malformed)?;
        if self.clock.now() >= expires_at {
            return Err(UrlRefusal::Expired);
        }
        Ok(UrlGrant::new(key, method, Some(expires_at)).with_response(response))
    }
}

struct Parameters {
    expires: u64,
    response: ResponseOverrides,
    signature: [u8; 32],
}

/// The parameters in any order and spelling; `None` if one is missing, unknown or makes no sense.
fn parse(query: &str) -> Option<Parameters> {
    let (mut expires, mut signature) = (None, None);
    let mut response = ResponseOverrides::default();
    for parameter in query.split('&') {
        let (name, value) = parameter.split_once('=')?;
        match name {
            "expires" => expires = Some(value.parse().ok()?),
            "signature" => signature = Some(from_hex(value)?),
            name => {
                if !response.set(name, decode(value)?) {
                    return None;
                }
            }
        }
    }
    Some(Parameters { expires: expires?, response, signature: signature? })
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use storage_core::clock::Clock;
    use storage_core::url::{MAX_EXPIRY, UrlSigner};
    use storage_core::{ErrorKind, ObjectKey, UrlOptions};

    use super::super::{BaseUrl, SigningKey};
    use super::*;

    const NOW: u64 = 1_764_000_000;

    fn signer_at(base: &str, store: &str, seconds: u64) -> Signer {
        let time = UNIX_EPOCH + Duration::from_secs(seconds);
        signer(base, store, b"0123456789abcdef", time)
    }

    fn signer(base: &str, store: &str, key: &[u8], time: SystemTime) -> Signer {
        let key = SigningKey::given(key).unwrap();
        Signer::new(store, BaseUrl::new(base).unwrap(), key, MAX_EXPIRY, Clock::fixed(time))
    }

    fn key() -> ObjectKey {
        "docs/Übersicht 1.pdf".parse().unwrap()
    }

    fn options() -> UrlOptions {
        UrlOptions::new().expires_in(Duration::from_secs(60)).download_as("Übersicht.pdf")
    }

    #[test]
    fn a_signed_url_is_granted_as_it_was_signed() {
        let signer = signer_at("https://example.org/files", "photos", NOW);
        let url = signer.signed_url(&key(), &options()).unwrap();
        let path = url.as_str().strip_prefix("https://example.org").unwrap();
        assert!(
            path.starts_with("/files/photos/docs/%C3%9Cbersicht%201.pdf?expires=1764000060&response-"),
            "{path}"
        );
        let grant = signer.verify_url("GET", path, &HeaderMap::new()).unwrap();
        assert_eq!(grant.key, key());
        assert_eq!(grant.expires_at, Some(UNIX_EPOCH + Duration::from_secs(NOW + 60)));
        assert_eq!(grant.response, options().response);
        assert_eq!(signer.verify_url("HEAD", path, &HeaderMap::new()), Err(UrlRefusal::SignatureMismatch));
        assert_eq!(signer.verify_url("get", path, &HeaderMap::new()), Err(UrlRefusal::MethodNotAllowed));
    }

    #[test]
    fn no_character_can_be_changed_added_or_taken_away() {
        let signer = signer_at("/files", "photos", NOW);
        let url = signer.signed_url(&key(), &options()).unwrap();
        let url = url.as_str();
        assert!(signer.verify_url("GET", url, &HeaderMap::new()).is_ok());
        for position in 0..url.len() {
            let original = &url[position..=position];
            for other in [
                "0", "1", "9", "a", "A", "f", "F", "%", "&", "=", "/", "?", "+", "-", ".", "_", "~", "%41",
                " ", "é", "\0", "",
            ] {
                if other != original {
                    let changed = format!("{}{other}{}", &url[..position], &url[position + 1..]);
                    assert!(signer.verify_url("GET", &changed, &HeaderMap::new()).is_err(), "{changed}");
                }
                let longer = format!("{}{other}{}", &url[..position], &url[position..]);
                if longer != url {
                    assert!(signer.verify_url("GET", &longer, &HeaderMap::new()).is_err(), "{longer}");
                }
            }
            let flipped = original.to_ascii_uppercase();
            if flipped != original {
                let changed = format!("{}{flipped}{}", &url[..position], &url[position + 1..]);
                assert!(signer.verify_url("GET", &changed, &HeaderMap::new()).is_err(), "{changed}");
            }
            let escaped =
                format!("{}%{:02X}{}", &url[..position], original.as_bytes()[0], &url[position + 1..]);
            assert!(signer.verify_url("GET", &escaped, &HeaderMap::new()).is_err(), "{escaped}");
        }
        for tail in ["&", "#", "&x=1", "&expires=1", "0"] {
            assert!(signer.verify_url("GET", &format!("{url}{tail}"), &HeaderMap::new()).is_err());
        }
    }

    #[test]
    fn another_order_a_repetition_and_an_unknown_parameter_are_malformed() {
        let signer = signer_at("/files", "photos", NOW);
        let url = signer.signed_url(&key(), &UrlOptions::new().response_content_type("text/plain")).unwrap();
        let (path, query) = url.as_str().split_once('?').unwrap();
        let parameters: Vec<_> = query.split('&').collect();
        let [expires, content_type, signature] = parameters[..] else { panic!("{query}") };
        for query in [
            format!("{content_type}&{expires}&{signature}"),
            format!("{expires}&{signature}&{content_type}"),
            format!("{expires}&{expires}&{content_type}&{signature}"),
            format!("{expires}&{content_type}&{signature}&{signature}"),
            format!("{expires}&{content_type}&x=1&{signature}"),
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
        // Without the override it is well-formed, and something else than what was signed.
        let less = format!("{path}?{expires}&{signature}");
        assert_eq!(signer.verify_url("GET", &less, &HeaderMap::new()), Err(UrlRefusal::SignatureMismatch));
    }

    #[test]
    fn expiry_is_told_only_of_a_url_that_was_right() {
        let url = signer_at("/files", "photos", NOW).signed_url(&key(), &options()).unwrap();
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
        let time = UNIX_EPOCH + Duration::from_secs(NOW);
        let url = signer_at("/files", "photos", NOW).signed_url(&key(), &options()).unwrap();
        let renamed = url.as_str().replace("/photos/", "/videos/");
        let videos = signer_at("/files", "videos", NOW);
        assert_eq!(videos.verify_url("GET", &renamed, &HeaderMap::new()), Err(UrlRefusal::SignatureMismatch));
        assert_eq!(videos.verify_url("GET", url.as_str(), &HeaderMap::new()), Err(UrlRefusal::UnknownPath));
        let other_key = signer("/files", "photos", b"another signing key", time);
        assert_eq!(
            other_key.verify_url("GET", url.as_str(), &HeaderMap::new()),
            Err(UrlRefusal::SignatureMismatch)
        );
    }

    #[test]
    fn a_public_url_is_unsigned() {
        let signer = signer_at("/", "photos", NOW);
        let url = signer.public_url(&key()).unwrap();
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
            let error = signer.signed_url(&key(), &options).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_eq!((error.key(), error.store()), (Some(key().as_str()), Some("photos")));
        }
    }
}
