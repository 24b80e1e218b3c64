//! Static files of a web application: the references between them are found and rewritten.

pub mod references;
