//! Deploys listed, rolled back and pruned: what it costs, what is refused, and what is left when it is cut.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod prune;
mod rollback;
mod site;
