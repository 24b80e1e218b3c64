use std::path::{Path, PathBuf};

use anyhow::Result;
use bytes::Bytes;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::storing::Store;

/// How much is read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// What one would write without a library.
struct Plain {
    temporary: PathBuf,
    objects: PathBuf,
    is_durable: bool,
}

pub(super) fn store(folder: &Path, is_durable: bool) -> Result<impl Store> {
    let [temporary, objects] = ["tmp", "objects"].map(|name| folder.join(name));
    std::fs::create_dir_all(&temporary)?;
    std::fs::create_dir_all(&objects)?;
    Ok(Plain { temporary, objects, is_durable })
}

impl Store for Plain {
    async fn save(&self, name: String, content: Bytes) -> Result<()> {
        let temporary = self.temporary.join(&name);
        let mut file = File::create(&temporary).await?;
        file.write_all(&content).await?;
        match self.is_durable {
            true => file.sync_all().await?,
            false => file.flush().await?,
        }
        fs::rename(&temporary, self.objects.join(&name)).await?;
        if self.is_durable {
            File::open(&self.objects).await?.sync_all().await?;
        }
        Ok(())
    }

    async fn read(&self, name: String) -> Result<usize> {
        let mut file = File::open(self.objects.join(name)).await?;
        let mut buffer = vec![0; BUFFER_BYTES];
        let mut length = 0;
        loop {
            match file.read(&mut buffer).await? {
                0 => return Ok(length),
                count => length += count,
            }
        }
    }
}
