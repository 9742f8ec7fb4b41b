//! What requests, responses and events are made of: the structs and enums of the contract, made from it when the crate is
//! built.

#![allow(missing_docs, clippy::all, clippy::pedantic, reason = "generated")]

include!(concat!(env!("OUT_DIR"), "/types.rs"));
