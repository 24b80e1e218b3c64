use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use config::{Config, Value};

use super::environment::{self, CONFIG_VARIABLE, Variables};
use super::file::{self, nearest_path};
use super::key::{self, Key};
use super::layer::{ALIAS_RULE, Layer, full_path, is_alias, split_alias};
use super::reader::Reader;
use super::setting_value::SettingValue;
use super::text_file::read_text_or_pipe;
use super::{Fault, Note, Origin, Settings, SettingsError, conflicts, storage};

/// The settings file that is taken if none is named and it is there.
const FILE_NAME: &str = "storage.toml";

/// Far more than a thousand storages need, and nothing that memory feels.
const LARGEST_FILE: u64 = 1 << 20;

/// Chooses where settings come from, and sets some in code. From [`Settings::builder`].
#[must_use = "nothing is read before `load`"]
pub struct SettingsBuilder {
    file: FileChoice,
    environment: Option<Variables>,
    code: Vec<(String, SettingValue)>,
}

enum FileChoice {
    Find,
    Path(PathBuf),
    Text(String),
}

impl SettingsBuilder {
    pub(super) fn new() -> Self {
        Self { file: FileChoice::Find, environment: None, code: Vec::new() }
    }

    /// Takes this file instead of what `STORAGE_CONFIG` names or `storage.toml`. It must be there, and have at most 1 MiB.
    pub fn file(mut self, path: impl AsRef<Path>) -> Self {
        self.file = FileChoice::Path(path.as_ref().to_owned());
        self
    }

    /// Takes this text for the file's content; `""` for no file.
    pub fn file_text(mut self, text: impl Into<String>) -> Self {
        self.file = FileChoice::Text(text.into());
        self
    }

    /// Takes these variables instead of the process's environment.
    pub fn environment<K, V>(mut self, variables: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        self.environment =
            Some(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
        self
    }

    /// Reads neither a file nor the environment: only what code sets, above the defaults.
    pub fn code_only(mut self) -> Self {
        self.file = FileChoice::Text(String::new());
        self.environment = Some(Variables::new());
        self
    }

    /// Sets a key, by its path in the file, above all other layers: `minio.region`, `storages.archive.storage.root`.
    /// An endpoint is a URL with its scheme here.
    pub fn set(mut self, key: impl Into<String>, value: impl Into<SettingValue>) -> Self {
        self.code.push((key.into(), value.into()));
        self
    }

    /// Reads all layers.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] lists everything that is wrong.
    pub fn load(self) -> Result<Settings, SettingsError> {
        let mut faults = Vec::new();
        let mut notes = Vec::new();
        let variables = self.environment.unwrap_or_else(|| std::env::vars_os().collect());
        let file = match read_file(self.file, &variables) {
            Ok((text, path)) => file::layer(&text, &path, &mut faults),
            Err(fault) => {
                faults.push(fault);
                Layer::default()
            }
        };
        let environment = environment::layer(&variables, &mut faults, &mut notes);
        let code = code_layer(self.code, &mut faults);
        assemble([file, environment, code], faults, notes)
    }
}

impl fmt::Debug for SettingsBuilder {
    /// Only which keys code sets: every value may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SettingsBuilder ")?;
        f.debug_set().entries(self.code.iter().map(|(key, _)| key)).finish()
    }
}

/// The file's content and the name to call it by; both empty if there is none.
fn read_file(choice: FileChoice, variables: &Variables) -> Result<(String, String), Fault> {
    let named = variables.iter().find(|(name, value)| name == CONFIG_VARIABLE && !value.is_empty());
    let (path, must_exist) = match (choice, named) {
        (FileChoice::Text(text), _) => return Ok((text, FILE_NAME.to_owned())),
        (FileChoice::Path(path), _) => (path, true),
        (FileChoice::Find, Some((_, path))) => (PathBuf::from(path), true),
        (FileChoice::Find, None) => (PathBuf::from(FILE_NAME), false),
    };
    let name = path.display().to_string();
    let is_missing = || path.metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
    if !must_exist && is_missing() {
        return Ok((String::new(), name));
    }
    match read_text_or_pipe(&path, LARGEST_FILE) {
        Ok(text) => Ok((text, name)),
        Err(rule) => {
            let rule = format!("it is no settings file: {rule}");
            Err(Fault { key: name, value: None, rule, origin: None })
        }
    }
}

fn code_layer(code: Vec<(String, SettingValue)>, faults: &mut Vec<Fault>) -> Layer {
    let mut layer = Layer::default();
    for (path, value) in code {
        let (alias, rest) = split_alias(&path);
        let rule = match Key::by_path(rest) {
            _ if alias.is_some_and(|alias| !is_alias(alias)) => ALIAS_RULE.to_owned(),
            Some(_) => {
                layer.set(path, &Origin::Code, value.into_value());
                continue;
            }
            None => match nearest_path(rest) {
                Some(near) => format!("there is no such key; did you mean `{near}`?"),
                None => "there is no such key".to_owned(),
            },
        };
        faults.push(Fault { key: path, value: None, rule, origin: Some(Origin::Code) });
    }
    layer
}

/// Merges the layers over the defaults, lowest first, and reads every storage.
fn assemble(
    layers: [Layer; 3],
    mut faults: Vec<Fault>,
    mut notes: Vec<Note>,
) -> Result<Settings, SettingsError> {
    let aliases: BTreeSet<String> = layers.iter().flat_map(Layer::aliases).map(str::to_owned).collect();
    let merged = merge(&aliases, layers).map_err(|rule| {
        SettingsError::new(vec![Fault { key: "settings".to_owned(), value: None, rule, origin: None }])
    })?;
    let mut read = |alias: Option<&str>| {
        let mut reader = Reader::new(&merged, alias);
        let settings = storage::read(&mut reader);
        let entries: Vec<_> = reader.entries().collect();
        faults.append(&mut reader.faults);
        notes.append(&mut reader.notes);
        (settings, entries)
    };
    let (default, mut entries) = read(None);
    let mut named = BTreeMap::new();
    for alias in aliases {
        let (settings, mut more) = read(Some(&alias));
        entries.append(&mut more);
        named.extend(settings.map(|settings| (alias, settings)));
    }
    let all = default.iter().map(|default| (None, default));
    let all: Vec<_> =
        all.chain(named.iter().map(|(alias, storage)| (Some(alias.as_str()), storage))).collect();
    faults.extend(conflicts::find(&all));
    match default {
        Some(default) if faults.is_empty() => Ok(Settings { default, named, entries, notes }),
        _ => Err(SettingsError::new(faults)),
    }
}

fn merge(aliases: &BTreeSet<String>, layers: [Layer; 3]) -> Result<Value, String> {
    let mut builder = Config::builder().add_source(defaults(aliases));
    for layer in layers {
        builder = builder.add_source(layer);
    }
    builder.build().map(|config| config.cache).map_err(|error| error.to_string())
}

fn defaults(aliases: &BTreeSet<String>) -> Layer {
    let mut layer = Layer::default();
    let storages = aliases.iter().map(|alias| Some(alias.as_str())).chain([None]);
    for alias in storages {
        let suffix = alias.map(|alias| format!("-{alias}")).unwrap_or_default();
        let mut set = |key: &Key, text: String| {
            layer.set(full_path(alias, key), &Origin::Default, Value::new(None, text));
        };
        for key in key::ALL {
            if let Some(text) = key.default {
                set(key, text.to_owned());
            }
        }
        set(&key::ROOT, format!("./storage{suffix}"));
        set(&key::BASE_URL, format!("/files{suffix}"));
    }
    layer
}
