use std::collections::BTreeMap;

/// What somebody wants to do: who, what, on what, and what else a server knows of the request.
///
/// ```
/// use storage_policy::Request;
///
/// let anybody = Request::anonymous("s3:GetObject", "photos/cats/tom.jpg").with("aws:SourceIp", ["192.0.2.7"]);
/// let user = Request::by("arn:aws:iam::111122223333:user/app", "s3:PutObject", "arn:aws:s3:::photos/cats/tom.jpg");
/// # let _ = (anybody, user);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub(crate) who: Requester,
    /// In small letters.
    pub(crate) action: String,
    pub(crate) resource: String,
    /// By key in small letters.
    pub(crate) context: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Requester {
    Anonymous,
    Named { kind: String, name: String },
}

const BUCKETS: &str = "arn:aws:s3:::";

impl Request {
    /// By somebody without credentials. The resource is an ARN, or a bucket, or a bucket and a key: `photos/cats/tom.jpg`.
    pub fn anonymous(action: impl AsRef<str>, resource: impl Into<String>) -> Self {
        let request = Self::new(Requester::Anonymous, action.as_ref(), resource.into());
        request.with("aws:PrincipalType", ["Anonymous"])
    }

    /// By whom an ARN names, or by an account: a user, a role, a session of a role. The condition keys that follow from it,
    /// `aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalType` and `aws:username`, are set.
    pub fn by(principal: impl Into<String>, action: impl AsRef<str>, resource: impl Into<String>) -> Self {
        let principal = principal.into();
        let mut known = Vec::new();
        if let Some((account, name)) = account_and_name(&principal) {
            known.extend([
                ("aws:PrincipalArn", principal.clone()),
                ("aws:PrincipalAccount", account.to_owned()),
            ]);
            let (kind, path) = name.split_once('/').unwrap_or((name, ""));
            let kind = match kind {
                "user" => {
                    known.push(("aws:username", path.rsplit('/').next().unwrap_or_default().to_owned()));
                    "User"
                }
                "assumed-role" => "AssumedRole",
                "federated-user" => "FederatedUser",
                "root" => "Account",
                _ => "",
            };
            known.extend((!kind.is_empty()).then(|| ("aws:PrincipalType", kind.to_owned())));
        }
        let who = Requester::Named { kind: "AWS".to_owned(), name: principal };
        let request = Self::new(who, action.as_ref(), resource.into());
        known.into_iter().fold(request, |request, (key, value)| request.with(key, [value]))
    }

    /// By somebody of another kind than `AWS`: `CanonicalUser`, `Federated` or `Service`, as in a policy's `Principal`.
    pub fn by_kind(
        kind: impl Into<String>,
        name: impl Into<String>,
        action: impl AsRef<str>,
        resource: impl Into<String>,
    ) -> Self {
        Self::new(Requester::Named { kind: kind.into(), name: name.into() }, action.as_ref(), resource.into())
    }

    /// Sets a condition key, such as `aws:SecureTransport`, to one or many values. Upper and lower case of keys make no difference; keys
    /// that are not set are taken to be absent from the request.
    pub fn with(mut self, key: impl AsRef<str>, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.context.insert(key.as_ref().to_lowercase(), values.into_iter().map(Into::into).collect());
        self
    }

    fn new(who: Requester, action: &str, resource: String) -> Self {
        let resource = match resource.starts_with("arn:") {
            true => resource,
            false => format!("{BUCKETS}{resource}"),
        };
        Self { who, action: action.to_ascii_lowercase(), resource, context: BTreeMap::new() }
    }

    /// The values of a key in small letters; none if it is absent, which an empty list means too.
    pub(crate) fn values(&self, key: &str) -> Option<&[String]> {
        self.context.get(key).map(Vec::as_slice).filter(|values| !values.is_empty())
    }
}

/// Of `arn:aws:iam::111122223333:user/app` or an account alone.
pub(crate) fn account_and_name(principal: &str) -> Option<(&str, &str)> {
    if principal.len() == 12 && principal.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((principal, "root"));
    }
    let mut parts = principal.strip_prefix("arn:")?.splitn(5, ':').skip(3);
    Some((parts.next()?, parts.next()?))
}
