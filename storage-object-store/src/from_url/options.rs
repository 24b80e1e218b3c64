use std::collections::BTreeMap;
use std::fmt;

use storage_core::{Error, Result};

use crate::{ConditionalWrites, ObjectStoreStorageBuilder};

pub(super) const PUBLIC_BASE_URL: &str = "public_base_url";
pub(super) const PART_SIZE: &str = "part_size";
pub(super) const HELD_LIMIT: &str = "held_limit";
pub(super) const CONDITIONAL_WRITES: &str = "conditional_writes";

const SPELLINGS: [(&str, ConditionalWrites); 3] = [
    ("auto", ConditionalWrites::Auto),
    ("true", ConditionalWrites::Honoured),
    ("false", ConditionalWrites::Ignored),
];

/// Options by their names, in lower case.
#[derive(Clone, Default)]
pub(super) struct Options(BTreeMap<String, String>);

/// The options that are this crate's.
pub(super) struct Own {
    public_base_url: Option<String>,
    part_size: Option<u64>,
    held_limit: Option<u64>,
    conditional_writes: Option<ConditionalWrites>,
}

impl Options {
    pub(super) fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_ascii_lowercase(), value);
    }

    /// Those of this crate, and those of `object_store`.
    pub(super) fn split(mut self) -> Result<(Own, BTreeMap<String, String>)> {
        let own = Own {
            public_base_url: self.0.remove(PUBLIC_BASE_URL),
            part_size: self.bytes(PART_SIZE)?,
            held_limit: self.bytes(HELD_LIMIT)?,
            conditional_writes: self.conditional_writes()?,
        };
        Ok((own, self.0))
    }

    fn bytes(&mut self, name: &str) -> Result<Option<u64>> {
        let Some(text) = self.0.remove(name) else { return Ok(None) };
        text.parse()
            .map(Some)
            .map_err(|_| Error::invalid_input(format!("the option `{name}` must be a number of bytes")))
    }

    fn conditional_writes(&mut self) -> Result<Option<ConditionalWrites>> {
        let Some(text) = self.0.remove(CONDITIONAL_WRITES) else { return Ok(None) };
        match SPELLINGS.iter().find(|(spelling, _)| *spelling == text) {
            Some((_, how)) => Ok(Some(*how)),
            None => Err(Error::invalid_input("the option `conditional_writes` must be auto, true or false")),
        }
    }
}

impl Own {
    pub(super) fn apply(self, mut builder: ObjectStoreStorageBuilder) -> ObjectStoreStorageBuilder {
        if let Some(base) = self.public_base_url {
            builder = builder.public_base_url(base);
        }
        if let Some(bytes) = self.part_size {
            builder = builder.part_size(bytes);
        }
        if let Some(bytes) = self.held_limit {
            builder = builder.held_limit(bytes);
        }
        match self.conditional_writes {
            None | Some(ConditionalWrites::Auto) => builder,
            Some(how) => builder.conditional_writes(how),
        }
    }
}

/// The option's value that says so.
pub(super) fn spelled(how: ConditionalWrites) -> &'static str {
    SPELLINGS.iter().find(|(_, meant)| *meant == how).map_or("auto", |(spelling, _)| spelling)
}

impl fmt::Debug for Options {
    /// The names: any value may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_on_conditions_can_be_spelled() {
        for (spelling, how) in SPELLINGS {
            let mut options = Options::default();
            options.set("Conditional_Writes", spelled(how).to_owned());
            assert_eq!((spelled(how), options.split().unwrap().0.conditional_writes), (spelling, Some(how)));
        }
    }

    #[test]
    fn no_value_is_shown() {
        let mut options = Options::default();
        options.set("AWS_SECRET_ACCESS_KEY", "hunter2".to_owned());
        assert_eq!(format!("{options:?}"), "{\"aws_secret_access_key\"}");
    }
}
