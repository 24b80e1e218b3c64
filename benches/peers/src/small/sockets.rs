use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, ensure};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::putting::Put;

/// Sends the same bytes again and again: what the system and the runtime cost without any client.
#[derive(Clone)]
struct Client(Arc<Inner>);

struct Inner {
    authority: String,
    /// A request as ours sends it.
    request: Bytes,
    idle: Mutex<Vec<TcpStream>>,
}

pub(super) fn client(address: &str, size: usize) -> impl Put {
    let authority = address.trim_start_matches("http://").to_owned();
    let filler = "x".repeat(500);
    let mut request = format!(
        "PUT /bench/a HTTP/1.1\r\nhost: {authority}\r\ncontent-length: {size}\r\nx-filler: {filler}\r\n\r\n"
    )
    .into_bytes();
    request.resize(request.len() + size, b'x');
    Client(Arc::new(Inner { authority, request: request.into(), idle: Mutex::default() }))
}

impl Put for Client {
    async fn put(&self, _: String, _: Bytes) -> Result<()> {
        let idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut stream = match idle {
            Some(stream) => stream,
            None => TcpStream::connect(&self.0.authority).await?,
        };
        stream.write_all(&self.0.request).await?;
        // The sink's answer comes in one piece.
        let mut answer = [0; 4 * 1024];
        let count = stream.read(&mut answer).await?;
        ensure!(answer[..count].ends_with(b"\r\n\r\n"), "the answer came in pieces");
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
        Ok(())
    }
}
