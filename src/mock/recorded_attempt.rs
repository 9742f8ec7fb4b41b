use std::fmt;
use std::time::Instant;

use reqwest::header::HeaderMap;

use crate::mock::received::ReceivedRequest;

/// One attempt as it arrived at a [`MockSpKey`](super::MockSpKey), matched by a stub or not: see
/// [`attempts`](super::MockSpKey::attempts).
#[derive(Clone)]
pub struct RecordedAttempt {
    request: ReceivedRequest,
    at: Instant,
}

impl RecordedAttempt {
    pub(super) fn new(request: ReceivedRequest, at: Instant) -> Self {
        Self { request, at }
    }

    /// The id of the operation, if the contract has one there.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.request.operation.map(|operation| operation.id)
    }

    /// When it arrived: a delay of the response comes after.
    #[must_use]
    pub fn at(&self) -> Instant {
        self.at
    }

    /// The method of HTTP.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.request.method
    }

    /// The path with the query, as it was on the wire.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.request.target
    }

    /// The headers, with the credentials.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.request.headers
    }

    /// The body; empty if there was none.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.request.body
    }
}

/// Shows neither headers nor body.
impl fmt::Debug for RecordedAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("RecordedAttempt");
        debug.field("operation", &self.operation()).field("method", &self.method()).field("target", &self.target());
        debug.field("at", &self.at).finish_non_exhaustive()
    }
}
