use crate::mock::mock_response::MockResponse;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::SandboxError;
use crate::mock::sandbox::world::World;
use crate::request::response_body::ResponseBody;

/// What carries out an operation.
pub(super) type Handler = fn(&mut World, &SandboxCall) -> Handled;

/// What an operation returns.
pub(super) type Handled = Result<MockResponse, SandboxError>;

/// 200.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn ok(response: impl ResponseBody) -> Handled {
    Ok(MockResponse::new(200, response.content()))
}

/// 201.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn created(response: impl ResponseBody) -> Handled {
    Ok(MockResponse::new(201, response.content()))
}

/// 303.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn see_other(location: String) -> Handled {
    Ok(MockResponse::new(303, ().content()).header("location", location))
}
