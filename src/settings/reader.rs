use std::collections::BTreeSet;

use config::{Value, ValueKind};

use super::key::{self, Key, Scope};
use super::layer::full_path;
use super::parse::Parsed;
use super::shown::shown;
use super::{Entry, Fault, Note, Origin, Secret};

/// Reads the keys of one storage out of the merged layers, and notes what is wrong with them.
pub(super) struct Reader<'a> {
    merged: &'a Value,
    alias: Option<&'a str>,
    bad: BTreeSet<&'static str>,
    pub(super) faults: Vec<Fault>,
    pub(super) notes: Vec<Note>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(merged: &'a Value, alias: Option<&'a str>) -> Self {
        Self { merged, alias, bad: BTreeSet::new(), faults: Vec::new(), notes: Vec::new() }
    }

    /// The storage's alias; `None` for the default one.
    pub(super) fn alias(&self) -> Option<&'a str> {
        self.alias
    }

    /// The key's value, if there is a good one. A bad one is a fault.
    pub(super) fn read<T>(&mut self, key: &Key, parse: impl FnOnce(&Value) -> Parsed<T>) -> Option<T> {
        match parse(self.value(key)?) {
            Ok(value) => Some(value),
            Err(rule) => {
                self.fault(key, rule);
                None
            }
        }
    }

    /// The same of a value with several parts, any of which may break a rule. The rules say which.
    pub(super) fn read_all<T>(
        &mut self,
        key: &Key,
        parse: impl FnOnce(&Value) -> Result<T, Vec<String>>,
    ) -> Option<T> {
        match parse(self.value(key)?) {
            Ok(value) => Some(value),
            Err(rules) => {
                for rule in rules {
                    self.fault(key, rule);
                }
                None
            }
        }
    }

    pub(super) fn secret(&mut self, key: &Key) -> Option<Secret> {
        self.read(key, |value| match &value.kind {
            ValueKind::String(text) if text.is_empty() => Err("it is empty".into()),
            ValueKind::String(text) if text.chars().any(char::is_control) => {
                Err("it holds a control character".into())
            }
            ValueKind::String(text) => Ok(Secret::new(text)),
            _ => Err("it must be text".into()),
        })
    }

    /// Whether somebody set the key, well or badly.
    pub(super) fn is_set(&self, key: &Key) -> bool {
        self.value(key).is_some_and(|value| Origin::from_label(value.origin()) != Origin::Default)
    }

    /// Whether nothing wrong was found with the key so far.
    pub(super) fn is_good(&self, key: &Key) -> bool {
        !self.bad.contains(key.path)
    }

    pub(super) fn origin(&self, key: &Key) -> Origin {
        Origin::from_label(self.value(key).and_then(Value::origin))
    }

    /// The key by the name that its layer calls it.
    pub(super) fn name(&self, key: &Key) -> String {
        match self.origin(key) {
            Origin::Environment(variable) => variable,
            _ => full_path(self.alias, key),
        }
    }

    /// The value breaks a rule.
    pub(super) fn fault(&mut self, key: &Key, rule: String) {
        if let Some(known) = key::ALL.iter().find(|known| known.path == key.path) {
            self.bad.insert(known.path);
        }
        let fault = Fault {
            key: self.name(key),
            value: self.value(key).filter(|_| !key.secret).map(shown),
            rule,
            origin: self.is_set(key).then(|| self.origin(key)),
        };
        self.faults.push(fault);
    }

    /// A value is needed and there is none.
    pub(super) fn missing(&mut self, key: &Key, rule: &str) {
        let key_and_variable = format!("{} ({})", full_path(self.alias, key), variable(self.alias, key));
        self.faults.push(Fault { key: key_and_variable, value: None, rule: rule.to_owned(), origin: None });
    }

    /// The names of the keys of this scope that somebody set.
    pub(super) fn set_in(&self, scope: Scope) -> Vec<String> {
        key::ALL
            .iter()
            .filter(|key| key.scope == scope && self.is_set(key))
            .map(|key| self.name(key))
            .collect()
    }

    /// Every key with what holds for it.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> {
        key::ALL.iter().map(|key| {
            let value = self.value(key);
            Entry {
                key: full_path(self.alias, key),
                variable: variable(self.alias, key),
                value: value.map(|value| if key.secret { Secret::MASK.to_owned() } else { shown(value) }),
                origin: self.origin(key),
            }
        })
    }

    fn value(&self, key: &Key) -> Option<&'a Value> {
        let scope = self.alias.into_iter().flat_map(|alias| ["storages", alias]);
        scope.chain(key.path.split('.')).try_fold(self.merged, |value, name| match &value.kind {
            ValueKind::Table(table) => table.get(name),
            _ => None,
        })
    }
}

fn variable(alias: Option<&str>, key: &Key) -> String {
    match alias {
        Some(alias) => format!("STORAGES__{}__{}", alias.to_ascii_uppercase(), key.variable()),
        None => key.variable(),
    }
}
