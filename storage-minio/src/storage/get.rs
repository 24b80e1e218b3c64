use std::sync::Arc;

use http::StatusCode;
use http::header::LAST_MODIFIED;
use storage_core::outcome::GetOutcome;
use storage_core::{GetOptions, Object, ObjectKey, Result};

use super::Store;
use super::resuming::Resuming;
use super::verified::Verification;
use crate::actions::xml::garbled;
use crate::actions::{get_object, headers};
use crate::client::Reading;

impl Store {
    pub(super) async fn get(self: &Arc<Self>, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        let answer =
            self.client.exchange(&get_object::request(key, &options)?, Reading::Stream).await.result?;
        if answer.status == StatusCode::NOT_MODIFIED {
            let last_modified = headers::text(&answer.headers, &LAST_MODIFIED);
            return Ok(GetOutcome::NotModified {
                etag: headers::read_etag(&answer.headers),
                last_modified: last_modified.and_then(|date| httpdate::parse_http_date(&date).ok()),
            });
        }
        let (meta, range) = get_object::answer(&answer, key.clone(), options.range)?;
        let stream = answer.stream.ok_or_else(|| garbled("it has no content"))?;
        let is_whole = range == (0..meta.size);
        let verification = match self.verifies_reads && is_whole {
            true => Verification::of(&meta, &answer.headers),
            false => None,
        };
        let reading =
            Resuming::new(Arc::clone(self), &meta, options.customer_key, range.clone(), stream, verification);
        Ok(GetOutcome::Object(Box::new(Object::new(meta, range, reading.into_stream()))))
    }
}
