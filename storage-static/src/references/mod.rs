//! References from one static file to another: found by exact lexers, told apart, and rewritten in place.
//!
//! Only the bytes of a reference are ever edited; all others are copied as they are, whatever their encoding. So
//! rewriting without a change returns the same bytes.
//!
//! ```
//! use storage_static::references::{Syntax, Target, rewrite};
//!
//! let source = b"a { background: url('img/cat.png?v=2#top') }";
//! let found = Syntax::of("css/site.css").unwrap().find(source);
//! let reference = &found.references[0];
//! assert_eq!(*reference.text(source), *b"img/cat.png?v=2#top");
//! assert_eq!(
//!     reference.target(source, "css/site.css", "/static/"),
//!     Target::Local { path: "css/img/cat.png".to_owned() }
//! );
//!
//! let edit = reference.rename(source, "cat.0123456789ab.png").unwrap();
//! assert_eq!(rewrite(source, &[edit]), b"a { background: url('img/cat.0123456789ab.png?v=2#top') }");
//! ```

mod address;
pub mod css;
pub mod django;
pub mod js;
mod position;
mod reference;
mod rewrite;
mod source_map;
mod syntax;
mod target;

pub use position::{Position, Positions};
pub use reference::{Found, Kind, Note, NoteKind, Quoting, Reference};
pub use rewrite::{Edit, rewrite};
pub use syntax::Syntax;
pub use target::Target;
