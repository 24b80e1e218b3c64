//! Signatures are equal, byte for byte, to those of two independent implementations, for any key, query and header.

mod aws;
mod generated;
mod rusty;
