//! One TCP connection, from its start to an end that the server or a fault chooses.

use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::front::{Ending, Front};

/// Serves HTTP/1.1 on `stream` until either side, or a fault, ends it.
pub(crate) async fn serve(stream: TcpStream, front: Arc<Front>) {
    // Without it an answer in two writes waits for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let (switch, mut ending) = mpsc::unbounded_channel();
    let service = service_fn(|request| Arc::clone(&front).handle(request, switch.clone()));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ending = tokio::select! {
        _ = &mut connection => None,
        ending = ending.recv() => ending,
    };
    let mut stream = connection.into_parts().io.into_inner();
    // A client that is gone already has had its ending.
    let _ = match ending {
        None | Some(Ending::Close) => Ok(()),
        Some(Ending::Reset) => stream.set_zero_linger(),
        Some(Ending::Raw(bytes)) => stream.write_all(&bytes).await,
    };
}
