//! What is different on some servers: requests that are never sent there, so that no fault can meet them, and other outcomes.

use super::row::{Outcome, Row};
use super::step::Step::{
    self, Complete, CopyComplete, CopyPart, Create, IfMatch, Overwrite, Part, Save, SaveLarge, Tags,
};

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

/// What comes of a fault on this kind of server instead of what the table says.
pub(crate) fn otherwise(server: &str, row: &Row, step: Step) -> Option<Outcome> {
    match (server, row.name, step) {
        // SeaweedFS 4.48 compares no content with the hash that was signed.
        ("seaweedfs", "flipped byte in the upload", Overwrite | Create | IfMatch | Save | Part) => {
            Some(Outcome::Unnoticed)
        }
        _ => None,
    }
}
