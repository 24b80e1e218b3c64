//! Servers of the benchmarks' own, each in a process of its own, so that their time is not counted: one that takes whatever is put,
//! one that lists keys which it makes up, and a way to another server on which everything takes its time.

mod child;
mod connection;
mod distance;
mod lister;
mod sink;

pub(crate) use child::{Kind, Serve, Server};
pub(crate) use distance::ROUND_TRIP;
pub(crate) use lister::KEYS;
