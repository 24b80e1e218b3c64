//! MinIO's command, which names policies. The Go module registry serves its last source.

use super::program::{Program, Source};

pub(crate) fn program() -> Program {
    Program {
        variable: "STORAGE_MC_BIN",
        name: "mc",
        version: "v0.0.0-20250313080218-cf909e1063a9",
        version_flag: "--version",
        says: "mc version",
        source: Source::Go("github.com/minio/mc"),
    }
}
