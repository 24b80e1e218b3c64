use std::collections::BTreeMap;

use config::{File, FileFormat, Map, Source, Value, ValueKind};

use super::key::{self, Key};
use super::layer::{ALIAS_RULE, Layer, is_alias, read_secret};
use super::suggest::nearest;
use super::{Fault, Origin};

/// The layer of a TOML file.
pub(super) fn layer(text: &str, path: &str, faults: &mut Vec<Fault>) -> Layer {
    let mut reader = Reader { origin: Origin::File(path.to_owned()), layer: Layer::default(), faults };
    match File::from_str(text, FileFormat::Toml).collect() {
        Ok(table) => reader.root(table),
        // Only where it is, as the rest quotes the line, and that may hold a secret.
        Err(error) => {
            let error = error.to_string();
            let place = error.lines().next().unwrap_or_default();
            let place = place.find("line ").map_or("", |at| &place[at..]);
            reader.fault(path, format!("it is not valid TOML {place}").trim_end().to_owned());
        }
    }
    reader.layer
}

struct Reader<'a> {
    origin: Origin,
    layer: Layer,
    faults: &'a mut Vec<Fault>,
}

impl Reader<'_> {
    fn root(&mut self, mut table: Map<String, Value>) {
        if let Some(storages) = table.remove("storages") {
            match storages.kind {
                ValueKind::Table(storages) => {
                    for (alias, value) in in_order(storages) {
                        self.storage(&alias, value);
                    }
                }
                _ => self.fault("storages", "it must be tables: [storages.NAME.minio]".into()),
            }
        }
        self.section("", "", table);
    }

    fn storage(&mut self, alias: &str, value: Value) {
        let path = format!("storages.{alias}");
        match value.kind {
            _ if !is_alias(alias) => self.fault(&path, ALIAS_RULE.into()),
            ValueKind::Table(table) => self.section(&format!("{path}."), "", table),
            _ => self.fault(&path, format!("it must be tables: [{path}.minio]")),
        }
    }

    /// Takes the keys below `section`, which is empty or ends with a dot. `scope` names the storage in the same way.
    fn section(&mut self, scope: &str, section: &str, table: Map<String, Value>) {
        for (name, value) in in_order(table) {
            let path = format!("{section}{name}");
            let full = format!("{scope}{path}");
            if Key::by_path(&path).is_some() {
                self.value(full, value);
            } else if let Some(key) = secret_file(&path) {
                self.secret_file(scope, &full, key, &value);
            } else if is_section(&path) {
                match value.kind {
                    ValueKind::Table(table) => self.section(scope, &format!("{path}."), table),
                    _ => self.fault(&full, format!("it is a section: [{full}]")),
                }
            } else {
                self.unknown(scope, &full, &path);
            }
        }
    }

    fn value(&mut self, full: String, value: Value) {
        match value.kind {
            ValueKind::Table(_) => self.fault(&full, "it must be a value, not a table".into()),
            _ if self.layer.has(&full) => {
                self.fault(&full, format!("`{full}_file` is set too; set one of the two"));
            }
            kind => self.layer.set(full, &self.origin, Value::new(None, kind)),
        }
    }

    fn secret_file(&mut self, scope: &str, full: &str, key: &Key, value: &Value) {
        let target = format!("{scope}{}", key.path);
        let ValueKind::String(path) = &value.kind else {
            return self.fault(full, "it must be the path of a file".into());
        };
        match read_secret(full, path, &self.origin) {
            Ok(_) if self.layer.has(&target) => {
                self.fault(full, format!("`{target}` is set too; set one of the two"));
            }
            Ok(secret) => self.layer.set(target, &self.origin, Value::new(None, secret)),
            Err(fault) => self.faults.push(fault),
        }
    }

    fn unknown(&mut self, scope: &str, full: &str, path: &str) {
        let rule = match nearest_path(path) {
            Some(near) => format!("there is no such key; did you mean `{scope}{near}`?"),
            None => "there is no such key".to_owned(),
        };
        self.fault(full, rule);
    }

    fn fault(&mut self, key: &str, rule: String) {
        self.faults.push(Fault { key: key.to_owned(), value: None, rule, origin: Some(self.origin.clone()) });
    }
}

/// The known path that this one most likely meant: a typo, or the right name in the wrong section.
pub(super) fn nearest_path(path: &str) -> Option<&'static str> {
    let paths = || key::ALL.iter().map(|key| key.path);
    let name = |path: &'static str| path.rsplit('.').next().unwrap_or(path);
    nearest(path, paths().chain(["minio", "minio.http_client", "storage", "storages"])).or_else(|| {
        let wanted = path.rsplit('.').next().unwrap_or(path);
        let wanted = wanted.strip_prefix("minio_").or(wanted.strip_prefix("storage_")).unwrap_or(wanted);
        let near = nearest(wanted, paths().map(name))?;
        paths().find(|path| name(path) == near)
    })
}

/// By name: the same file has its faults in the same order each time.
fn in_order(table: Map<String, Value>) -> BTreeMap<String, Value> {
    table.into_iter().collect()
}

fn secret_file(path: &str) -> Option<&'static Key> {
    Key::by_path(path.strip_suffix("_file")?).filter(|key| key.secret)
}

fn is_section(path: &str) -> bool {
    key::ALL.iter().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}
