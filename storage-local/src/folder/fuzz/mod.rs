//! Fuzz targets of the folder.

pub mod layout;
pub mod records;
