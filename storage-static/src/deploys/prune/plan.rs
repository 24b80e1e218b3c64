use std::fmt;

use crate::deploys::DeploysError;

/// What is to be deleted, and what is kept and why.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PrunePlan {
    /// Objects that no deploy that is kept refers to, in the order in which they are deleted. Keys are from the root of the static files.
    pub delete: Vec<PrunedObject>,
    /// Deploys whose indexes are deleted after that, the oldest first.
    pub deploys: Vec<String>,
    /// Deploys that are kept, the oldest first.
    pub kept: Vec<KeptDeploy>,
    /// Objects that no deploy needs and that are kept as they are too young, or the store does not say how old they are.
    pub young: Vec<String>,
    /// Objects that have the key of one of ours and other content: they are somebody else's.
    pub foreign: Vec<String>,
    /// How many objects there are below the root of the static files.
    pub listed: usize,
    /// Which share of these may be deleted, from 0 to 1.
    pub max_share: f64,
    /// The hash of the manifest that was there.
    pub manifest_hash: Option<String>,
}

/// An object that is deleted.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PrunedObject {
    /// Its key.
    pub key: String,
    /// Its length in bytes.
    pub size: u64,
}

/// A deploy that is kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeptDeploy {
    /// What it is called.
    pub deploy: String,
    /// Why.
    pub because: KeptBecause,
}

/// Why a deploy is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum KeptBecause {
    /// The manifest in the bucket is its own.
    Live,
    /// It is one of the last.
    Recent,
    /// It is too young.
    Young,
    /// Of its objects, which no other deploy needs, some are too young: its index is needed to delete them later.
    Waiting,
}

impl PrunePlan {
    /// Whether there is nothing to do.
    pub fn is_done(&self) -> bool {
        self.delete.is_empty() && self.deploys.is_empty()
    }

    /// How many bytes are deleted.
    pub fn bytes(&self) -> u64 {
        self.delete.iter().fold(0, |sum, object| sum.saturating_add(object.size))
    }

    /// Whether it is allowed to delete so many.
    ///
    /// # Errors
    ///
    /// [`DeploysError::TooMany`].
    pub fn check_share(&self) -> Result<(), DeploysError> {
        let (deletes, listed) = (self.delete.len(), self.listed);
        #[allow(clippy::cast_precision_loss, reason = "nobody has 2^52 objects")]
        let is_too_many = deletes as f64 > listed as f64 * self.max_share;
        match is_too_many {
            true => Err(DeploysError::TooMany { deletes, listed, percent: self.max_share * 100.0 }),
            false => Ok(()),
        }
    }
}

impl fmt::Display for PrunePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for PrunedObject { key, size } in &self.delete {
            writeln!(f, "delete    {key}: {size} bytes, no deploy that is kept refers to it")?;
        }
        for deploy in &self.deploys {
            writeln!(f, "delete    the index of the deploy {deploy}")?;
        }
        for key in &self.young {
            writeln!(f, "keep      {key}: it is too young")?;
        }
        for key in &self.foreign {
            writeln!(f, "keep      {key}: its content is none of a deploy's")?;
        }
        for KeptDeploy { deploy, because } in &self.kept {
            writeln!(f, "keep      the deploy {deploy}: {because}")?;
        }
        Ok(())
    }
}

impl fmt::Display for KeptBecause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Live => "it is live",
            Self::Recent => "it is one of the last",
            Self::Young => "it is too young",
            Self::Waiting => "some of its objects are too young",
        })
    }
}
