use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::execute::response::Response;
use crate::request::endpoint::Endpoint;
use crate::request::response_body::ResponseBody;
use crate::value::conform::Ignored;
use crate::value::conversion_error::ConversionError;

/// What the client makes of the body of a successful response: for tests with responses that were recorded, and for code that
/// takes a [`Response`].
///
/// ```
/// use spkey::mock::read_response;
/// use spkey::operations::GetLockDetails;
///
/// let details = read_response::<GetLockDetails>(br#"{ "lockId": 123, "version": "7", "keys": "none" }"#)?;
/// assert_eq!(details.version, Some(7.into()));
/// assert_eq!(details.ignored(), ["keys"]);
/// # Ok::<(), spkey::ConversionError>(())
/// ```
///
/// # Errors
/// Where a call would fail: the body is no JSON, or lacks what the contract promises, which is named.
pub fn read_response<E: Endpoint>(body: &[u8]) -> Result<Response<E::Response>, ConversionError> {
    let (value, ignored) = E::Response::read(body).map_err(|error| error.to_string())?;
    Ok(Response::new(value, StatusCode::OK, HeaderMap::new(), ignored))
}

/// A successful response with that value, status 200 and no headers: for code that takes a [`Response`].
///
/// ```
/// use spkey::types::CommandResult;
/// use spkey::{Response, mock};
///
/// fn version(response: &Response<CommandResult>) -> String {
///     response.version.map_or("none".to_owned(), |version| version.to_string())
/// }
///
/// let response = mock::response(CommandResult { version: Some(7.into()), ..Default::default() });
/// assert_eq!(version(&response), "7");
/// ```
pub fn response<T: ResponseBody>(value: T) -> Response<T> {
    Response::new(value, StatusCode::OK, HeaderMap::new(), Ignored::default())
}
