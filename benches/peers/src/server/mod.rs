//! Servers of the benchmarks' own, each in a process of its own, so that their time is not counted: one that takes whatever is put,
//! and one that lists keys which it makes up.

mod child;
mod connection;
mod lister;
mod sink;

pub(crate) use child::{Kind, Serve, Server};
pub(crate) use lister::KEYS;
