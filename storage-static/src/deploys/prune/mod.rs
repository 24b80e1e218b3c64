mod apply;
mod options;
mod plan;
mod select;

pub use apply::Pruned;
pub use options::PruneOptions;
pub use plan::{KeptBecause, KeptDeploy, PrunePlan, PrunedObject};
