use storage_suite::storage_core::outcome::PutOutcome;
use storage_suite::{CopyOptions, ObjectKey};

use super::folder_prefix;
use crate::failure::Failure;
use crate::object_json::ObjectJson;
use crate::output::Output;

/// Objects, and where each goes.
#[derive(clap::Args)]
pub(crate) struct Pairs {
    /// Keys of the objects
    #[arg(required = true, value_name = "FROM")]
    from: Vec<String>,
    /// The new key, or a folder that ends with `/`
    #[arg(required = true, value_name = "TO")]
    to: String,
    /// Fail if the new key is taken
    #[arg(long, short)]
    no_clobber: bool,
}

impl Pairs {
    /// Each object with its new key, or what is wrong with one of the two.
    pub(crate) fn all(
        &self,
    ) -> Result<impl Iterator<Item = Result<(ObjectKey, ObjectKey), Failure>>, Failure> {
        if self.from.len() > 1 && !is_folder(&self.to) {
            return Err(Failure::usage(
                "for several objects the target must be a folder, which ends with `/`",
            ));
        }
        Ok(self.from.iter().map(|from| pair(from, &self.to)))
    }

    pub(crate) fn options(&self) -> CopyOptions {
        if self.no_clobber { CopyOptions::new().if_absent() } else { CopyOptions::new() }
    }
}

/// Reports an object that is under its new key.
pub(crate) fn done(
    from: &ObjectKey,
    to: &ObjectKey,
    outcome: &PutOutcome,
    output: &Output,
) -> Result<(), Failure> {
    output.report(&ObjectJson::copied(to, outcome), || {
        format!("{} -> {}", output.shown(from.as_str()), output.shown(to.as_str()))
    })
}

fn is_folder(target: &str) -> bool {
    target.is_empty() || target.ends_with('/')
}

fn pair(from: &str, to: &str) -> Result<(ObjectKey, ObjectKey), Failure> {
    let from = ObjectKey::new(from).map_err(storage_suite::Error::from)?;
    let to = match is_folder(to) {
        true => format!("{}{}", folder_prefix(to), from.file_name()),
        false => to.to_owned(),
    };
    Ok((from, ObjectKey::new(to).map_err(storage_suite::Error::from)?))
}
