//! What static files are made of: found, named, rewritten, planned, collected, resolved. [`StaticFiles`](crate::storages::StaticFiles) says where.

pub use storage_static::{
    Glob, cache, collect, deploys, find, graph, manifest, name, plan, references, resolve, variant, verify,
};
