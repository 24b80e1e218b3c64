use storage_core::url::{
    FormKey, FormOptions, SignedUpload, UploadForm, UploadOptions, UploadSigner, UrlMethod,
};
use storage_core::{ObjectKey, Result};

use super::{Signer, demands};
use crate::abilities::check_put;

impl UploadSigner for Signer {
    fn upload_url(&self, key: &ObjectKey, options: &UploadOptions) -> Result<SignedUpload> {
        self.sign_upload(key, options)
            .map_err(|error| error.with_operation("upload_url").with_key(key).with_store(&self.store))
    }

    fn upload_form(&self, key: &FormKey, options: &FormOptions) -> Result<UploadForm> {
        self.sign_form(key, options)
            .map_err(|error| error.with_operation("upload_form").with_store(&self.store))
    }
}

impl Signer {
    fn sign_upload(&self, key: &ObjectKey, options: &UploadOptions) -> Result<SignedUpload> {
        options.validate()?;
        check_put(&options.put)?;
        let demands = demands::write(options)?;
        let validity = options.validity(self.clock.now(), self.default_expiry)?;
        let url = self.signed(UrlMethod::Put, key, validity, &demands)?;
        Ok(SignedUpload::new(url, demands::headers(&demands), options.content_length))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderMap, HeaderName, HeaderValue};
    use storage_core::options::{Checksum, CustomerKey, PutMode, ServerSideEncryption};
    use storage_core::url::{UploadTerms, UrlRefusal, UrlVerifier};
    use storage_core::{ETag, ErrorKind, PutOptions};

    use super::super::samples::{NOW, at, changes, key, signer_at};
    use super::*;

    fn signer() -> Signer {
        signer_at("/files", "photos", NOW)
    }

    fn full() -> UploadOptions {
        let put = PutOptions::new()
            .content_type("image/png")
            .cache_control("private, max-age=60")
            .content_disposition("attachment; filename=\"a b.png\"")
            .content_encoding("gzip")
            .content_language("de")
            .metadata("author", "Jürgen  Ä")
            .metadata("empty", "")
            .metadata("plain", "a b")
            .tag("kind", "a=b +c")
            .tag("other", "")
            .mode(PutMode::IfMatch(ETag::new("abc")))
            .checksum(Checksum::Sha256([7; 32]));
        UploadOptions::new().expires_in(Duration::from_secs(60)).content_length(48_213).put(put)
    }

    /// What a client sends that does as it is told.
    fn sent(upload: &SignedUpload) -> HeaderMap {
        let mut headers: HeaderMap = upload
            .headers
            .iter()
            .map(|(name, value)| {
                let name: HeaderName = name.parse().unwrap();
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect();
        if let Some(length) = upload.content_length {
            headers.insert("content-length", length.into());
        }
        headers.insert("user-agent", HeaderValue::from_static("test"));
        headers.insert("cache-control", HeaderValue::from_static("private, max-age=60"));
        headers
    }

    fn terms(upload: &SignedUpload, headers: &HeaderMap) -> Result<UploadTerms, UrlRefusal> {
        Ok(signer().verify_url("PUT", upload.url.as_str(), headers)?.upload.unwrap())
    }

    #[test]
    fn an_upload_is_granted_with_what_was_demanded() {
        let upload = signer().upload_url(&key("a/ü.png"), &full()).unwrap();
        assert!(
            upload.url.as_str().starts_with(
                "/files/photos/a/%C3%BC.png?expires=1764000060&cache-control=private%2C%20max-age%3D60&"
            ),
            "{}",
            upload.url
        );
        let grant = signer().verify_url("PUT", upload.url.as_str(), &sent(&upload)).unwrap();
        assert_eq!(
            (grant.key, grant.method, grant.expires_at),
            (key("a/ü.png"), UrlMethod::Put, Some(at(NOW + 60)))
        );
        let wanted = UploadTerms::new(full().put).with_length(48_213, 48_213);
        assert_eq!(grant.upload, Some(wanted));
        for (mode, checksum) in
            [(PutMode::Create, Checksum::Md5([1; 16])), (PutMode::Overwrite, Checksum::Sha256([0; 32]))]
        {
            let put = PutOptions::new().mode(mode).checksum(checksum);
            let upload = signer().upload_url(&key("a"), &UploadOptions::new().put(put.clone())).unwrap();
            assert_eq!(terms(&upload, &sent(&upload)), Ok(UploadTerms::new(put)));
        }
    }

    #[test]
    fn the_headers_are_those_of_s3() {
        let upload = signer().upload_url(&key("a"), &full()).unwrap();
        let names: Vec<_> = upload.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "cache-control",
                "content-disposition",
                "content-encoding",
                "content-language",
                "content-type",
                "if-match",
                "x-amz-checksum-sha256",
                "x-amz-meta-author",
                "x-amz-meta-empty",
                "x-amz-meta-plain",
                "x-amz-tagging",
            ]
        );
        let value = |name: &str| upload.headers.iter().find(|(known, _)| known == name).unwrap().1.as_str();
        assert_eq!(value("if-match"), "\"abc\"");
        assert_eq!(value("x-amz-meta-author"), "=?UTF-8?B?SsO8cmdlbiAgw4Q=?=");
        assert_eq!(value("x-amz-meta-plain"), "a b");
        assert_eq!(value("x-amz-tagging"), "kind=a%3Db%20%2Bc&other=");
        assert!(
            upload.headers.iter().all(|(_, value)| value.bytes().all(|byte| (0x20..0x7f).contains(&byte)))
        );
        assert_eq!(upload.content_length, Some(48_213));
    }

