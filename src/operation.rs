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

    /// Whether a path on the wire is still one of this operation: as many segments, the fixed ones as they are, the others
    /// neither empty nor able to be read as more than one.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let mut segments = path.split('/');
        let fits = self.path.split('/').all(|expected| {
            segments.next().is_some_and(|segment| {
                if expected.starts_with('{') { stays_in_place(segment) } else { segment == expected }
            })
        });
        fits && segments.next().is_none()
    }
}

/// A server may decode a segment before it routes: an encoded slash, backslash or dot would then move it.
fn stays_in_place(segment: &str) -> bool {
    let decoded = segment.replace("%2e", ".").replace("%2E", ".");
    let slashes = ["%2f", "%2F", "%5c", "%5C", "\\"];
    !matches!(decoded.as_str(), "" | "." | "..") && !slashes.iter().any(|slash| segment.contains(slash))
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_cannot_leave_its_place() {
        let fits = |path: &str| SET_ORGANIZATION.matches(path);
        assert!(fits("/locks/123/SetOrganization"));
        assert!(fits("/locks/a%20b/SetOrganization"));
        for path in
            ["/locks//SetOrganization", "/locks/SetOrganization", "/locks/1/2/SetOrganization", "/SetOrganization"]
        {
            assert!(!fits(path), "{path}");
        }
        for value in [".", "..", "%2e", "%2E%2e", ".%2E", "1%2F2", "1%2f2", "1%5C2", "1\\2"] {
            assert!(!fits(&format!("/locks/{value}/SetOrganization")), "{value}");
        }
        assert!(!fits("/users/123/SetOrganization"));
        assert!(!fits("/locks/123/SetOrganization/more"));
    }
}
