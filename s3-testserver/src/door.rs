//! A port with faults and a log of its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::connection;
use crate::fault::{Fault, Hits};
use crate::front::{Back, Front};
use crate::request_log::RequestLog;

/// The connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// A free port of 127.0.0.1 that leads to a server, with faults and a log of its own, so that many tests can share the
/// server and none sees the faults of another.
///
/// Dropping it closes the port and every connection that came by it.
#[derive(Debug)]
pub struct Door {
    address: SocketAddr,
    front: Arc<Front>,
    runtime: Handle,
    /// Bound, but nobody listens, so that the system refuses every connection and gives the port to nobody else.
    closed: Mutex<Option<TcpSocket>>,
    /// Dropping it ends the door's task.
    stop: Mutex<Option<oneshot::Sender<()>>>,
}

impl Door {
    /// A door that nobody can pass yet.
    pub(crate) fn closed(back: Arc<Back>, runtime: Handle) -> Self {
        let entered = runtime.enter();
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port of 127.0.0.1");
        let address = socket.local_addr().expect("a bound port");
        drop(entered);
        let front = Arc::new(Front::new(back));
        Self { address, front, runtime, closed: Mutex::new(Some(socket)), stop: Mutex::default() }
    }

    /// `http://127.0.0.1:port`, without a slash at the end.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked through this door so far.
    pub fn requests(&self) -> &RequestLog {
        &self.front.log
    }

    /// Lets something go wrong here; of several faults that match a request, the first injected hits it.
    pub fn inject(&self, fault: Fault) -> Hits {
        self.front.faults.add(fault)
    }

    /// From here on nothing goes wrong.
    pub fn clear_faults(&self) {
        self.front.faults.clear();
    }

    /// Lets connections in. A door that is open already stays so.
    ///
    /// # Panics
    /// When the system does not let it listen.
    pub fn open(&self) {
        let Some(socket) = self.closed.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        let (stop, stopped) = oneshot::channel();
        let entered = self.runtime.enter();
        let listener = socket.listen(BACKLOG).expect("a port to listen at");
        drop(entered);
        let front = Arc::clone(&self.front);
        self.runtime.spawn(async move {
            tokio::select! {
                () = accept(listener, front) => {}
                _ = stopped => {}
            }
        });
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop);
    }
}

async fn accept(listener: TcpListener, front: Arc<Front>) {
    // They end with it.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // An error belongs to a connection that is gone again.
                if let Ok((stream, _)) = accepted {
                    connections.spawn(connection::serve(stream, Arc::clone(&front)));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
