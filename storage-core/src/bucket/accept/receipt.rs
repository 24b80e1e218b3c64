use super::mark::Mark;
use super::options::Rejection;
use crate::capability::Ability;
use crate::options::PutMode;
use crate::{Body, ETag, Error, ErrorKind, GetOptions, ObjectKey, PutOptions, Result, Storage};

/// Where receipts lie, beside the uploads: what deletes old uploads deletes them too.
const FOLDER: &str = ".accepted/";

/// More than any receipt has: a key, a tag, a type.
const MAX_BYTES: u64 = 16 * 1024;

/// What was decided of an upload, written before it is done: so that a second call comes to the same, also after a crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    /// The upload's entity tag: the same key may be uploaded to again.
    pub(super) upload: ETag,
    pub(super) decision: Decision,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is kept under this key. What is there is this upload if it carries the mark.
    Kept {
        key: ObjectKey,
        mark: Mark,
    },
    Rejected(Rejection),
}

impl Receipt {
    /// The decision on an upload, if one was made, and the receipt's own tag.
    pub(super) async fn read(
        uploads: &dyn Storage,
        upload: &ObjectKey,
    ) -> Result<Option<(Self, Option<ETag>)>> {
        let key = key(upload)?;
        let object = match uploads.get(&key, GetOptions::new()).await {
            Ok(outcome) => outcome.into_object()?,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        let etag = object.meta().etag.clone();
        match parse(&object.bytes_up_to(MAX_BYTES).await?) {
            Some(receipt) => Ok(Some((receipt, etag))),
            None => {
                Err(Error::new(ErrorKind::Corrupt, "what lies there is no receipt of an upload")
                    .with_key(&key))
            }
        }
    }

    /// Writes this decision, unless somebody else has decided on the same bytes. What holds is returned.
    ///
    /// [`PreconditionFailed`](ErrorKind::PreconditionFailed) says that somebody was faster with other bytes.
    pub(super) async fn write(self, uploads: &dyn Storage, upload: &ObjectKey) -> Result<Self> {
        let able = uploads.probe().await?;
        if able.has(Ability::CreateIfAbsent) {
            match self.put(uploads, upload, PutMode::Create).await {
                Ok(()) => return Ok(self),
                Err(error) if !error.is_already_exists() => return Err(error),
                Err(_) => {}
            }
        }
        let mode = match Self::read(uploads, upload).await? {
            Some((other, _)) if other.upload == self.upload => return Ok(other),
            // Of bytes that were uploaded to the same key before.
            Some((_, Some(etag))) if able.has(Ability::PutIfMatch) => PutMode::IfMatch(etag),
            _ => PutMode::Overwrite,
        };
        self.put(uploads, upload, mode).await?;
        Ok(self)
    }

    async fn put(&self, uploads: &dyn Storage, upload: &ObjectKey, mode: PutMode) -> Result<()> {
        let options = match uploads.capabilities().has(Ability::Attributes) {
            true => PutOptions::new().content_type("text/plain"),
            false => PutOptions::new(),
        };
        uploads.put(&key(upload)?, Body::from(self.to_text()), options.mode(mode)).await.map(drop)
    }

    /// Lines: neither a key nor a tag nor a type holds a line break.
    fn to_text(&self) -> String {
        let upload = self.upload.as_str();
        match &self.decision {
            Decision::Kept { key, mark } => format!("kept\n{upload}\n{key}\n{mark}\n"),
            Decision::Rejected(Rejection::TooShort { size, min }) => {
                format!("too-short\n{upload}\n{size}\n{min}\n")
            }
            Decision::Rejected(Rejection::TooLong { size, max }) => {
                format!("too-long\n{upload}\n{size}\n{max}\n")
            }
            Decision::Rejected(Rejection::ContentType { found }) => {
                format!("content-type\n{upload}\n{found}\n\n")
            }
            Decision::Rejected(Rejection::Digest) => format!("digest\n{upload}\n\n\n"),
        }
    }
}

fn key(upload: &ObjectKey) -> Result<ObjectKey> {
    Ok(ObjectKey::new(format!("{FOLDER}{upload}"))?)
}

fn parse(text: &[u8]) -> Option<Receipt> {
    let mut lines = std::str::from_utf8(text).ok()?.split('\n');
    let mut line = || lines.next();
    let (kind, upload, one, two) = (line()?, ETag::new(line()?), line()?, line()?);
    let decision = match kind {
        "kept" => Decision::Kept { key: ObjectKey::new(one).ok()?, mark: Mark::parse(two)? },
        "too-short" => {
            Decision::Rejected(Rejection::TooShort { size: one.parse().ok()?, min: two.parse().ok()? })
        }
        "too-long" => {
            Decision::Rejected(Rejection::TooLong { size: one.parse().ok()?, max: two.parse().ok()? })
        }
        "content-type" => Decision::Rejected(Rejection::ContentType { found: one.to_owned() }),
        "digest" => Decision::Rejected(Rejection::Digest),
        _ => return None,
    };
    Some(Receipt { upload, decision })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for decision in [
            Decision::Kept { key: "a b/ü.png".parse().unwrap(), mark: Mark::random().unwrap() },
            Decision::Rejected(Rejection::TooShort { size: 1, min: 2 }),
            Decision::Rejected(Rejection::TooLong { size: 3, max: 2 }),
            Decision::Rejected(Rejection::ContentType { found: "text/html; x=y".to_owned() }),
            Decision::Rejected(Rejection::Digest),
        ] {
            let receipt = Receipt { upload: ETag::new("\"abc-2\""), decision };
            assert_eq!(parse(receipt.to_text().as_bytes()), Some(receipt));
        }
    }

    #[test]
    fn what_is_no_receipt_is_found_out() {
        for text in ["", "kept", "kept\na\n../b\nc\n", "too-long\na\nx\n1\n", "other\na\nb\nc\n"] {
            assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(parse(b"\xff"), None);
    }
}
