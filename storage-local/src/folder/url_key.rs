use std::io::{Read, Write};

use rustix::io::Errno;
use storage_core::{Error, ErrorKind, Result};

use super::disk::faults::fault;
use super::session::Session;
use super::writing::temp::TempFile;
use crate::random;
use crate::signed_url::SigningKey;

const FILE: &str = "url-key";
const KEY_BYTES: usize = 32;

/// The folder's own signing key, as hexadecimal in a file that only its owner may read. Whoever opens the folder first makes it.
pub(super) fn load_or_create(session: &Session) -> Result<SigningKey> {
    if let Some(key) = load(session)? {
        return Ok(key);
    }
    let mut temp = TempFile::create_secret(session)?;
    let key = random::hex(&random::bytes::<KEY_BYTES>()?);
    temp.file.write_all(key.as_bytes()).and_then(|()| session.sync_file(&temp.file)).map_err(fault)?;
    match temp.move_if_absent(&session.own, FILE) {
        Ok(()) => session.sync(std::slice::from_ref(&session.own))?,
        // Another process was faster: its key holds.
        Err(error) if Errno::from_io_error(&error) == Some(Errno::EXIST) => {}
        Err(error) => return Err(fault(error)),
    }
    load(session)?.ok_or_else(damaged)
}

fn load(session: &Session) -> Result<Option<SigningKey>> {
    let Some((file, _)) = session.own.read(FILE).map_err(fault)? else { return Ok(None) };
    let mut text = Vec::new();
    file.take(4 * KEY_BYTES as u64).read_to_end(&mut text).map_err(fault)?;
    let key = std::str::from_utf8(&text).ok().and_then(|text| random::from_hex::<KEY_BYTES>(text.trim_end()));
    match key {
        Some(key) => Ok(Some(SigningKey::from_bytes(&key))),
        None => Err(damaged()),
    }
}

fn damaged() -> Error {
    Error::new(ErrorKind::Corrupt, format!("`.storage/{FILE}` is not 64 hexadecimal digits"))
        .with_hint("delete the file; a new key is made, and URLs signed with the old one end")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::SystemTime;

    use super::super::tests::session_at;
    use super::*;

    #[test]
    fn the_key_is_made_once_and_is_its_owners_alone() {
        let root = tempfile::tempdir().unwrap();
        let session = session_at(root.path(), SystemTime::now());
        let file = root.path().join(".storage/url-key");
        load_or_create(&session).unwrap();
        let first = std::fs::read(&file).unwrap();
        load_or_create(&session).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), first);
        assert_eq!(first.len(), 64);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(super::super::tests::names_in(&root.path().join(".storage/tmp")), [""; 0]);
    }

    #[test]
    fn a_damaged_key_is_said_and_not_replaced() {
        let root = tempfile::tempdir().unwrap();
        let session = session_at(root.path(), SystemTime::now());
        std::fs::write(root.path().join(".storage/url-key"), "short").unwrap();
        let error = load_or_create(&session).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(!error.to_string().contains("short"));
    }
}
