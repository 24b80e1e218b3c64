//! MinIO and any other S3 server as a [`Storage`](storage_core::Storage).

mod actions;
mod addressing;
mod builder;
mod civil;
mod client;
mod credentials;
mod endpoint;
mod sign;
mod storage;
pub mod transport;
mod url_signer;

pub use addressing::Addressing;
pub use builder::{MinioStorageBuilder, PayloadSigning};
pub use client::{CaBundle, ClientOptions, RetryOptions};
pub use credentials::{CredentialProvider, Credentials, InvalidCredentials};
pub use endpoint::{Endpoint, ExternalEndpoint, InvalidEndpoint, PublicBaseUrl};
pub use storage::MinioStorage;
pub use transport::Transport;
