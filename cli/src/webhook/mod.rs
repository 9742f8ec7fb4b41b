//! `spkey webhook`: receives deliveries, and sends them.

pub(crate) mod delivery_line;
pub(crate) mod fixture;
pub(crate) mod listen;
pub(crate) mod options;
mod receiver;
mod secrets;
pub(crate) mod send;
