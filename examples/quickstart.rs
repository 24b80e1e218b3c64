//! Stores a file and prints its key and URL: `cargo run --example quickstart -- cat.jpg`.
#![allow(clippy::print_stdout, reason = "an example tells what it did")]

use std::path::Path;

use storage_suite::{Settings, Storages};

#[tokio::main(flavor = "current_thread")]
async fn main() -> storage_suite::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "README.md".to_owned());
    let name = Path::new(&path).file_name().unwrap_or_default().to_string_lossy();

    // No settings: a folder. MINIO_… in the environment: a real server. Nothing else changes.
    let storages = Storages::new(Settings::load()?)?;
    let media = storages.media();

    let saved = media.save(name, tokio::fs::File::open(&path).await?).await?;
    println!("{} {}", saved.key, media.url(&saved.key)?);
    Ok(())
}