    #[test]
    fn each_header_is_there_once_and_as_demanded() {
        let upload = signer().upload_url(&key("a"), &full()).unwrap();
        let right = sent(&upload);
        assert!(terms(&upload, &right).is_ok());
        for name in upload.headers.iter().map(|(name, _)| name.as_str()).chain(["content-length"]) {
            let header: HeaderName = name.parse().unwrap();
            let value = right[&header].clone();
            let mut without = right.clone();
            without.remove(&header);
            let mut twice = right.clone();
            twice.append(&header, value.clone());
            let mut wrong = vec![without, twice];
            for changed in changes(value.to_str().unwrap()) {
                let Ok(changed) = HeaderValue::from_str(&changed) else { continue };
                let mut other = right.clone();
                other.insert(&header, changed);
                wrong.push(other);
            }
            for headers in wrong {
                assert_eq!(terms(&upload, &headers), Err(UrlRefusal::HeaderMismatch), "{headers:?}");
            }
        }
    }

    #[test]
    fn what_was_not_demanded_is_refused_if_it_would_say_something_of_the_object() {
        let upload = signer().upload_url(&key("a"), &UploadOptions::new()).unwrap();
        for (name, value, is_fine) in [
            ("content-type", "text/plain", true),
            ("content-type", "text/plain\u{e9}", false),
            ("cache-control", "no-cache", true),
            ("content-length", "5", true),
            ("origin", "https://example.org", true),
            ("content-disposition", "inline", false),
            ("content-encoding", "aws-chunked", false),
            ("content-language", "de", false),
            ("content-md5", "x", false),
            ("content-range", "bytes 0-1/2", false),
            ("if-match", "\"a\"", false),
            ("if-none-match", "*", false),
            ("x-amz-meta-a", "b", false),
            ("x-amz-acl", "public-read", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
            let verdict = terms(&upload, &headers);
            let expected = if is_fine { None } else { Some(UrlRefusal::HeaderMismatch) };
            assert_eq!(verdict.as_ref().err(), expected.as_ref(), "{name}: {value}");
            if let Ok(terms) = verdict {
                let chosen = (name == "content-type").then_some("text/plain");
                assert_eq!(terms.put.attributes.content_type.as_deref(), chosen);
                assert_eq!(terms.put.attributes.cache_control, None);
            }
        }
        let mut twice = HeaderMap::new();
        twice.append("content-type", HeaderValue::from_static("text/plain"));
        twice.append("content-type", HeaderValue::from_static("text/html"));
        assert_eq!(terms(&upload, &twice), Err(UrlRefusal::HeaderMismatch));
    }

    #[test]
    fn no_character_of_the_url_can_be_changed() {
        let upload = signer().upload_url(&key("a/ü.png"), &full()).unwrap();
        let headers = sent(&upload);
        for changed in changes(upload.url.as_str()) {
            assert!(signer().verify_url("PUT", &changed, &headers).is_err(), "{changed}");
        }
        for method in ["GET", "HEAD", "DELETE"] {
            let verdict = signer().verify_url(method, upload.url.as_str(), &headers);
            assert_eq!(verdict, Err(UrlRefusal::SignatureMismatch), "{method}");
        }
        let late = signer_at("/files", "photos", NOW + 60);
        assert_eq!(late.verify_url("PUT", upload.url.as_str(), &headers), Err(UrlRefusal::Expired));
        let other = signer_at("/files", "videos", NOW);
        let moved = upload.url.as_str().replace("/photos/", "/videos/");
        assert_eq!(other.verify_url("PUT", &moved, &headers), Err(UrlRefusal::SignatureMismatch));
    }

    #[test]
    fn options_that_the_store_cannot_honour_are_refused_as_by_put() {
        for (put, kind) in [
            (PutOptions::new().encryption(ServerSideEncryption::Managed), ErrorKind::Unsupported),
            (PutOptions::new().storage_class("GLACIER"), ErrorKind::Unsupported),
            (
                PutOptions::new().encryption(ServerSideEncryption::Customer(CustomerKey::new([1; 32]))),
                ErrorKind::InvalidInput,
            ),
            (PutOptions::new().content_type("a\nb"), ErrorKind::InvalidInput),
            (PutOptions::new().tag("", "x"), ErrorKind::InvalidInput),
            (PutOptions::new().mode(PutMode::IfMatch(ETag::new("a\nb"))), ErrorKind::InvalidInput),
            (PutOptions::new().mode(PutMode::IfMatch(ETag::new(""))), ErrorKind::InvalidInput),
        ] {
            let error = signer().upload_url(&key("a"), &UploadOptions::new().put(put)).unwrap_err();
            assert_eq!((error.kind(), error.operation()), (kind, Some("upload_url")));
            assert_eq!((error.key(), error.store()), (Some("a"), Some("photos")));
        }
        for seconds in [0, 604_801] {
            let options = UploadOptions::new().expires_in(Duration::from_secs(seconds));
            assert_eq!(signer().upload_url(&key("a"), &options).unwrap_err().kind(), ErrorKind::InvalidInput);
        }
    }
}
