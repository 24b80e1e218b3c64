//! The same faults in front of a server that somebody else runs.

use std::sync::Arc;

use crate::door::Door;
use crate::engine::Engine;
use crate::front::{Back, Upstream};

/// Doors to a real server.
///
/// What comes in goes on as it is, the `Host` header included, which a signature covers: to the server it looks as if it
/// had been asked for by the door's name. Its answers come back as they are, but whole: what is broken is broken here.
#[derive(Debug)]
pub struct Proxy {
    back: Arc<Back>,
    engine: Engine,
}

impl Proxy {
    /// A proxy in front of `endpoint`, `http://host:port`.
    ///
    /// # Panics
    /// When that is no such URL; TLS is not spoken.
    pub fn in_front_of(endpoint: &str) -> Self {
        let engine = Engine::start();
        Self { back: Arc::new(Back::Server(Upstream::new(endpoint))), engine }
    }

    /// A new door to the server. It has to be gone before the proxy is.
    pub fn door(&self) -> Door {
        let door = self.closed_door();
        door.open();
        door
    }

    /// A new door at which every connection is refused until it is [opened](Door::open).
    pub fn closed_door(&self) -> Door {
        Door::closed(Arc::clone(&self.back), self.engine.runtime.clone())
    }
}
