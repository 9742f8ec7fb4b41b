use reqwest::Method;

use crate::request::confirm::Entry;
use crate::request::page_fields::PageFields;
use crate::request::response_body::BodyFormat;
use crate::retry::class::RetryClass;
use crate::value::shape::Shape;

/// One operation of the contract: its name, where it goes, what it takes, and what may be done after a failure.
///
/// ```
/// use spkey::{Operation, RetryClass};
///
/// let operation = Operation::find("set_organization").ok_or("unknown")?;
/// assert_eq!(operation.path, "/locks/{lockId}/SetOrganization");
/// assert_eq!(operation.retry, RetryClass::Idempotent);
/// assert_eq!(operation.inputs[1].name, "org_id");
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
    /// Why the operation is of that class; empty for [`RetryClass::Safe`].
    pub retry_reason: &'static str,
    /// Which credentials it takes.
    pub auth: Auth,
    /// Whether its success is a 303 with a `Location`, and not a 2xx.
    pub redirects: bool,
    /// Whether it moves something physical, a door above all: it waits at most 5 s for a retry.
    pub physical: bool,
    /// How what became of it is found out; none if it only reads.
    pub(crate) confirm: Option<&'static Entry>,
    /// The area of the API that it belongs to, such as `locks`.
    pub area: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// What it takes; parameters of the path come first, in the order of the path.
    pub inputs: &'static [Input],
    /// The JSON of its success; none where that is nothing or a page.
    pub response: Option<&'static Shape>,
    /// What the body of its success is.
    pub(crate) format: BodyFormat,
    /// Whether the request has a body, if only an empty object.
    pub(crate) has_body: bool,
    /// How its list comes in pages, where it does.
    pub(crate) pages: Option<&'static PageFields>,
}

/// Something that an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Input {
    /// The name of the argument or setter.
    pub name: &'static str,
    /// Its name in the path, the query or the body.
    pub wire: &'static str,
    /// Where it goes.
    pub location: InputLocation,
    /// Whether it must be set.
    pub required: bool,
    /// What to pass.
    pub docs: &'static str,
    /// Whether it may be null, which is not the same as not set.
    pub nullable: bool,
    /// Whether it is, or holds, a secret or personal data: no error shows it.
    pub sensitive: bool,
    /// Which JSON it is.
    pub shape: &'static Shape,
}

/// Where an [`Input`] goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InputLocation {
    /// A segment of the path.
    Path,
    /// A pair of the query.
    Query,
    /// A property of the body.
    Body,
    /// A segment of the path that the body repeats.
    PathAndBody,
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

/// The names of the parameters of a path, in its order.
pub(crate) fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}
