//! The server from outside, over HTTP.

#![allow(clippy::expect_used, reason = "test code")]

mod access;
mod doors;
mod faults;
mod listing;
mod multipart;
mod objects;
mod support;
