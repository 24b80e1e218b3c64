use std::collections::BTreeSet;
use std::time::Duration;

/// A rule for pages of other origins
/// ([S3 User Guide, "CORS configuration"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CorsRule {
    /// What the rule is called, if it has a name; at most 255 characters.
    pub id: Option<String>,
    /// Origins such as `https://www.example.org`, with at most one `*` in each.
    pub allowed_origins: Vec<String>,
    /// `GET`, `HEAD`, `PUT`, `POST`, `DELETE`.
    pub allowed_methods: Vec<String>,
    /// Headers that a request may have, with at most one `*` in each.
    pub allowed_headers: Vec<String>,
    /// Headers of the answer that a script may read.
    pub exposed_headers: Vec<String>,
    /// How long a browser may remember the answer; whole seconds.
    pub max_age: Option<Duration>,
}

impl CorsRule {
    /// What a browser needs that uploads by a signed PUT or a form, and reads by a signed URL, from pages of these origins.
    pub fn direct_uploads<S: Into<String>>(origins: impl IntoIterator<Item = S>) -> Self {
        Self {
            id: Some(DIRECT_UPLOADS.to_owned()),
            allowed_origins: origins.into_iter().map(Into::into).collect(),
            allowed_methods: ["GET", "HEAD", "POST", "PUT"].map(str::to_owned).to_vec(),
            allowed_headers: vec!["*".to_owned()],
            exposed_headers: vec!["ETag".to_owned()],
            max_age: Some(Duration::from_secs(3_600)),
        }
    }

    /// Whether it is the rule of [`direct_uploads`](Self::direct_uploads), for whatever origins: by its name, and on a server that keeps no
    /// names by all else that it says.
    pub fn is_for_direct_uploads(&self) -> bool {
        match self.id.as_deref() {
            Some(id) => id == DIRECT_UPLOADS,
            None => self.means_the_same_as(&Self::direct_uploads(self.allowed_origins.iter().cloned())),
        }
    }

    /// Whether both say the same, however they are called. Order has no meaning here, and servers change it.
    pub fn means_the_same_as(&self, other: &Self) -> bool {
        let lists = |rule: &Self| {
            [&rule.allowed_origins, &rule.allowed_methods, &rule.allowed_headers, &rule.exposed_headers]
                .map(|list| list.iter().cloned().collect::<BTreeSet<_>>())
        };
        lists(self) == lists(other) && self.max_age == other.max_age
    }
}

const DIRECT_UPLOADS: &str = "direct-uploads";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_for_direct_uploads_is_known_again() {
        let rule = CorsRule::direct_uploads(["https://a.example", "https://b.example"]);
        let mut turned = CorsRule { id: None, ..rule.clone() };
        turned.allowed_origins.reverse();
        turned.allowed_methods.reverse();
        assert!(turned.is_for_direct_uploads() && turned.means_the_same_as(&rule));
        let other = CorsRule { max_age: None, ..turned };
        assert!(!other.is_for_direct_uploads() && !other.means_the_same_as(&rule));
        assert!(!CorsRule { id: Some("other".into()), ..rule }.is_for_direct_uploads());
    }
}
