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
    pub(crate) gaps: Gaps,
    /// Each case that fails at times, and why.
    pub(crate) left_out: Gaps,
}

pub(crate) type Gaps = &'static [(&'static str, &'static str)];

impl Server {
    /// Nothing is expected to fail on a server that nobody knows.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "minio" => Self { lacks: &[], gaps: minio::GAPS, left_out: &[] },
            "minio-cluster" => Self { lacks: &[], gaps: minio::GAPS, left_out: minio_cluster::LEFT_OUT },
            "seaweedfs" => Self { lacks: &[], gaps: seaweedfs::GAPS, left_out: seaweedfs::LEFT_OUT },
            "versitygw" => {
                Self { lacks: versitygw::LACKS, gaps: versitygw::GAPS, left_out: versitygw::LEFT_OUT }
            }
            "garage" => Self { lacks: garage::LACKS, gaps: garage::GAPS, left_out: &[] },
            _ => Self::default(),
        }
    }
}
