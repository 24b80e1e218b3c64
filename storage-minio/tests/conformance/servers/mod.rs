//! What each server does otherwise than S3. A file a server, which `docs/servers.md` repeats.

mod garage;
mod minio;
mod minio_cluster;
mod seaweedfs;
mod versitygw;

use storage_core::capability::Ability;

/// What is known of a kind of server.
#[derive(Clone, Copy, Default)]
pub(crate) struct Server {
    /// What it cannot do, of which an application would tell the store's builder.
    pub(crate) lacks: &'static [Ability],
    /// Each case that fails, and why.
    pub(crate) gaps: &'static [Gaps],
}

pub(crate) type Gaps = &'static [(&'static str, &'static str)];

impl Server {
    /// Nothing is expected to fail on a server that nobody knows.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "minio" => Self { lacks: &[], gaps: &[minio::GAPS] },
            "minio-cluster" => Self { lacks: &[], gaps: &[minio::GAPS, minio_cluster::GAPS] },
            "seaweedfs" => Self { lacks: &[], gaps: &[seaweedfs::GAPS] },
            "versitygw" => Self { lacks: versitygw::LACKS, gaps: &[versitygw::GAPS] },
            "garage" => Self { lacks: garage::LACKS, gaps: &[garage::GAPS] },
            _ => Self::default(),
        }
    }
}
