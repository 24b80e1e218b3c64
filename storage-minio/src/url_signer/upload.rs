use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use storage_core::url::{SignedUpload, UploadOptions};
use storage_core::{Error, ObjectKey, Result};

use super::S3UrlSigner;
use crate::actions::put_object;

impl S3UrlSigner {
    /// An upload by PUT. Whatever is demanded of it is a signed header.
    pub(crate) fn upload_url(&self, key: &ObjectKey, options: &UploadOptions) -> Result<SignedUpload> {
        self.sign_upload(key, options).map_err(|error| self.named(error, "upload_url").with_key(key))
    }

    fn sign_upload(&self, key: &ObjectKey, options: &UploadOptions) -> Result<SignedUpload> {
        options.validate()?;
        let mut headers = put_object::demanded(&options.put)?;
        let shown = in_order(&headers)?;
        if let Some(length) = options.content_length {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        let signing = self.signing(|now, default| options.validity(now, default))?;
        let url = self.presign(&signing, &Method::PUT, key, &[], &headers)?;
        Ok(SignedUpload::new(url, shown, options.content_length))
    }
}

/// Each header as text, in the order of the names.
fn in_order(headers: &HeaderMap) -> Result<Vec<(String, String)>> {
    let text = |(name, value): (&HeaderName, &HeaderValue)| match value.to_str() {
        Ok(value) => Ok((name.as_str().to_owned(), value.to_owned())),
        Err(_) => {
            Err(Error::invalid_input(format!("the value of the header `{name}` is not printable ASCII")))
        }
    };
    let mut texts = headers.iter().map(text).collect::<Result<Vec<_>>>()?;
    texts.sort_unstable();
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use storage_core::options::{Checksum, CustomerKey, PutMode, ServerSideEncryption};
    use storage_core::{ETag, ErrorKind, PutOptions};

    use super::super::tests::{key, parameter, signer};
    use super::*;

    fn upload(options: UploadOptions) -> SignedUpload {
        signer().upload_url(&key(), &options).unwrap()
    }

    #[test]
    fn every_option_is_a_signed_header_that_is_told() {
        let put = PutOptions::new()
            .content_type("image/png")
            .cache_control("no-store")
            .content_disposition("inline")
            .content_encoding("gzip")
            .content_language("de")
            .metadata("author", "Jürgen")
            .tag("team a", "x=y")
            .encryption(ServerSideEncryption::Managed)
            .storage_class("STANDARD_IA")
            .checksum(Checksum::Md5([0; 16]))
            .mode(PutMode::Create);
        let options =
            UploadOptions::new().content_length(48_213).expires_in(Duration::from_secs(60)).put(put);
        let upload = upload(options);
        let expected = [
            ("cache-control", "no-store"),
            ("content-disposition", "inline"),
            ("content-encoding", "gzip"),
            ("content-language", "de"),
            ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
            ("content-type", "image/png"),
            ("if-none-match", "*"),
            ("x-amz-meta-author", "=?UTF-8?Q?J=C3=BCrgen?="),
            ("x-amz-server-side-encryption", "AES256"),
            ("x-amz-storage-class", "STANDARD_IA"),
            ("x-amz-tagging", "team%20a=x%3Dy"),
        ];
        let told: Vec<_> =
            upload.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(told, expected);
        assert_eq!((upload.method, upload.content_length), ("PUT", Some(48_213)));
        assert_eq!(parameter(&upload.url, "X-Amz-Expires").as_deref(), Some("60"));
        let signed = parameter(&upload.url, "X-Amz-SignedHeaders").unwrap();
        let mut names: Vec<_> = expected.iter().map(|(name, _)| *name).collect();
        names.extend(["content-length", "host"]);
        names.sort_unstable();
        assert_eq!(signed, names.join("%3B"));
    }

    #[test]
    fn without_a_content_type_the_uploader_chooses() {
        let upload = upload(UploadOptions::new());
        assert_eq!((upload.headers.as_slice(), upload.content_length), ([].as_slice(), None));
        assert_eq!(parameter(&upload.url, "X-Amz-SignedHeaders").as_deref(), Some("host"));
    }

    #[test]
    fn the_other_digest_and_the_other_condition() {
        let put =
            PutOptions::new().checksum(Checksum::Sha256([0; 32])).mode(PutMode::IfMatch(ETag::new("abc")));
        let told = upload(UploadOptions::new().put(put)).headers;
        let expected = [
            ("if-match", "\"abc\""),
            ("x-amz-checksum-sha256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ];
        assert_eq!(told, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_cannot_be_demanded_is_refused() {
        let sealed = ServerSideEncryption::Customer(CustomerKey::new([0; 32]));
        for put in [
            PutOptions::new().encryption(sealed),
            PutOptions::new().encryption(ServerSideEncryption::Kms(Some("ü".into()))),
            PutOptions::new().encryption(ServerSideEncryption::Kms(Some("a\r\nb".into()))),
            PutOptions::new().content_type("text/plain\r\nX-Evil: 1"),
            PutOptions::new().metadata("storage-save-id", "x"),
            PutOptions::new().mode(PutMode::IfMatch(ETag::new("a\tb"))),
        ] {
            let error = signer().upload_url(&key(), &UploadOptions::new().put(put)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            assert_eq!((error.operation(), error.store()), (Some("upload_url"), Some("photos")));
        }
        for expiry in [Duration::ZERO, Duration::from_secs(604_801)] {
            let options = UploadOptions::new().expires_in(expiry);
            assert_eq!(signer().upload_url(&key(), &options).unwrap_err().kind(), ErrorKind::InvalidInput);
        }
    }
}
