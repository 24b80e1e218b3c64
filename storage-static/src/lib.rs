//! Static files of a web application: the references between them are found and rewritten.

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
pub mod references;
