//! Dates and times of day in UTC, written and read as
//! [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339) has them.

mod days;
mod parse;
mod utc_time;

pub use parse::parse_rfc3339;
pub use utc_time::UtcTime;
