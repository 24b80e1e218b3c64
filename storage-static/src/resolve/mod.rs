//! Static files at run time: from the name that a template has to the URL that a browser asks for.
//!
//! ```
//! use storage_static::resolve::Statics;
//!
//! // In an application: `include_bytes!("../staticfiles.json")`, or `.read(path)`.
//! let manifest = br#"{"paths": {"css/site.css": "css/site.aa676972bbd2.css"}, "version": "1.1"}"#;
//! let statics = Statics::builder().base_url("https://cdn.example.org/static/").parse(manifest)?;
//!
//! assert_eq!(statics.url("css/site.css")?, "https://cdn.example.org/static/css/site.aa676972bbd2.css");
//! assert_eq!(statics.url("css/site.css#top")?, "https://cdn.example.org/static/css/site.aa676972bbd2.css#top");
//! assert_eq!(
//!     statics.url("css/sites.css").unwrap_err().to_string(),
//!     "there is no static file css/sites.css; the nearest are css/site.css"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "askama")]
mod askama;
mod builder;
mod entry;
mod folders;
mod follower;
mod import_map;
mod live;
#[cfg(feature = "minijinja")]
mod minijinja;
mod miss;
mod preload;
mod statics;
mod url;

#[cfg(feature = "askama")]
pub use askama::static_url;
pub use builder::StaticsBuilder;
pub use follower::Follower;
pub use import_map::ImportMap;
pub use live::LiveStatics;
pub use miss::{Miss, UnknownName};
pub use preload::{Destination, Preload};
pub use statics::Statics;
