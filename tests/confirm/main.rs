//! Finding out what became of a command: each entry of the contract, tickets, and a storm.

#[path = "../contract/call.rs"]
mod call;
mod case;
mod entries;
#[path = "../contract/sample.rs"]
mod sample;
mod tickets;
mod waiting;
