//! Settings from any file and any environment: one list of faults in one order, or settings that hold, can be shown and read again. No
//! secret is in anything that is shown.

use storage_core::ErrorKind;

use crate::settings::{Backend, Entry, Origin, Secret};
use crate::{Settings, SettingsError, Storages};

/// A file, and variables behind it, separated by a byte that no UTF-8 has. `"SECRET"` stands for one.
pub const SEEDS: &[&[u8]] = &[
    b"",
    b"[storage]\nbackend = 'memory'\nbase_url = '/f'\nsigning_key = \"SECRET\"\ndurability = 'none'\n[minio]\nurl_expiry_hours = 12\n",
    b"[minio]\nendpoint = 'minio:9000'\nuse_https = false\naccess_key = \"SECRET\"\nsecret_key = \"SECRET\"\nprivate_buckets = ['photos', 'documents']\npublic_buckets = []\n[minio.http_client]\nretries = 5\nread_timeout = '1m30s'\nproxy = 'http://h:1'\n",
    b"[storages.archive.minio]\nendpoint = '10.0.0.1'\nuse_https = true\naccess_key = \"SECRET\"\nsecret_key = \"SECRET\"\nsession_token = \"SECRET\"\npublic_buckets = 'a-b,c.d'\nmultipart_part_size = '64MiB'\n[storages.other.storage]\nbackend = 'memory'\n",
    b"\xffMINIO_ENDPOINT=[::1]:9000\xffMINIO_USE_HTTPS=no\xffMINIO_ACCESS_KEY=a\xffMINIO_SECRET_KEY=b\xffMINIO_PRIVATE_BUCKETS=[\"photos\"]\xffMINIO_EXTERNAL_ENDPOINT=files.example.org\xffMINIO_EXTERNAL_ENDPOINT_USE_HTTPS=yes\xffMINIO_ADDRESSING_STYLE=virtual\xffMINIO_PUBLIC_BASE_URL=http://cdn/x",
    b"[minio]\nendpont = 1\n[strage]\nx = [{secret_key = \"SECRET\"}]\xffSTORAGES__X__MINIO_REGION=eu\xffMINIO_ENDPONT=x\xffSTORAGE_BACKEND=memory\xffMINIO_DEFAULT_BUCKET=abc\xffMINIO_HTTP_CLIENT__BACKOFF=10ms\xffMINIO_POLICY_HOOKS=[[\"abc\", {\"a\": 1}]]",
];

/// Stands where a secret belongs, and may be nowhere else.
const SECRET: &str = "tR0ub4dor&3-xkQz";

/// The first field is the file, each further one a variable `NAME=value`.
pub fn run(data: &[u8]) {
    let mut fields = data.split(|byte| *byte == 0xff).map(String::from_utf8_lossy);
    let file = with_secrets(&fields.next().unwrap_or_default());
    let mut environment: Vec<(String, String)> = fields
        .filter_map(|field| field.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())))
        // Which other files there are is no matter of these inputs.
        .filter(|(name, _)| !name.ends_with("_FILE") && !name.ends_with("CA_BUNDLE") && !name.contains('\0'))
        .collect();
    environment.push(("MINIO_SESSION_TOKEN".to_owned(), SECRET.to_owned()));
    environment.push(("MINIO_HTTP_CLIENT__PROXY".to_owned(), format!("http://user:{SECRET}@proxy:3128")));
    match Settings::from_sources(&file, environment.clone()) {
        Err(error) => faults(&error, || Settings::from_sources(&file, environment)),
        Ok(settings) => hold(settings),
    }
}

