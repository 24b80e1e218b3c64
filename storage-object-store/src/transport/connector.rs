use std::sync::Arc;
use std::time::Duration;

use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::client::{ClientConfigKey, ClientOptions, HttpClient, HttpConnector};
use storage_core::Error;

use super::service::Service;
use super::tls;
use super::uploads::Uploads;
use crate::translate::errors::into_foreign;

/// Makes a client for each store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connector;

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For a connection, TLS included.
    pub(super) connect: Duration,
    /// While nothing arrives.
    pub(super) read: Duration,
    /// For a whole request with its answer; `None` for as long as something arrives.
    pub(super) total: Option<Duration>,
}

impl Connector {
    /// The options that this client has no means for.
    pub(crate) const UNSUPPORTED: [ClientConfigKey; 6] = [
        ClientConfigKey::AllowInvalidCertificates,
        ClientConfigKey::NoSystemCertificates,
        ClientConfigKey::Http2Only,
        ClientConfigKey::ProxyUrl,
        ClientConfigKey::ProxyCaCertificate,
        ClientConfigKey::ProxyExcludes,
    ];

    /// What holds unless an option says otherwise. `object_store`'s own limit of 30 seconds over a whole body would break off a large download.
    pub(crate) fn default_options() -> ClientOptions {
        ClientOptions::new()
            .with_timeout_disabled()
            .with_connect_timeout(Duration::from_secs(5))
            .with_read_timeout(Duration::from_secs(30))
    }
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let text = |key| options.get_config_value(&key);
        let is_set = |key| text(key).is_some_and(|value| value == "true");
        let allow_http = is_set(ClientConfigKey::AllowHttp);
        let patience = Patience {
            connect: duration(options, ClientConfigKey::ConnectTimeout)?.unwrap_or(Duration::from_secs(5)),
            read: duration(options, ClientConfigKey::ReadTimeout)?.unwrap_or(Duration::from_secs(30)),
            total: duration(options, ClientConfigKey::Timeout)?,
        };
        let mut tcp = TcpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(patience.connect));
        let schemes =
            HttpsConnectorBuilder::new().with_tls_config(tls::config(allow_http).map_err(into_foreign)?);
        let schemes = match allow_http {
            true => schemes.https_or_http(),
            false => schemes.https_only(),
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(
                duration(options, ClientConfigKey::PoolIdleTimeout)?.unwrap_or(Duration::from_secs(60)),
            )
            .pool_max_idle_per_host(number(options, ClientConfigKey::PoolMaxIdlePerHost)?.unwrap_or(32))
            .pool_timer(TokioTimer::new())
            .build(schemes.enable_http1().wrap_connector(tcp));
        let user_agent = text(ClientConfigKey::UserAgent)
            .unwrap_or_else(|| concat!("storage-object-store/", env!("CARGO_PKG_VERSION")).to_owned());
        let user_agent = user_agent.parse().map_err(|_| bad(ClientConfigKey::UserAgent))?;
        Ok(HttpClient::new(Service { client, patience, user_agent, uploads: Arc::new(Uploads::default()) }))
    }
}

fn duration(options: &ClientOptions, key: ClientConfigKey) -> object_store::Result<Option<Duration>> {
    let Some(text) = options.get_config_value(&key) else { return Ok(None) };
    humantime::parse_duration(&text).map(Some).map_err(|_| bad(key))
}

fn number(options: &ClientOptions, key: ClientConfigKey) -> object_store::Result<Option<usize>> {
    let Some(text) = options.get_config_value(&key) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| bad(key))
}

fn bad(key: ClientConfigKey) -> object_store::Error {
    into_foreign(Error::invalid_input(format!(
        "the option `{}` has a value that cannot be read",
        key.as_ref()
    )))
}
