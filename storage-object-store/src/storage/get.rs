use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use object_store::{Error as Foreign, GetRange, GetResult};
use storage_core::body::ByteStream;
use storage_core::outcome::GetOutcome;
use storage_core::{ByteRange, ETag, Error, ErrorKind, GetOptions, Object, ObjectKey, ObjectMeta, Result};

use super::Store;
use crate::translate::attributes;
use crate::translate::errors::translate;
use crate::translate::key_path::path_of;

/// What a store says of an object, with what of it is our own.
pub(super) struct Head {
    pub(super) meta: object_store::ObjectMeta,
    pub(super) attributes: object_store::Attributes,
}

impl Head {
    fn of(answer: &GetResult) -> Self {
        Self { meta: answer.meta.clone(), attributes: answer.attributes.clone() }
    }
}

impl Store {
    pub(super) async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        Ok(self.meta(key, &self.head(key).await?))
    }

    /// Everything about an object but its bytes.
    pub(super) async fn head(&self, key: &ObjectKey) -> Result<Head> {
        let options = object_store::GetOptions { head: true, ..object_store::GetOptions::default() };
        match self.objects.get_opts(&path_of(key)?, options).await {
            Ok(answer) => {
                self.see_bucket();
                Ok(Head::of(&answer))
            }
            Err(error) => Err(self.explain(key, read_error(error)).await),
        }
    }

    pub(super) async fn get(self: &Arc<Self>, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        if let Some(range) = options.range {
            range.validate()?;
        }
        if options.customer_key.is_some() {
            return Err(Error::unsupported("this store cannot decrypt with a customer's key"));
        }
        let foreign = object_store::GetOptions {
            range: options.range.and_then(foreign_range),
            if_match: self.condition(key, options.if_match.as_ref()).await?,
            if_none_match: self.condition(key, options.if_none_match.as_ref()).await?,
            if_modified_since: match options.if_none_match {
                None => options.if_modified_since.map(end_of_second),
                Some(_) => None,
            },
            ..object_store::GetOptions::default()
        };
        match self.objects.get_opts(&path_of(key)?, foreign.clone()).await {
            Ok(answer) => self.object(key, answer, options.range).map(GetOutcome::from),
            Err(Foreign::NotModified { .. }) => {
                Ok(GetOutcome::NotModified { etag: options.if_none_match, last_modified: None })
            }
            Err(error) => match options.range {
                Some(range) => self.get_range_otherwise(key, range, foreign, error).await,
                None => Err(self.explain(key, read_error(error)).await),
            },
        }
    }

    /// What a failed read of a range came to: the range is outside the object, or the store knows no range from the end.
    async fn get_range_otherwise(
        self: &Arc<Self>,
        key: &ObjectKey,
        range: ByteRange,
        mut options: object_store::GetOptions,
        error: Foreign,
    ) -> Result<GetOutcome> {
        let knows_no_suffix =
            matches!(error, Foreign::NotSupported { .. }) && matches!(range, ByteRange::Last(_));
        let error = read_error(error);
        let may_be_the_range = [
            ErrorKind::InvalidInput,
            ErrorKind::Other,
            ErrorKind::RangeNotSatisfiable,
            ErrorKind::Unsupported,
        ];
        if !may_be_the_range.contains(&error.kind()) {
            return Err(self.explain(key, error).await);
        }
        let head = self.head(key).await?;
        let resolved = range.resolve(head.meta.size)?;
        if !knows_no_suffix {
            return Err(error);
        }
        options.range = Some(GetRange::Bounded(resolved));
        // The range belongs to the object that was looked at.
        options.if_match = options.if_match.or(head.meta.e_tag);
        let answer = self.objects.get_opts(&path_of(key)?, options).await.map_err(read_error)?;
        self.object(key, answer, Some(range)).map(GetOutcome::from)
    }

    fn object(
        self: &Arc<Self>,
        key: &ObjectKey,
        answer: GetResult,
        asked: Option<ByteRange>,
    ) -> Result<Object> {
        self.see_bucket();
        let meta = self.meta(key, &Head::of(&answer));
        let expected = match asked {
            Some(range) => range.resolve(meta.size)?,
            None => 0..meta.size,
        };
        if answer.range != expected {
            return Err(Error::new(
                ErrorKind::Corrupt,
                "the store answered with another range than was asked for",
            ));
        }
        let stream = match expected.is_empty() {
            true => stream::empty().boxed(),
            false => self.bytes(key, answer),
        };
        Ok(Object::new(meta, expected, stream))
    }

    fn bytes(self: &Arc<Self>, key: &ObjectKey, answer: GetResult) -> ByteStream {
        let (store, key) = (Arc::clone(self), key.clone());
        let chunks = answer.into_stream().map(move |chunk| {
            chunk.map_err(|error| {
                let error = match read_error(error) {
                    // It was there: that it broke off is no answer about it.
                    error if error.is_not_found() => {
                        Error::new(ErrorKind::PreconditionFailed, "the object was deleted while it was read")
                            .with_source(error)
                    }
                    error => error,
                };
                error.with_operation("get").with_key(&key).with_store(&*store.name)
            })
        });
        chunks.boxed()
    }

    pub(super) fn meta(&self, key: &ObjectKey, answer: &Head) -> ObjectMeta {
        ObjectMeta::new(key.clone(), answer.meta.size)
            .with_attributes(attributes::from_foreign(&answer.attributes, self.backend))
            .with_etag(self.etag_form.read(answer.meta.e_tag.as_deref()))
            .with_last_modified(time_of(answer.meta.last_modified))
            .with_version(answer.meta.version.clone())
    }

    /// An entity tag as the store wants it. While its form is not known, one look at the object tells.
    pub(super) async fn condition(&self, key: &ObjectKey, etag: Option<&ETag>) -> Result<Option<String>> {
        let Some(etag) = etag else { return Ok(None) };
        if let Some(tag) = self.etag_form.write(etag) {
            return Ok(Some(tag));
        }
        let head = self.head(key).await?;
        self.etag_form.read(head.meta.e_tag.as_deref());
        match self.etag_form.write(etag) {
            Some(tag) => Ok(Some(tag)),
            None => Err(Error::unsupported("this store gives no entity tags")),
        }
    }
}

