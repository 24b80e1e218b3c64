//! This test program, started again as another process of the same application.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use storage_core::options::PutMode;
use storage_core::{Body, ErrorKind, PutOptions, Storage};

use crate::{key, open};

const ROOT: &str = "STORAGE_LOCAL_TEST_ROOT";
const ROLE: &str = "STORAGE_LOCAL_TEST_ROLE";

/// Starts `role` on the folder as a process of its own.
pub(crate) fn start(role: &str, root: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["children::child", "--exact", "--include-ignored"])
        .env(ROOT, root)
        .env(ROLE, role)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a child does; without a role, in the ordinary run, it is nothing.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by other tests as a process of its own"]
#[allow(clippy::disallowed_methods, reason = "the test's own variables")]
async fn child() {
    let (Ok(root), Ok(role)) = (std::env::var(ROOT), std::env::var(ROLE)) else { return };
    let storage = open(Path::new(&root));
    match &*role {
        "overwrite" => {
            for n in 0_u32.. {
                let content = format!("{n:08}").repeat(20_000);
                let options = PutOptions::new().metadata("n", format!("{n:08}"));
                storage
                    .put(&key(format!("dir/{}", n % 3)), content.clone().into(), options.clone())
                    .await
                    .unwrap();
                storage.put(&key(format!("dir/{}/below", n % 3)), content.into(), options).await.unwrap();
                storage.delete(&key(format!("dir/{}/below", (n + 1) % 3))).await.unwrap();
            }
        }
        name => {
            // Both begin at once.
            while !Path::new(&root).join(".storage/go").exists() {
                std::thread::sleep(Duration::from_millis(1));
            }
            for n in 0..1_000 {
                let options = PutOptions::new().mode(PutMode::Create).metadata("by", name);
                let stored = storage.put(&key(format!("race/{n}")), Body::from(name), options).await;
                match stored {
                    Ok(_) => {
                        let won = PutOptions::new().mode(PutMode::Create);
                        storage.put(&key(format!("won/{name}/{n}")), "".into(), won).await.unwrap();
                    }
                    Err(error) => assert_eq!(error.kind(), ErrorKind::AlreadyExists),
                }
            }
        }
    }
}
