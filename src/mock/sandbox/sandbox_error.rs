use crate::error::api_error::{ApiError, ApiErrorDetail};
use crate::mock::mock_response::MockResponse;

/// Why the sandbox rejects a call.
pub(super) struct SandboxError {
    status: u16,
    error: ApiError,
    retry_after: Option<u64>,
}

impl SandboxError {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, error: ApiError::from(message.into()), retry_after: None }
    }

    /// The same, with what is wrong field by field.
    pub(super) fn with_details(mut self, details: Vec<ApiErrorDetail>) -> Self {
        self.error.details = details;
        self
    }

    pub(super) fn response(self) -> MockResponse {
        let response = MockResponse::error(self.status, &self.error);
        match self.retry_after {
            Some(seconds) => response.header("retry-after", seconds.to_string()),
            None => response,
        }
    }
}

pub(super) fn bad_request(message: impl Into<String>) -> SandboxError {
    SandboxError::new(400, message)
}

pub(super) fn unauthorized(message: impl Into<String>) -> SandboxError {
    SandboxError::new(401, message)
}

pub(super) fn forbidden(message: impl Into<String>) -> SandboxError {
    SandboxError::new(403, message)
}

pub(super) fn not_found(what: &str) -> SandboxError {
    SandboxError::new(404, format!("{what} not found"))
}

pub(super) fn conflict(message: impl Into<String>) -> SandboxError {
    SandboxError::new(409, message)
}

/// A rule of the service forbids it.
pub(super) fn unprocessable(message: impl Into<String>) -> SandboxError {
    SandboxError::new(422, message)
}

pub(super) fn too_many_requests(message: impl Into<String>, retry_after_seconds: u64) -> SandboxError {
    SandboxError { retry_after: Some(retry_after_seconds), ..SandboxError::new(429, message) }
}

/// The device of a lock, or a hub, cannot be reached.
pub(super) fn unreachable() -> SandboxError {
    SandboxError::new(502, "Failed to update device shadow")
}
