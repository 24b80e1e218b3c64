//! What some servers ignore without a word. It is found out the first time that it is asked for, once per store.

use http::HeaderMap;
use storage_core::options::ServerSideEncryption;
use storage_core::outcome::PutOutcome;
use storage_core::{Error, ErrorKind, ObjectKey, Result};

use super::Store;
use crate::actions::{encryption, get_object_tagging, headers};

impl Store {
    /// Asks for tags before the first are sent. Garage 2.5 stores an object without them, and answers that it does not know such a
    /// question whatever the key is.
    ///
    /// # Errors
    ///
    /// `Unsupported` if the server has no tags. Whatever else keeps it from answering is left to the write itself.
    pub(super) async fn check_tags_are_kept(&self, key: &ObjectKey) -> Result<()> {
        if self.client.traits.keeps_tags() {
            return Ok(());
        }
        match self.client.call(&get_object_tagging::request(key)).await {
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                return Err(
                    Error::unsupported("this server cannot keep tags with an object").with_source(error)
                );
            }
            Err(error) if error.kind() != ErrorKind::NotFound => {}
            _ => self.client.traits.seen_to_keep_tags(),
        }
        Ok(())
    }

    /// Looks at the first object that was to be encrypted. Garage 2.5 and VersityGW 1.8 store it as it is; then it is deleted again.
    ///
    /// # Errors
    ///
    /// `Unsupported` if it was not encrypted.
    pub(super) async fn confirm_encrypted(
        &self,
        key: &ObjectKey,
        asked: &ServerSideEncryption,
        outcome: &PutOutcome,
    ) -> Result<()> {
        let by_customer = encryption::customer_key(Some(asked));
        if self.client.traits.encrypts(by_customer.is_some()) {
            return Ok(());
        }
        let is_encrypted = match self.head(key, by_customer).await {
            // Somebody else's by now.
            Ok(answer) if is_another(&answer.headers, outcome) => return Ok(()),
            Ok(answer) => encryption::is_said(asked, &answer.headers),
            // A key for an object that has none is refused.
            Err(error) if error.kind() == ErrorKind::InvalidInput => false,
            Err(error) => return Err(error),
        };
        if is_encrypted {
            self.client.traits.seen_to_encrypt(by_customer.is_some());
            return Ok(());
        }
        self.delete(key.as_str()).await?;
        Err(Error::unsupported(
            "this server does not encrypt at rest: it stored the object as it was, and it is deleted again",
        ))
    }
}

fn is_another(headers: &HeaderMap, outcome: &PutOutcome) -> bool {
    let found = headers::read_etag(headers);
    found.is_some() && outcome.etag.is_some() && found != outcome.etag
}
