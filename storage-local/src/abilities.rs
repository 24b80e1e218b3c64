//! What both stores can do, and the refusal of what they cannot.

use storage_core::capability::{Ability, Capabilities};
use storage_core::{Error, GetOptions, PutOptions, Result};

pub(crate) const CAPABILITIES: Capabilities = Capabilities::all()
    .without(Ability::ServerSideEncryption)
    .without(Ability::StorageClass)
    .without(Ability::ObjectLock);

/// Checks the options of a put before its body is touched.
pub(crate) fn check_put(options: &PutOptions) -> Result<()> {
    options.validate()?;
    if options.encryption.is_some() {
        return Err(unsupported(Ability::ServerSideEncryption));
    }
    if options.storage_class.is_some() {
        return Err(unsupported(Ability::StorageClass));
    }
    if options.is_locking() {
        return Err(unsupported(Ability::ObjectLock));
    }
    Ok(())
}

pub(crate) fn check_get(options: &GetOptions) -> Result<()> {
    if options.customer_key.is_some() {
        return Err(unsupported(Ability::ServerSideEncryption));
    }
    options.range.map_or(Ok(()), |range| range.validate().map_err(|error| error.with_http_status(416)))
}

fn unsupported(ability: Ability) -> Error {
    Error::unsupported(format!("an embedded store cannot {}", ability.describe()))
}

#[cfg(test)]
mod tests {
    use storage_core::ErrorKind;
    use storage_core::options::{CustomerKey, ServerSideEncryption};

    use super::*;

    #[test]
    fn what_is_not_supported_is_refused_not_dropped() {
        let encrypted = PutOptions::new().encryption(ServerSideEncryption::Managed);
        let cold = PutOptions::new().storage_class("GLACIER");
        let keyed = GetOptions::new().customer_key(CustomerKey::new([1; 32]));
        for refused in [check_put(&encrypted), check_put(&cold), check_get(&keyed)] {
            assert_eq!(refused.map_err(|e| e.kind()), Err(ErrorKind::Unsupported));
        }
        assert!(check_put(&PutOptions::new().tag("a", "b")).is_ok());
    }

    #[test]
    fn an_empty_range_is_refused_before_the_object_is_looked_at() {
        let error = check_get(&GetOptions::new().range(3..3)).unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::InvalidInput, Some(416)));
    }
}
