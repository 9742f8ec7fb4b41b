//! The stubs of a test and the calls that came.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::mock::expectation::Expectation;
use crate::mock::received::ReceivedRequest;

/// The state of a mock, shared with its server.
#[derive(Clone, Default)]
pub(super) struct SharedState(Arc<Mutex<MockState>>);

#[derive(Default)]
pub(super) struct MockState {
    pub(super) expectations: Vec<Expectation>,
    pub(super) calls: Vec<ReceivedCall>,
}

/// A call, and how it ended.
pub(super) struct ReceivedCall {
    pub(super) request: ReceivedRequest,
    pub(super) result: CallResult,
    pub(super) at: Instant,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CallResult {
    /// The stub of that index matched.
    Matched(usize),
    NoCredentials,
    NotMocked,
}

impl SharedState {
    pub(super) fn lock(&self) -> MutexGuard<'_, MockState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MockState {
    /// Records a call that has arrived.
    pub(super) fn record(&mut self, request: ReceivedRequest, result: CallResult) {
        self.calls.push(ReceivedCall { request, result, at: Instant::now() });
    }

    /// The index of the stub that a call gets its response from.
    pub(super) fn matching(&self, request: &ReceivedRequest) -> Option<usize> {
        let operation = request.operation?;
        self.expectations
            .iter()
            .position(|expectation| expectation.operation == operation && expectation.differences(request).is_empty())
    }
}
