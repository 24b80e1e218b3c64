use std::sync::PoisonError;

use async_trait::async_trait;
use storage_core::admin::{BucketAdmin, Creation};
use storage_core::health::{Health, HealthOptions, HealthReport, HealthState};
use storage_core::{Error, ErrorKind, Result};

use super::MemoryStorage;
use crate::policy;

/// A bucket that is there as long as the store, and a policy that is kept for whoever serves the objects.
#[async_trait]
impl BucketAdmin for MemoryStorage {
    async fn create(&self) -> Result<Creation> {
        Ok(Creation::Existed)
    }

    async fn exists(&self) -> Result<bool> {
        Ok(true)
    }

    async fn delete(&self) -> Result<()> {
        let error = match self.0.objects.keys().is_empty() {
            true => Error::unsupported("a store in memory ends with its last clone"),
            false => Error::new(ErrorKind::PreconditionFailed, "there are objects in the bucket"),
        };
        Err(self.describe("delete_bucket", None, error))
    }

    async fn policy(&self) -> Result<Option<String>> {
        Ok(self.0.policy.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn put_policy(&self, json: &str) -> Result<()> {
        policy::check(json).map_err(|error| self.describe("put_policy", None, error))?;
        *self.0.policy.lock().unwrap_or_else(PoisonError::into_inner) = Some(json.to_owned());
        Ok(())
    }

    async fn delete_policy(&self) -> Result<()> {
        *self.0.policy.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }
}

#[async_trait]
impl Health for MemoryStorage {
    async fn check(&self, _: HealthOptions) -> HealthReport {
        HealthReport::new(HealthState::Up, std::time::Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use storage_core::{ObjectKey, PutOptions, Storage as _};

    use super::*;

    #[tokio::test]
    async fn keeps_a_policy_and_never_goes() {
        let storage = MemoryStorage::new();
        assert_eq!(storage.policy().await.unwrap(), None);
        storage.put_policy("{}").await.unwrap();
        assert_eq!(storage.put_policy("no").await.unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(storage.clone().policy().await.unwrap().as_deref(), Some("{}"));
        storage.delete_policy().await.unwrap();
        assert_eq!(storage.policy().await.unwrap(), None);
        assert_eq!(BucketAdmin::delete(&storage).await.unwrap_err().kind(), ErrorKind::Unsupported);
        let key: ObjectKey = "a".parse().unwrap();
        storage.put(&key, "x".into(), PutOptions::new()).await.unwrap();
        assert_eq!(BucketAdmin::delete(&storage).await.unwrap_err().kind(), ErrorKind::PreconditionFailed);
        assert!(storage.exists().await.unwrap() && storage.check(HealthOptions::readiness()).await.is_up());
    }
}
