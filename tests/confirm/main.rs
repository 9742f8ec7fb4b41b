//! Finding out what became of a command: each entry of the contract, tickets, and a storm.

#[path = "../contract/call.rs"]
mod call;
mod case;
mod commands;
mod entries;
mod proxy;
#[path = "../contract/sample.rs"]
mod sample;
mod storm;
mod table;
mod tickets;
mod waiting;
