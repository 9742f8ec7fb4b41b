use std::any::TypeId;
use std::fmt;
use std::ops::{Deref, DerefMut};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::error::response_headers::request_id;
use crate::value::conform::Ignored;

/// A successful response: the value, by `Deref` or [`into_inner`](Self::into_inner), with its status and headers.
///
/// ```no_run
/// # async fn example(spkey: &spkey::Client) -> Result<(), spkey::Error> {
/// let response = spkey.create_lock(123).index(123).uuid("a-uuid").send().await?;
/// if response.status() == 201 {
///     println!("created, at version {:?}", response.version);
/// }
/// let result: spkey::types::CommandResult = response.into_inner();
/// # drop(result);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    ignored: Ignored,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, status: StatusCode, headers: HeaderMap, ignored: Ignored) -> Self {
        Self { value, status, headers, ignored }
    }

    /// The status: 200 and 201 are both successes of some operations, and tell "was there already" from "created".
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id by which the service's operators find the request: its `x-request-id` or `cf-ray`.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The paths of what is in the response, is not null and could not be understood, such as `keys[3].lockId`: it reads as
    /// missing. Elements of lists that are null are passed over and named here too. At most the first 100; empty as long as
    /// the service keeps to its contract. An entry of a map is named `*`.
    ///
    /// ```no_run
    /// # async fn example(spkey: &spkey::Client) -> Result<(), spkey::Error> {
    /// let details = spkey.get_lock_details(123).send().await?;
    /// if !details.ignored().is_empty() {
    ///     eprintln!("the service has changed: {:?} could not be read", details.ignored());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn ignored(&self) -> &[String] {
        self.ignored.paths()
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// Shows the value, unless it is a page: that may open a door.
impl<T: fmt::Debug + 'static> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Response");
        debug.field("status", &self.status);
        if TypeId::of::<T>() != TypeId::of::<String>() {
            debug.field("value", &self.value);
        }
        debug.finish_non_exhaustive()
    }
}
