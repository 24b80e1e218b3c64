use std::ffi::OsString;

use config::Value;

use super::key::{self, Key};
use super::layer::{ALIAS_RULE, Layer, full_path, is_alias, read_secret};
use super::suggest::nearest;
use super::{Fault, Note, Origin};

/// The variable that names the settings file.
pub(super) const CONFIG_VARIABLE: &str = "STORAGE_CONFIG";

const NAMED: &str = "STORAGES__";

pub(super) type Variables = Vec<(OsString, OsString)>;

/// The layer of the environment. Variables that are not ours are left alone: `MINIO_…` is the server's prefix too.
pub(super) fn layer(variables: &Variables, faults: &mut Vec<Fault>, notes: &mut Vec<Note>) -> Layer {
    let mut reader = Reader { layer: Layer::default(), faults, notes };
    let mut variables: Vec<_> = variables.iter().collect();
    variables.sort();
    for (name, value) in variables {
        let Some(name) = name.to_str() else { continue };
        let rest = name.strip_prefix(NAMED).unwrap_or(name);
        if name == CONFIG_VARIABLE
            || !(rest.starts_with("MINIO_") || rest.starts_with("STORAGE_") || rest != name)
        {
            continue;
        }
        match value.to_str() {
            Some(value) => reader.variable(name, value),
            None => reader.fault(name, "it is not valid UTF-8".into()),
        }
    }
    reader.layer
}

struct Reader<'a> {
    layer: Layer,
    faults: &'a mut Vec<Fault>,
    notes: &'a mut Vec<Note>,
}

impl Reader<'_> {
    fn variable(&mut self, name: &str, value: &str) {
        let Some(rest) = name.strip_prefix(NAMED) else {
            return self.scoped(name, None, name, value);
        };
        match rest.split_once("__") {
            Some((alias, rest)) if is_alias(&alias.to_ascii_lowercase()) => {
                self.scoped(name, Some(&alias.to_ascii_lowercase()), rest, value);
            }
            _ => self.fault(
                name,
                format!("it must be {NAMED}NAME__MINIO_… or {NAMED}NAME__STORAGE_…; {ALIAS_RULE}"),
            ),
        }
    }

    /// Takes the variable `name`, whose part after the alias is `rest`.
    fn scoped(&mut self, name: &str, alias: Option<&str>, rest: &str, value: &str) {
        if let Some(key) = by_variable(rest) {
            self.value(name, alias, key, value);
        } else if let Some(key) = rest.strip_suffix("_FILE").and_then(by_variable).filter(|key| key.secret) {
            self.secret_file(name, alias, key, value);
        } else {
            self.unknown(name, alias, rest);
        }
    }

    fn value(&mut self, name: &str, alias: Option<&str>, key: &Key, value: &str) {
        let chooses_the_store = [key::ENDPOINT.path, key::BACKEND.path].contains(&key.path);
        match value.trim().is_empty() {
            // A template that was not filled in must not choose another store unnoticed.
            true if chooses_the_store => {
                self.fault(name, "it is set, but empty; fill it in or remove it".into());
            }
            true => {}
            false => self.set(name, alias, key, value.to_owned()),
        }
    }

    fn secret_file(&mut self, name: &str, alias: Option<&str>, key: &Key, path: &str) {
        if path.trim().is_empty() {
            return;
        }
        match read_secret(name, path, &Origin::Environment(name.to_owned())) {
            Ok(secret) => self.set(name, alias, key, secret),
            Err(fault) => self.faults.push(fault),
        }
    }

    fn set(&mut self, name: &str, alias: Option<&str>, key: &Key, value: String) {
        let path = full_path(alias, key);
        match self.layer.has(&path) {
            true => self.fault(name, "the same is set without `_FILE` too; set one of the two".into()),
            false => self.layer.set(path, &Origin::Environment(name.to_owned()), Value::new(None, value)),
        }
    }

    fn unknown(&mut self, name: &str, alias: Option<&str>, rest: &str) {
        let variables: Vec<_> = key::ALL.iter().map(|key| key.variable()).collect();
        let near = nearest(rest, variables.iter().map(String::as_str));
        match (alias, near) {
            (None, Some(near)) => {
                self.notes
                    .push(Note::UnknownVariable { variable: name.to_owned(), nearest: near.to_owned() });
            }
            (None, None) => {}
            (Some(_), near) => {
                let near = near.map(|near| format!("; did you mean …__{near}?")).unwrap_or_default();
                self.fault(name, format!("there is no such key{near}"));
            }
        }
    }

    fn fault(&mut self, name: &str, rule: String) {
        self.faults.push(Fault {
            key: name.to_owned(),
            value: None,
            rule,
            origin: Some(Origin::Environment(name.to_owned())),
        });
    }
}

fn by_variable(variable: &str) -> Option<&'static Key> {
    key::ALL.iter().copied().find(|key| key.variable() == variable)
}
