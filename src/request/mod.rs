pub(crate) mod input;
pub(crate) mod operation;
pub(crate) mod parts;
