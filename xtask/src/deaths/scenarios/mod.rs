//! What is killed and looked at: a module per scenario.

mod cluster;
mod copies;
mod local;
mod multipart;
mod server;

use super::scenario::Scenario;

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario { name: "local-save", run: local::run },
    Scenario { name: "multipart", run: multipart::run },
    Scenario { name: "copy-local", run: copies::on_folder },
    Scenario { name: "copy-minio", run: copies::on_server },
    Scenario { name: "server", run: server::run },
    Scenario { name: "cluster", run: cluster::run },
];
