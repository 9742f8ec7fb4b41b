//! The mock kit: what it answers, what it refuses, and what it says where a test goes wrong.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test ends with it")]

#[allow(dead_code, unreachable_pub, reason = "shared with the tests of the contract")]
#[path = "../contract/call.rs"]
mod call;
mod every_operation;
mod kit;
mod reports;
#[allow(dead_code, unreachable_pub, reason = "shared with the tests of the contract")]
#[path = "../contract/sample.rs"]
mod sample;
