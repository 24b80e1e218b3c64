//! `ListObjectsV2`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::{
    CommonPrefix, ETag, EncodingType, ListObjectsV2Input, ListObjectsV2Output, Object as ObjectEntry,
    ObjectStorageClass,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::Api;
use crate::store::{Marker, Page, Query};

/// Entries on one page (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>).
const MAX_KEYS: usize = 1000;

/// What MinIO leaves as it is under `encoding-type=url`; a space becomes `+` besides.
const LISTED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/').remove(b'*').remove(b' ');

impl Api {
    pub(super) fn list(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let input = request.input;
        let limit = match input.max_keys {
            None => MAX_KEYS,
            Some(keys) => {
                usize::try_from(keys).map_err(|_| s3_error!(InvalidArgument, "max-keys"))?.min(MAX_KEYS)
            }
        };
        let from = match (&input.continuation_token, &input.start_after) {
            (Some(token), _) => Marker::from_token(token)?,
            (None, Some(key)) => Marker::AfterKey(key.clone()),
            (None, None) => Marker::start(),
        };
        let query = Query {
            prefix: input.prefix.as_deref().unwrap_or_default(),
            delimiter: input.delimiter.as_deref().unwrap_or_default(),
            from,
            limit,
        };
        let page = self.store.bucket(&input.bucket, |bucket| Ok(Page::read(&bucket.objects, &query)))?;

        let url = input.encoding_type.as_ref().is_some_and(|kind| kind.as_str() == EncodingType::URL);
        let name = |name: String| if url { encode(&name) } else { name };
        let entries = page.objects.into_iter().map(|(key, object)| ObjectEntry {
            key: Some(name(key)),
            e_tag: Some(ETag::Strong(object.etag.clone())),
            last_modified: Some(object.modified.into()),
            size: i64::try_from(object.bytes.len()).ok(),
            storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
            ..Default::default()
        });
        let contents: Vec<_> = entries.collect();
        let common: Vec<_> =
            page.prefixes.into_iter().map(|prefix| CommonPrefix { prefix: Some(name(prefix)) }).collect();
        let next = page.next.map(|marker| marker.token());
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: Some(name(input.prefix.unwrap_or_default())),
            delimiter: input.delimiter.map(name),
            start_after: input.start_after.map(name),
            continuation_token: input.continuation_token,
            encoding_type: input.encoding_type,
            max_keys: i32::try_from(limit).ok(),
            key_count: i32::try_from(contents.len() + common.len()).ok(),
            is_truncated: Some(next.is_some()),
            next_continuation_token: next,
            contents: Some(contents),
            common_prefixes: Some(common),
            request_charged: None,
        }))
    }
}

/// As a query value: MinIO encodes names in this form.
pub(super) fn encode(name: &str) -> String {
    utf8_percent_encode(name, LISTED).to_string().replace(' ', "+")
}
