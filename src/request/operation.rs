use reqwest::Method;

use crate::RetryClass;

/// One operation of the contract: what it is called, where it goes, and what may be done after a failure.
///
/// ```
/// use spkey::{Operation, RetryClass};
///
/// let operation = Operation::find("set_organization").ok_or("unknown")?;
/// assert_eq!(operation.path, "/locks/{lockId}/SetOrganization");
/// assert_eq!(operation.retry, RetryClass::Repeatable);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The name of its method on [`Client`](crate::Client).
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// What may be done after an attempt that failed.
    pub retry: RetryClass,
    /// Which credentials it takes.
    pub auth: Auth,
    /// Whether its success is a 303, with a `Location`, and not a 2xx.
    pub redirects: bool,
}

/// Which credentials an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Auth {
    /// A bearer token, an API key, or both.
    Caller,
    /// The admin key and an admin's bearer token.
    Admin,
    /// None, and none is sent.
    None,
}

impl Operation {
    /// Every operation of the contract, in its order.
    pub fn all() -> &'static [&'static Self] {
        &ALL
    }

    /// The operation of that id.
    pub fn find(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|operation| operation.id == id).copied()
    }
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
