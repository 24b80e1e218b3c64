//! How a connection ends when it does not end by itself.

use std::future::pending;

use bytes::Bytes;
use http::Response;
use tokio::sync::mpsc::UnboundedSender;

use super::answer_body::Step;

/// How a connection ends when it does not end by itself.
#[derive(Debug, Clone)]
pub(crate) enum Ending {
    /// TCP RST.
    Reset,
    /// TCP FIN.
    Close,
    /// These bytes, then TCP FIN.
    Raw(Bytes),
}

/// Ends the connection that a request came on.
pub(crate) type Switch = UnboundedSender<Ending>;

/// Ends the connection; what waits for this never goes on.
pub(super) async fn end(switch: &Switch, ending: Ending) -> Response<Vec<Step>> {
    // A receiver that is gone means that the connection is gone.
    let _ = switch.send(ending);
    pending().await
}
