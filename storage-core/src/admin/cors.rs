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
            id: Some("direct-uploads".to_owned()),
            allowed_origins: origins.into_iter().map(Into::into).collect(),
            allowed_methods: ["GET", "HEAD", "POST", "PUT"].map(str::to_owned).to_vec(),
            allowed_headers: vec!["*".to_owned()],
            exposed_headers: vec!["ETag".to_owned()],
            max_age: Some(Duration::from_secs(3_600)),
        }
    }
}
