//! `spkey auth check`: who one is, and whether the service accepts it.

pub(crate) mod check;
mod claims;
mod probe;
mod remaining_time;
