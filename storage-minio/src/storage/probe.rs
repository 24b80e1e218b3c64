use std::sync::Arc;

use storage_core::options::PutMode;
use storage_core::{ETag, Error, ErrorKind, ObjectKey, PutOptions, Result};

use super::Store;
use super::conditions::Conditions;
use crate::actions::metadata::SaveId;
use crate::actions::{delete_object, put_object};
use crate::transport::Content;

/// For whoever finds one that could not be deleted.
const CONTENT: &str =
    "Written to find out whether this server honours conditions on writes. It may be deleted.\n";

/// An `ETag` that the probe does not have.
const OTHER_ETAG: &str = "00000000000000000000000000000000";

/// What a server did with a write on a condition.
enum Treatment {
    Stored,
    Refused,
    /// It does not let this write be tried.
    Denied,
}

impl Store {
    /// Writes a random key on conditions, of which all but the first do not hold, and deletes it.
    pub(super) async fn try_conditions(self: &Arc<Self>) -> Result<Conditions> {
        let key = ObjectKey::new(format!(".probe/{}", SaveId::random()?.as_str()))?;
        let first = self.treatment(&key, PutMode::Create).await;
        if matches!(first, Ok(Treatment::Denied)) {
            return Ok(Conditions::Untried);
        }
        let found = match first {
            // Lost answers and repetitions: only one's own first attempt can be in the way.
            Ok(_) => self.tried_again(&key).await,
            Err(error) => Err(error),
        };
        // A write that failed may have been done all the same.
        if self.client.call(&delete_object::request(&key)).await.is_err() {
            let _ = self.client.call(&delete_object::request(&key)).await;
        }
        found
    }

    /// The key is taken now.
    async fn tried_again(&self, key: &ObjectKey) -> Result<Conditions> {
        match self.treatment(key, PutMode::Create).await? {
            Treatment::Stored => return Ok(Conditions::Ignored),
            Treatment::Denied => return Ok(Conditions::Untried),
            Treatment::Refused => {}
        }
        match self.treatment(key, PutMode::IfMatch(ETag::new(OTHER_ETAG))).await? {
            Treatment::Refused => Ok(Conditions::Honoured),
            Treatment::Stored | Treatment::Denied => Ok(Conditions::CreateOnly),
        }
    }

    async fn treatment(&self, key: &ObjectKey, mode: PutMode) -> Result<Treatment> {
        let options = PutOptions::new().content_type("text/plain").mode(mode);
        let content = Content::Bytes(CONTENT.into());
        let size = content.len();
        let request = put_object::request(key, content, &options, None)?;
        let answered = self.write(&request).await.result.and_then(|answer| put_object::answer(&answer, size));
        match answered.as_ref().map_err(Error::kind) {
            Ok(_) => Ok(Treatment::Stored),
            Err(ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed) => Ok(Treatment::Refused),
            Err(ErrorKind::PermissionDenied | ErrorKind::Unsupported | ErrorKind::InvalidInput) => {
                Ok(Treatment::Denied)
            }
            Err(_) => answered.map(|_| Treatment::Stored),
        }
    }
}
