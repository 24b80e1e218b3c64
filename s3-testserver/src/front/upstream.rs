//! A server that somebody else runs.

use http::header::{CONNECTION, TRANSFER_ENCODING};
use http::uri::Authority;
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use bytes::Bytes;

use super::upload_body::UploadBody;

/// Passes requests on.
#[derive(Debug)]
pub(crate) struct Upstream {
    authority: Authority,
    client: Client<HttpConnector, UploadBody>,
}

impl Upstream {
    pub(crate) fn new(endpoint: &str) -> Self {
        let authority = endpoint.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
        let authority = authority.and_then(|host| host.parse().ok());
        // Without a pool no request meets a connection that the server has just closed.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        Self { authority: authority.expect("an endpoint `http://host:port`"), client }
    }

    /// The server's answer, whole; 502 with the reason where there is none.
    pub(super) async fn call(&self, request: Request<UploadBody>) -> Response<Bytes> {
        let (mut parts, body) = request.into_parts();
        let target = parts.uri.path_and_query().cloned();
        let uri = Uri::builder().scheme("http").authority(self.authority.clone());
        parts.uri = uri.path_and_query(target.expect("a path")).build().expect("parts of a URI");
        hop_by_hop(&mut parts.headers);
        match self.client.request(Request::from_parts(parts, body)).await {
            Ok(answer) => {
                let (mut parts, body) = answer.into_parts();
                hop_by_hop(&mut parts.headers);
                match body.collect().await {
                    Ok(body) => Response::from_parts(parts, body.to_bytes()),
                    Err(error) => bad_gateway(&error),
                }
            }
            Err(error) => bad_gateway(&error),
        }
    }
}

/// Takes away what holds for one connection only (RFC 9110 §7.6.1).
fn hop_by_hop(headers: &mut HeaderMap) {
    headers.remove(CONNECTION);
    headers.remove(TRANSFER_ENCODING);
}

fn bad_gateway(error: &dyn std::error::Error) -> Response<Bytes> {
    let mut answer = Response::new(format!("the server behind the proxy: {error}").into());
    *answer.status_mut() = StatusCode::BAD_GATEWAY;
    answer
}
