//! The mock kit: what it answers, what it refuses, and what it says where a test goes wrong.

#[allow(dead_code, unreachable_pub, clippy::pedantic, reason = "shared with the tests of the contract")]
#[path = "../contract/call.rs"]
mod call;
mod every_operation;
mod kit;
mod reports;
#[allow(dead_code, unreachable_pub, clippy::pedantic, reason = "shared with the tests of the contract")]
#[path = "../contract/sample.rs"]
mod sample;