/// A secret in each line that asks for one.
fn with_secrets(file: &str) -> String {
    const KEYS: [&str; 4] = ["access_key = ", "secret_key = ", "session_token = ", "signing_key = "];
    if file.contains("\"\"\"") || file.contains("'''") {
        // In a text of several lines it would be no line of its own.
        return file.to_owned();
    }
    let line = |line: &str| match line.contains("SECRET") && !line.contains('\'') {
        true => KEYS.iter().fold(line.to_owned(), |line, key| {
            line.replace(&format!("{key}\"SECRET\""), &format!("{key}{SECRET:?}"))
        }),
        // Between single quotes such a key may be text.
        false => line.to_owned(),
    };
    file.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn faults(error: &SettingsError, again: impl FnOnce() -> Result<Settings, SettingsError>) {
    assert!(!error.faults().is_empty());
    is_presentable(&format!("{error:?}"), false);
    let text = error.to_string();
    is_presentable(&text, true);
    assert!(error.faults().iter().all(|fault| text.contains(&fault.to_string())));
    if error.faults().len() == 2 {
        assert_eq!(
            again().unwrap_err().to_string(),
            text,
            "the same settings have the same faults in the same order"
        );
    }
}

fn hold(settings: Settings) {
    is_presentable(&format!("{settings:?} {:?}", settings.entries()), false);
    is_presentable(&serde_json::to_string(&settings).unwrap(), false);
    for note in settings.notes() {
        is_presentable(&note.to_string(), false);
    }
    can_be_read_again(settings.entries());
    can_be_built(settings);
}

fn is_presentable(text: &str, may_break_lines: bool) {
    assert!(!text.contains(SECRET), "a secret is shown: {text}");
    let odd = text.chars().find(|c| c.is_control() && !(may_break_lines && *c == '\n'));
    assert_eq!(odd, None, "{text:?}");
}

/// What is shown is what holds: as an environment it gives the same again, where nothing of it is masked, cut or escaped.
fn can_be_read_again(entries: &[Entry]) {
    let set = || entries.iter().filter(|entry| entry.origin != Origin::Default);
    let is_faithful = |entry: &Entry| {
        entry.value.as_ref().is_some_and(|value| {
            !value.trim().is_empty()
                && !value.contains(['…', '\\', '@'])
                && !entry.key.ends_with("policy_hooks")
        })
    };
    let is_secret = |entry: &Entry| entry.value.as_deref() == Some(Secret::MASK);
    let is_named = |entry: &Entry, name: &str| entry.key.rsplit('.').next() == Some(name);
    if !set().all(|entry| is_secret(entry) || is_faithful(entry) || is_named(entry, "proxy")) {
        return;
    }
    let value = |entry: &Entry| match is_secret(entry) {
        true if is_named(entry, "options") => format!("name={SECRET}"),
        true => SECRET.to_owned(),
        false if is_named(entry, "proxy") => "http://h".to_owned(),
        false => entry.value.clone().unwrap_or_default(),
    };
    let environment: Vec<_> = set().map(|entry| (entry.variable.clone(), value(entry))).collect();
    let again = Settings::from_sources("", environment).unwrap();
    let shown = |entries: &[Entry]| -> Vec<_> {
        let shown = entries.iter().filter(|entry| !is_named(entry, "proxy"));
        shown.map(|entry| (entry.key.clone(), entry.value.clone())).collect()
    };
    assert_eq!(shown(again.entries()), shown(entries));
}

/// Settings that are good do not fail later, where that needs neither a disk nor certificates.
fn can_be_built(settings: Settings) {
    let storages = || std::iter::once(settings.default_storage()).chain(settings.named_storages().values());
    let is_cheap = storages().all(|storage| match &storage.backend {
        Backend::Memory(_) => true,
        Backend::Local(_) | Backend::ObjectStore(_) => false,
        #[cfg(feature = "minio")]
        Backend::Minio(minio) => !minio.endpoint.is_https() && minio.http_client.ca_bundle.is_none(),
        #[cfg(not(feature = "minio"))]
        Backend::Minio(_) => false,
    });
    if is_cheap && let Err(error) = Storages::new(settings) {
        assert_eq!(error.kind(), ErrorKind::Other, "good settings, and then: {error}");
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("settings", run, SEEDS);
}
