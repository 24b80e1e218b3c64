//! Whether a store is up, and if not, why not.
//!
//! ```
//! use storage_core::Storage;
//! use storage_core::health::{HealthOptions, HealthState};
//!
//! async fn is_ready(storage: &dyn Storage) -> bool {
//!     let Some(health) = storage.health() else { return true };
//!     let report = health.check(HealthOptions::readiness()).await;
//!     if report.state != HealthState::Up {
//!         eprintln!("{}: {report}", storage.name());
//!     }
//!     report.state == HealthState::Up
//! }
//! ```

mod options;
mod report;
mod state;

use async_trait::async_trait;

pub use options::{HealthOptions, Question};
pub use report::HealthReport;
pub use state::{ClockSkew, HealthState};

/// A store that can be asked how it is, reached by [`Storage::health`](crate::Storage::health).
#[async_trait]
pub trait Health: Send + Sync {
    /// Asks once, without repeating anything, and never takes longer than the options allow. Whatever happens is a report, never an error.
    async fn check(&self, options: HealthOptions) -> HealthReport;
}
