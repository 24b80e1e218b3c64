//! The files that there are: found in folders, of which the first that has a path wins.
//!
//! ```
//! use storage_static::find::{Ignore, Source, find};
//!
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("site.css"), "a{}")?;
//! # std::fs::write(folder.path().join("site.css~"), "a{")?;
//! let tree = find(&[Source::new(folder.path()).under("css")], &Ignore::default());
//! assert!(tree.faults.is_empty());
//! assert_eq!(tree.files[0].path, "css/site.css");
//! assert_eq!(tree.files.len(), 1);
//! # Ok::<(), std::io::Error>(())
//! ```

mod bundled;
mod fault;
mod ignore;
mod shadowed;
mod source;
mod stamp;
mod tree;
mod walk;

pub use bundled::Bundled;
pub use fault::FindFault;
pub use ignore::Ignore;
pub use shadowed::{Shadowed, Shadowing};
pub use source::Source;
pub use stamp::Stamp;
pub use tree::{SourceFile, Tree, find};

pub(crate) use bundled::vite;
pub(crate) use walk::is_storable;
