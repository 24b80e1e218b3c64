use storage_core::{Error, Result};

/// All that is wrong, so that it can be told at once.
#[derive(Default)]
pub(super) struct Faults(Vec<Error>);

impl Faults {
    pub(super) fn given<T>(
        &mut self,
        what: &str,
        value: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T>,
    ) -> Option<T> {
        if value.is_none() {
            self.0.push(Error::invalid_input(format!("the {what} is missing")));
        }
        self.optional(what, value, parse)
    }

    pub(super) fn optional<T>(
        &mut self,
        what: &str,
        value: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T>,
    ) -> Option<T> {
        let parsed = parse(value?);
        self.keep(
            parsed.map_err(|error| {
                Error::invalid_input(format!("{what}: {}", error.message())).with_source(error)
            }),
        )
    }

    pub(super) fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.0.push(error)).ok()
    }

    pub(super) fn into_result(self) -> Result<()> {
        let messages: Vec<String> = self.0.iter().map(|error| error.message().to_owned()).collect();
        match self.0.into_iter().next() {
            None => Ok(()),
            Some(only) if messages.len() == 1 => Err(only),
            Some(first) => Err(Error::invalid_input(messages.join("; ")).with_source(first)),
        }
    }
}
