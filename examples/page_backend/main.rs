//! The application behind a page whose visitors upload and download directly, without its HTTP: a line of JSON asks, a line answers.
//! `cargo xtask browser` drives it, and a real browser with what it gives out. The server is that of the variables `STORAGE_TEST_…`.
#![allow(clippy::disallowed_methods, reason = "a development tool that is configured by the environment")]

mod asked;
mod options;
mod static_page;

use std::io::{BufRead, Write};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use storage_suite::storage_core::clock::Clock;
use storage_suite::storage_core::url::FormKey;
use storage_suite::{Bucket, Error, ErrorKind, MinioStorage, ObjectKey, Result, SaveOptions};

use asked::Asked;

const BUCKET: &str = "browser";

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let builder = MinioStorage::builder()
        .endpoint(variable("ENDPOINT")?)
        .region(variable("REGION")?)
        .credentials(variable("ACCESS_KEY")?, variable("SECRET_KEY")?)
        .bucket(BUCKET);
    builder.clone().build()?.create_bucket().await?;
    for line in std::io::stdin().lock().lines() {
        let asked: Asked = serde_json::from_str(&line?)?;
        // As it would have signed so many seconds ago.
        let now = SystemTime::now() - Duration::from_secs(asked.age());
        let storage = builder.clone().clock(Clock::fixed(now)).build()?;
        let answer = match answer(&Bucket::new(Arc::new(storage)), asked).await {
            Ok(answer) => answer,
            Err(error) => json!({ "error": error.to_string() }),
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// One of those that say where the server is.
fn variable(name: &str) -> std::result::Result<String, std::env::VarError> {
    std::env::var(format!("STORAGE_TEST_{name}"))
}

async fn answer(bucket: &Bucket, asked: Asked) -> Result<Value> {
    let (media, uploads) = (bucket.prefixed("media")?, bucket.prefixed("uploads")?);
    Ok(match asked {
        Asked::Save { name, file, inline, cache_control } => {
            let mut options = SaveOptions::new();
            if inline {
                options = options.inline();
            }
            if let Some(value) = cache_control {
                options = options.cache_control(value);
            }
            let content = tokio::fs::File::open(file).await?;
            json!({ "key": media.save_with(name, content, options).await?.key })
        }
        Asked::Url { key, options } => json!({ "url": media.url_with(key, options.url()?)? }),
        Asked::UploadUrl { options } => {
            let key = ObjectKey::random()?;
            json!({ "upload": uploads.upload_url(&key, options.upload()?)?, "key": key })
        }
        Asked::UploadForm { below, options } => {
            let key = ObjectKey::random()?;
            let at = if below { FormKey::Below(key.clone()) } else { FormKey::Exact(key.clone()) };
            let form = uploads.upload_form(&at, options.form())?;
            json!({ "html": form.to_html(), "form": form, "key": key })
        }
        Asked::StaticPage { bucket, accept_encoding } => {
            let page = static_page::page(&bucket, &accept_encoding).await;
            json!({ "html": page.map_err(|error| Error::invalid_input(error.to_string()))? })
        }
        Asked::Uploaded { key } => match uploads.stat(&key).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Value::Null,
            Err(error) => return Err(error),
            Ok(meta) => {
                json!({ "size": meta.size, "contentType": meta.content_type, "metadata": meta.attributes.metadata })
            }
        },
        Asked::Accept { key, name, options } => {
            let outcome = media.accept(&uploads, key, name, options.accept()).await?;
            match outcome.into_saved() {
                Ok(saved) => json!({ "key": saved.key }),
                Err(error) => {
                    json!({ "rejected": std::error::Error::source(&error).map(ToString::to_string) })
                }
            }
        }
    })
}
