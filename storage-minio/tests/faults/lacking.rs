//! Requests that are never sent to a server, so that no fault can meet them there.

use super::step::Step::{self, Complete, CopyComplete, CopyPart, Create, IfMatch, Save, SaveLarge, Tags};

const BY_ONE_COPY: &str = "what must not overwrite takes its place by one conditional copy";
const IGNORES_CONDITIONS: &str = "conditions are ignored";

/// Why a step is none on this kind of server.
pub(crate) fn why_not(server: &str, step: Step) -> Option<&'static str> {
    match (server, step) {
        ("seaweedfs", Complete | SaveLarge | CopyPart | CopyComplete) => Some(BY_ONE_COPY),
        ("garage", Create | IfMatch | Save | Complete | SaveLarge) => Some(IGNORES_CONDITIONS),
        ("garage", CopyPart | CopyComplete) => Some("no small object is copied as a part"),
        ("garage", Tags) => Some("tags are not kept"),
        _ => None,
    }
}
