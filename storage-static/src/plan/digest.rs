use crate::graph::{Graph, hex};
use crate::name::Algorithm;

use super::{PlanOptions, Step};

/// What is planned, whatever is there: two trees of the same digest come to the same bucket.
pub(super) fn digest(graph: &Graph, steps: &[Step], options: &PlanOptions) -> String {
    let mut hasher = Algorithm::Md5.hasher();
    let mut add = |part: &str| {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    };
    add(&graph.manifest().hash());
    for output in graph.outputs() {
        // What the index says of it beyond its bytes.
        let indexed = graph.indexed(output);
        add(&output.path);
        add(&serde_json::to_string(&(&indexed.sources, &indexed.dependencies)).unwrap_or_default());
    }
    for encoding in &options.encodings {
        add(encoding.token());
    }
    for step in steps {
        add(&step.key);
        add(&step.md5);
        for (name, value) in &step.headers {
            add(name);
            add(value);
        }
    }
    hex(&hasher.digest())
}
