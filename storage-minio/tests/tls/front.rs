//! TLS in front of a server that speaks none.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// How a handshake ends that does not come about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Breaks {
    /// TCP RST.
    Reset,
    /// TCP FIN.
    Closed,
}

/// Takes connections by TLS and passes their bytes on.
pub(crate) struct Front {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Front {
    /// In front of `endpoint`, `http://host:port`. The first handshakes break.
    pub(crate) async fn start(endpoint: &str, config: ServerConfig, breaks: Vec<Breaks>) -> Self {
        let server = endpoint.strip_prefix("http://").unwrap().to_owned();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let front = Self { address: listener.local_addr().unwrap(), connections: Arc::default() };
        let connections = Arc::clone(&front.connections);
        tokio::spawn(async move {
            let mut breaks = breaks.into_iter();
            loop {
                let (connection, _) = listener.accept().await.unwrap();
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(connection, breaks.next(), acceptor.clone(), server.clone()));
            }
        });
        front
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("https://{}", self.address)
    }

    /// How many were opened, whatever became of them.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(mut connection: TcpStream, breaks: Option<Breaks>, acceptor: TlsAcceptor, server: String) {
    if let Some(how) = breaks {
        // Something of the client's greeting has come.
        let _ = connection.read(&mut [0; 16]).await;
        match how {
            Breaks::Reset => connection.set_zero_linger().unwrap(),
            Breaks::Closed => {
                let _ = connection.read(&mut [0; 4096]).await;
            }
        }
        return;
    }
    // Who does not trust the certificate goes.
    if let Ok(mut client) = acceptor.accept(connection).await {
        let mut server = TcpStream::connect(server).await.unwrap();
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}
