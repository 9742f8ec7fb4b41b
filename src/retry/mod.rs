//! Whether, when and how often a call is retried.
//!
//! Every attempt that fails is [classified](classify): what does it prove about the command? From that, the operation's
//! [retry class](class), the [policy] and the [budget], a [pure function](decide) makes the decision, and one [loop](retry_loop)
//! carries it out. Nothing here knows what an error or a request looks like.

pub(crate) mod budget;
pub(crate) mod class;
pub(crate) mod classify;
pub(crate) mod decide;
pub(crate) mod outcome;
pub(crate) mod policy;
pub(crate) mod retry_after;
pub(crate) mod retry_loop;
