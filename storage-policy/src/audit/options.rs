/// What a policy is meant for, and is held to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditOptions {
    /// The bucket that it is for; else resources of any bucket are taken for its own.
    pub bucket: Option<String>,
    /// Whether anybody is meant to read objects; not by default.
    pub is_public: bool,
    /// Whether plain HTTP is to be refused; not by default.
    pub is_secure: bool,
}

impl AuditOptions {
    /// Of any bucket, that is private and that may be reached by plain HTTP.
    pub fn new() -> Self {
        Self::default()
    }

    /// The bucket that the policy is for.
    pub fn bucket(mut self, bucket: impl Into<String>) -> Self {
        self.bucket = Some(bucket.into());
        self
    }

    /// Anybody is meant to read objects.
    pub fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// Plain HTTP is to be refused.
    pub fn secure(mut self) -> Self {
        self.is_secure = true;
        self
    }
}
