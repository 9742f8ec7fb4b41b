//! How a response is printed: for people, or as JSON for scripts; without secrets unless they are asked for.

pub(crate) mod cell;
pub(crate) mod elements;
pub(crate) mod hide;
pub(crate) mod people;
pub(crate) mod printer;
pub(crate) mod table;
pub(crate) mod time;
