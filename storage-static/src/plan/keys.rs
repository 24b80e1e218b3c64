//! Keys of what stands beside the files, from the root of the static files.

/// Where the indexes of deploys are: `staticfiles.deploys/<deploy>.json`.
pub const INDEX_FOLDER: &str = "staticfiles.deploys";

/// Written anew before anything is deleted: a deploy that counts on what it has found sees that it was there in between.
pub(crate) const DELETIONS: &str = "staticfiles.deploys/deletions";

/// The key of a deploy's index.
pub(crate) fn index_key(deploy: &str) -> String {
    format!("{INDEX_FOLDER}/{deploy}.json")
}

/// What the deploy of an index is called; `None` for any other key.
pub(crate) fn deploy_of(key: &str) -> Option<&str> {
    below_index_folder(key)?.strip_suffix(".json").filter(|name| !name.contains('/'))
}

/// The rest of a key that no file can have.
pub(crate) fn below_index_folder(key: &str) -> Option<&str> {
    key.strip_prefix(INDEX_FOLDER)?.strip_prefix('/')
}
