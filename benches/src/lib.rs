//! What the benches share: the clients that are compared, and the server that they call.

#![allow(
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "for programs that measure, which end on a panic"
)]

pub mod clients;
pub mod server;
