//! From a request to the stub that matches it, and back.

use std::io;

use wiremock::matchers::any;
use wiremock::{Match, Mock, Request, Respond, ResponseTemplate};

use crate::mock::expectation::Planned;
use crate::mock::mock_response::MockResponse;
use crate::mock::received::ReceivedRequest;
use crate::mock::report;
use crate::mock::state::{CallResult, SharedState};

/// The status for a call that no stub matches: none that the service returns, nor one that this crate retries.
const NOT_MOCKED: u16 = 501;

/// What a server needs to respond as the stubs say.
pub(super) fn mocks(state: &SharedState) -> [Mock; 3] {
    let responding = Matching { state: state.clone(), drops: false };
    let dropping = Matching { state: state.clone(), drops: true };
    let dropped = Responding(state.clone());
    let reset = move |request: &Request| {
        dropped.record(request);
        io::Error::from(io::ErrorKind::ConnectionReset)
    };
    [
        Mock::given(responding).respond_with(Responding(state.clone())),
        Mock::given(dropping).respond_with_err(reset),
        // After whatever a test mounts by itself.
        Mock::given(any()).respond_with(NotMocked(state.clone())).with_priority(u8::MAX),
    ]
}

/// Matches the calls that a stub responds to, or those whose connection it drops.
struct Matching {
    state: SharedState,
    drops: bool,
}

impl Match for Matching {
    fn matches(&self, request: &Request) -> bool {
        let received = ReceivedRequest::read(request);
        let state = self.state.lock();
        let Some(index) = state.matching(&received) else { return false };
        let expectation = &state.expectations[index];
        let rejected = received.missing_credentials(expectation.operation).is_some();
        let drops = !rejected && expectation.upcoming().response.is_none();
        drops == self.drops
    }
}

struct Responding(SharedState);

impl Responding {
    /// Records the call and returns its response, if it gets one.
    fn record(&self, request: &Request) -> Option<ResponseTemplate> {
        let received = ReceivedRequest::read(request);
        let mut state = self.0.lock();
        let index = state.matching(&received)?;
        let expectation = &mut state.expectations[index];
        let (result, template) = if let Some(missing) = received.missing_credentials(expectation.operation) {
            (CallResult::NoCredentials, Some(MockResponse::error(401, &missing.into()).template(None)))
        } else {
            let Planned { response, delay } = expectation.upcoming();
            expectation.calls += 1;
            (CallResult::Matched(index), response.map(|response| response.template(delay)))
        };
        state.record(received, result);
        template
    }
}

impl Respond for Responding {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.record(request).unwrap_or_else(|| ResponseTemplate::new(NOT_MOCKED))
    }
}

struct NotMocked(SharedState);

impl Respond for NotMocked {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let received = ReceivedRequest::read(request);
        let mut state = self.0.lock();
        let missing = received.operation.and_then(|operation| received.missing_credentials(operation));
        let (result, response) = if let Some(missing) = missing {
            (CallResult::NoCredentials, MockResponse::error(401, &missing.into()))
        } else {
            let what = report::not_mocked(&state, &received);
            (CallResult::NotMocked, MockResponse::error(NOT_MOCKED, &what.into()))
        };
        state.record(received, result);
        response.template(None)
    }
}