/// An error of a read. What lies below a file, or is a folder, is no object; that is an answer.
pub(super) fn read_error(error: Foreign) -> Error {
    let error = translate(error);
    match is_no_file(&error) {
        true => Error::new(ErrorKind::NotFound, ""),
        false => error,
    }
}

/// Whether a folder on disk said that there is no file of this name, in other words than "not found".
pub(super) fn is_no_file(error: &Error) -> bool {
    error.kind() == ErrorKind::Unsupported && error.message() == crate::translate::errors::FILE_AND_FOLDER
}

/// `None` for the whole object, which is also what `0..` of an empty object means.
fn foreign_range(range: ByteRange) -> Option<GetRange> {
    match range {
        ByteRange::From(0) => None,
        // Servers count in signed numbers.
        ByteRange::Bounded(start, end) if i64::try_from(end).is_err() => {
            foreign_range(ByteRange::From(start))
        }
        ByteRange::Bounded(start, end) => Some(GetRange::Bounded(start..end)),
        ByteRange::From(start) => Some(GetRange::Offset(start)),
        ByteRange::Last(count) if i64::try_from(count).is_err() => None,
        ByteRange::Last(count) => Some(GetRange::Suffix(count)),
    }
}

/// HTTP compares whole seconds; a store in this process compares all there is. What was written in the same second has not changed.
fn end_of_second(time: SystemTime) -> DateTime<Utc> {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    DateTime::from(UNIX_EPOCH + Duration::new(seconds, 999_999_999))
}

/// `object_store` says 1970 where a server said nothing.
pub(super) fn time_of(time: DateTime<Utc>) -> Option<SystemTime> {
    let time = SystemTime::from(time);
    (time != UNIX_EPOCH).then_some(time)
}
