//! A command for each operation of the contract, from the table of operations: there is no code for any single one.

pub(crate) mod argument;
pub(crate) mod call;
pub(crate) mod list;
pub(crate) mod names;
pub(crate) mod tree;
pub(crate) mod values;
