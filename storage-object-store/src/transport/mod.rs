//! What requests of `object_store` are sent with: HTTP/1.1 by `hyper`, TLS by `rustls` with `ring`. It knows better than
//! `object_store` in four places: it counts how often a request was sent, puts a condition on the completion of an upload in parts,
//! makes header values readable that are not ASCII, and keeps a key that no path can hold from breaking a listing.

mod connector;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod limited_body;
mod listing;
mod service;
mod tls;
mod uploads;
mod xml;

pub(crate) use connector::Connector;
