//! What each server does otherwise than S3. A file a server, which `docs/servers.md` repeats.

mod garage;
mod in_process;
mod minio;
mod minio_cluster;
mod seaweedfs;
mod versitygw;

use storage_core::capability::Ability;

/// What is known of a kind of server. Each test binary reads its own part.
#[allow(dead_code, reason = "the suites on behaviour and on URLs share what is declared")]
#[derive(Clone, Copy, Default)]
pub(crate) struct Server {
    /// What it cannot do, of which an application would tell the store's builder.
    pub(crate) lacks: &'static [Ability],
    /// Each case that fails, and why.
    pub(crate) gaps: Gaps,
    /// Each case that fails at times, and why.
    pub(crate) left_out: Gaps,
    /// Each case of signed URLs and forms that fails, and why.
    pub(crate) url_gaps: Gaps,
    /// Each case of buckets and of health that fails, and why.
    pub(crate) bucket_gaps: Gaps,
}

pub(crate) type Gaps = &'static [(&'static str, &'static str)];

impl Server {
    /// Nothing is expected to fail on a server that nobody knows.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "minio" => Self {
                lacks: &[],
                gaps: minio::GAPS,
                left_out: &[],
                url_gaps: minio::URL_GAPS,
                bucket_gaps: minio::BUCKET_GAPS,
            },
            "minio-cluster" => Self {
                lacks: &[],
                gaps: minio::GAPS,
                left_out: minio_cluster::LEFT_OUT,
                url_gaps: minio::URL_GAPS,
                bucket_gaps: minio::BUCKET_GAPS,
            },
            "seaweedfs" => Self {
                lacks: &[],
                gaps: seaweedfs::GAPS,
                left_out: seaweedfs::LEFT_OUT,
                url_gaps: seaweedfs::URL_GAPS,
                bucket_gaps: seaweedfs::BUCKET_GAPS,
            },
            "versitygw" => Self {
                lacks: versitygw::LACKS,
                gaps: versitygw::GAPS,
                left_out: versitygw::LEFT_OUT,
                url_gaps: versitygw::URL_GAPS,
                bucket_gaps: versitygw::BUCKET_GAPS,
            },
            "garage" => Self {
                lacks: garage::LACKS,
                gaps: garage::GAPS,
                left_out: garage::LEFT_OUT,
                url_gaps: garage::URL_GAPS,
                bucket_gaps: garage::BUCKET_GAPS,
            },
            "in-process" => Self {
                url_gaps: in_process::URL_GAPS,
                bucket_gaps: in_process::BUCKET_GAPS,
                ..Self::default()
            },
            _ => Self::default(),
        }
    }
}
