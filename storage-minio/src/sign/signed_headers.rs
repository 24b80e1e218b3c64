use http::header::HOST;
use http::{HeaderMap, HeaderName};
use storage_core::{Error, Result};

use super::canonical_query::encode_into;
use super::signer::CanonicalRequest;

/// Headers that a client or proxy on the way may add, change or drop.
pub(super) const UNSIGNED: [&str; 9] = [
    "accept-encoding",
    "authorization",
    "connection",
    "expect",
    "te",
    "trailer",
    "transfer-encoding",
    "user-agent",
    "x-amzn-trace-id",
];

/// The headers that take part in a signature: `host`, and all of a map but those that cannot be relied on.
pub(super) struct SignedHeaders<'a> {
    host: &'a str,
    map: &'a HeaderMap,
    /// Without `host`, sorted.
    names: Vec<&'a HeaderName>,
}

impl<'a> SignedHeaders<'a> {
    /// # Errors
    ///
    /// [`InvalidInput`](storage_core::ErrorKind::InvalidInput) for a value with a tab in it: servers do not agree on how it is signed.
    pub(super) fn new(host: &'a str, map: &'a HeaderMap) -> Result<Self> {
        let mut names: Vec<_> = map.keys().filter(|name| is_signed(name)).collect();
        names.sort_unstable_by_key(|name| name.as_str());
        for name in &names {
            if map.get_all(*name).iter().any(|value| value.as_bytes().contains(&b'\t')) {
                return Err(Error::invalid_input(format!(
                    "the header {name} contains a tab, and cannot be signed"
                )));
            }
        }
        Ok(Self { host, map, names })
    }

    /// As [`new`](Self::new), for headers that a signed URL requires of whoever uses it.
    ///
    /// # Errors
    ///
    /// Also for a header that is not signed.
    pub(super) fn required(host: &'a str, map: &'a HeaderMap) -> Result<Self> {
        match map.keys().find(|name| !is_signed(name)) {
            None => Self::new(host, map),
            Some(name) => {
                Err(Error::invalid_input(format!("the header {name} cannot be part of a signed URL")))
            }
        }
    }

    /// Appends the names as they are, joined by `;`.
    pub(super) fn write_names(&self, out: &mut String) {
        let mut separator = "";
        self.for_each(|name, _| {
            out.push_str(separator);
            out.push_str(name);
            separator = ";";
        });
    }

    /// Appends what [`write_names`](Self::write_names) does as the value of a parameter: some characters of names are encoded in URLs.
    pub(super) fn write_encoded_names(&self, out: &mut String) {
        let mut separator = "";
        self.for_each(|name, _| {
            out.push_str(separator);
            encode_into(name, out);
            separator = "%3B";
        });
    }

    /// How many bytes [`write_names`](Self::write_names) appends.
    pub(super) fn names_len(&self) -> usize {
        "host".len() + self.names.iter().map(|name| name.as_str().len() + 1).sum::<usize>()
    }

    /// Hashes the canonical headers, the empty line and the list of names.
    pub(super) fn hash_into(&self, hasher: &mut CanonicalRequest) {
        if self.names.is_empty() {
            for piece in ["host:", self.host, "\n\nhost\n"] {
                hasher.push(piece.as_bytes());
            }
            return;
        }
        self.for_each(|name, values| {
            hasher.push(name.as_bytes());
            hasher.push(b":");
            match values {
                None => hasher.push(self.host.as_bytes()),
                Some(name) => self.hash_values(name, hasher),
            }
            hasher.push(b"\n");
        });
        let mut separator: &[u8] = b"\n";
        self.for_each(|name, _| {
            hasher.push(separator);
            hasher.push(name.as_bytes());
            separator = b";";
        });
        hasher.push(b"\n");
    }

    /// Trimmed, inner runs of spaces made one, several values of one name joined by commas. Bytes, whatever their encoding.
    fn hash_values(&self, name: &HeaderName, hasher: &mut CanonicalRequest) {
        for (index, value) in self.map.get_all(name).iter().enumerate() {
            if index > 0 {
                hasher.push(b",");
            }
            let words = value.as_bytes().split(|byte| *byte == b' ').filter(|word| !word.is_empty());
            for (index, word) in words.enumerate() {
                if index > 0 {
                    hasher.push(b" ");
                }
                hasher.push(word);
            }
        }
    }

    /// Each name in order; `host`, which is not in the map, without the map's name.
    fn for_each(&self, mut act: impl FnMut(&str, Option<&HeaderName>)) {
        let split = self.names.partition_point(|name| name.as_str() < "host");
        for name in &self.names[..split] {
            act(name.as_str(), Some(name));
        }
        act("host", None);
        for name in &self.names[split..] {
            act(name.as_str(), Some(name));
        }
    }
}

fn is_signed(name: &HeaderName) -> bool {
    *name != HOST && !UNSIGNED.contains(&name.as_str())
}
