//! What the MinIO store itself asks of its settings: what it would refuse when it is built is a fault among the others.

use storage_minio::{Credentials, PublicBaseUrl};

use super::key::{self, Key};
use super::reader::Reader;
use super::{AddressingStyle, Endpoint, ExternalEndpoint, Secret};

/// What was read so far; a part that was bad is `None`.
pub(super) struct Parts<'a> {
    pub(super) endpoint: Option<&'a Endpoint>,
    pub(super) external_endpoint: Option<&'a ExternalEndpoint>,
    pub(super) addressing_style: Option<AddressingStyle>,
    pub(super) public_base_url: Option<&'a String>,
    pub(super) access_key: Option<&'a Secret>,
    pub(super) secret_key: Option<&'a Secret>,
    pub(super) session_token: Option<&'a Secret>,
}

/// Notes what the store would refuse. None of its errors shows a secret.
pub(super) fn check(reader: &mut Reader<'_>, parts: &Parts<'_>) {
    let internal = |endpoint: &Endpoint| storage_minio::Endpoint::new(endpoint.to_string());
    note(reader, &key::ENDPOINT, parts.endpoint.map(internal));
    let external = |endpoint: &ExternalEndpoint| storage_minio::ExternalEndpoint::new(endpoint.to_string());
    note(reader, &key::EXTERNAL_ENDPOINT, parts.external_endpoint.map(external));
    note(reader, &key::PUBLIC_BASE_URL, parts.public_base_url.map(PublicBaseUrl::new));
    // Each beside something that is good.
    note(reader, &key::ACCESS_KEY, parts.access_key.map(|key| Credentials::new(key.expose(), "x")));
    note(reader, &key::SECRET_KEY, parts.secret_key.map(|key| Credentials::new("x", key.expose())));
    let with_token =
        |token: &Secret| Credentials::new("x", "x").and_then(|it| it.with_session_token(token.expose()));
    note(reader, &key::SESSION_TOKEN, parts.session_token.map(with_token));
    let is_address = |endpoint: &Endpoint| endpoint.is_ip_address();
    if parts.addressing_style == Some(AddressingStyle::VirtualHost)
        && [parts.endpoint, parts.external_endpoint.map(ExternalEndpoint::endpoint)]
            .into_iter()
            .flatten()
            .any(is_address)
    {
        reader.fault(&key::ADDRESSING_STYLE, "it needs endpoints with a host name, not an IP address".into());
    }
}

fn note<T, E: std::fmt::Display>(reader: &mut Reader<'_>, key: &Key, outcome: Option<Result<T, E>>) {
    if let Some(Err(error)) = outcome {
        reader.fault(key, error.to_string());
    }
}
