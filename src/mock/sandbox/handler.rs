use serde_json::Value;

use crate::mock::mock_response::MockResponse;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::SandboxError;
use crate::mock::sandbox::world::World;
use crate::request::response_body::MockContent;

/// What carries out an operation.
pub(super) type Handler = fn(&mut World, &SandboxCall) -> Handled;

/// What an operation returns.
pub(super) type Handled = Result<MockResponse, SandboxError>;

/// 200.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn ok(body: Value) -> Handled {
    Ok(MockResponse::new(200, MockContent::Json(body)))
}

/// 201.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn created(body: Value) -> Handled {
    Ok(MockResponse::new(201, MockContent::Json(body)))
}

/// 200 with a page.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn page(html: String) -> Handled {
    Ok(MockResponse::new(200, MockContent::Html(html)))
}

/// 200 without a body.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn empty() -> Handled {
    Ok(MockResponse::new(200, MockContent::Empty))
}

/// 303.
#[allow(clippy::unnecessary_wraps, reason = "operations end with it")]
pub(super) fn see_other(location: String) -> Handled {
    Ok(MockResponse::new(303, MockContent::Empty).header("location", location))
}
