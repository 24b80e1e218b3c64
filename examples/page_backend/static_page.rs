//! A page whose style sheet, modules and pictures are static files that were collected to a bucket.

use std::error::Error;

use storage_suite::statics::resolve::{ImportMap, Preload, Statics};
use storage_suite::{Settings, Storages};

use crate::variable;

/// The page, for a browser that accepts these encodings.
pub(crate) async fn page(bucket: &str, accept_encoding: &str) -> Result<String, Box<dyn Error>> {
    let settings = Settings::builder()
        .code_only()
        .set("minio.endpoint", variable("ENDPOINT")?.as_str())
        .set("minio.region", variable("REGION")?.as_str())
        .set("minio.access_key", variable("ACCESS_KEY")?.as_str())
        .set("minio.secret_key", variable("SECRET_KEY")?.as_str())
        .set("minio.public_buckets", bucket)
        .set("minio.static_files_bucket", bucket)
        .load()?;
    // An application does this once, at its start.
    let statics = Storages::new(settings)?.statics()?.load().await?;
    html(&statics, accept_encoding)
}

fn html(statics: &Statics, accept_encoding: &str) -> Result<String, Box<dyn Error>> {
    let url = |name| statics.url_accepting(name, accept_encoding);
    let integrity = |name| statics.integrity(name).unwrap_or_default();
    let mut preloads = Vec::new();
    for entry in ["css/site.css", "js/app.js"] {
        preloads.extend(statics.preloads(entry)?.iter().map(Preload::to_html));
    }
    let imports = ImportMap::new(statics).modules("js/*").specifier("greeting", "js/greeting.js")?;
    Ok(format!(
        r#"<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Static files</title>
  <link rel="icon" href="{icon}">
  {preloads}
  {imports}
  <link rel="stylesheet" href="{style}" integrity="{style_integrity}" crossorigin>
  <script type="module" src="{script}" integrity="{script_integrity}" crossorigin></script>
</head>
<body>
  <h1>Static files</h1>
  <div class="card"><ul></ul><div class="picture"></div></div>
</body>
</html>
"#,
        icon = url("img/logo.svg")?,
        preloads = preloads.join("\n  "),
        imports = imports.to_html(),
        style = url("css/site.css")?,
        style_integrity = integrity("css/site.css"),
        script = url("js/app.js")?,
        script_integrity = integrity("js/app.js"),
    ))
}
