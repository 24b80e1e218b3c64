use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// An application that does with its client what all of them do: store one object and read it back.
pub(super) struct Application {
    pub(super) name: &'static str,
    /// The package whose version is told.
    pub(super) package: &'static str,
    /// Lines below `[dependencies]`; `ROOT` stands for the folder of our workspace.
    dependencies: &'static str,
    /// The body of `main`, which is async.
    body: &'static str,
}

/// Ours come first.
pub(super) const APPLICATIONS: &[Application] = &[
    Application {
        name: "storage-core + storage-minio",
        package: "storage-minio",
        dependencies: r#"
storage-core = { path = "ROOT/storage-core" }
storage-minio = { path = "ROOT/storage-minio" }
"#,
        body: r#"
    let storage = storage_minio::MinioStorage::builder()
        .endpoint("http://127.0.0.1:9000")
        .credentials("key", "secret")
        .bucket("bucket")
        .build()?;
    let bucket = storage_core::Bucket::new(std::sync::Arc::new(storage));
    let saved = bucket.save("key", "content").await?;
    println!("{}", bucket.open(&saved.key).await?.bytes().await?.len());
"#,
    },
    Application {
        name: "storage-suite",
        package: "storage-suite",
        dependencies: r#"
storage-suite = { path = "ROOT" }
"#,
        body: r#"
    let storages = storage_suite::Storages::new(storage_suite::Settings::load()?)?;
    let saved = storages.media().save("key", "content").await?;
    println!("{}", storages.media().open(&saved.key).await?.bytes().await?.len());
"#,
    },
    Application {
        name: "aws-sdk-s3 + aws-config",
        package: "aws-sdk-s3",
        dependencies: r#"
aws-config = "1"
aws-sdk-s3 = "1"
"#,
        body: r#"
    let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let client = aws_sdk_s3::Client::new(&config);
    let body = aws_sdk_s3::primitives::ByteStream::from_static(b"content");
    client.put_object().bucket("bucket").key("key").body(body).send().await?;
    let object = client.get_object().bucket("bucket").key("key").send().await?;
    println!("{}", object.body.collect().await?.into_bytes().len());
"#,
    },
    Application {
        name: "opendal, services-s3",
        package: "opendal",
        dependencies: r#"
opendal = { version = "0.59", features = ["services-s3"] }
"#,
        body: r#"
    let service = opendal::services::S3::default().bucket("bucket").endpoint("http://127.0.0.1:9000");
    let operator = opendal::Operator::new(service)?;
    operator.write("key", "content").await?;
    println!("{}", operator.read("key").await?.len());
"#,
    },
    Application {
        name: "object_store, aws",
        package: "object_store",
        dependencies: r#"
object_store = { version = "0.14", features = ["aws"] }
"#,
        body: r#"
    use object_store::ObjectStoreExt;
    let store = object_store::aws::AmazonS3Builder::from_env().with_bucket_name("bucket").build()?;
    let path = object_store::path::Path::from("key");
    store.put(&path, "content".into()).await?;
    println!("{}", store.get(&path).await?.bytes().await?.len());
"#,
    },
];

impl Application {
    pub(super) fn folder(&self) -> String {
        self.name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
    }

    /// Writes the package. It is a workspace of its own, wherever it lies.
    pub(super) fn write_into(&self, folder: &Path) -> Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let root = root.to_str().context("the workspace lies in a folder whose name is no UTF-8")?;
        let mut manifest = String::from(
            "[workspace]\n\n[package]\nname = \"application\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             tokio = { version = \"1.47\", features = [\"macros\", \"rt-multi-thread\"] }",
        );
        let _ = write!(manifest, "{}", self.dependencies.replace("ROOT", root));
        let source = format!(
            "#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {{{}    Ok(())\n}}\n",
            self.body
        );
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src").join("main.rs"), source)?;
        Ok(())
    }
}
