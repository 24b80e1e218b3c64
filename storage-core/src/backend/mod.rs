//! For those who write a store: what several stores do alike. An application has no use for it.

pub mod calendar;
mod copy;
pub mod encoded_word;
mod inquiry;
mod save_id;

pub use copy::{copy_by_stream, copy_within};
pub use inquiry::Inquiry;
pub use save_id::SaveId;
