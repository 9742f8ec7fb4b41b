//! From a request to an operation of the sandbox, and back.

use std::io;

use wiremock::matchers::any;
use wiremock::{Match, Mock, Request, Respond, ResponseTemplate};

use crate::mock::mock_response::MockResponse;
use crate::mock::received::{ReceivedRequest, fits};
use crate::mock::sandbox::failure::Failure;
use crate::mock::sandbox::operations::handler;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::SandboxError;
use crate::mock::sandbox::world::{SharedWorld, World};
use crate::request::operation::{Auth, Operation};

/// What a server needs to be the sandbox.
pub(super) fn mocks(world: &SharedWorld) -> [Mock; 2] {
    let dropping = Serving(world.clone());
    let dropped = move |request: &Request| {
        dropping.serve(request);
        io::Error::from(io::ErrorKind::ConnectionReset)
    };
    [
        Mock::given(Dropped(world.clone())).respond_with_err(dropped),
        Mock::given(any()).respond_with(Serving(world.clone())),
    ]
}

/// Matches the calls that get no response.
struct Dropped(SharedWorld);

impl Match for Dropped {
    fn matches(&self, request: &Request) -> bool {
        let received = ReceivedRequest::read(request);
        let upcoming = received.operation.and_then(|operation| self.0.lock().failures.upcoming(operation.id));
        matches!(upcoming, Some(Failure::Drop | Failure::LoseResponse))
    }
}

struct Serving(SharedWorld);

impl Respond for Serving {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.serve(request).template(None)
    }
}

impl Serving {
    fn serve(&self, request: &Request) -> MockResponse {
        let received = ReceivedRequest::read(request);
        let Some(operation) = received.operation else { return no_operation(request) };
        if let Some(missing) = received.missing_credentials(operation) {
            return MockResponse::error(401, &missing.into());
        }
        let mut world = self.0.lock();
        if !is_accepted(&world, operation, &received) {
            return MockResponse::error(401, &"Invalid credentials".into());
        }
        match world.failures.take(operation.id) {
            Some(Failure::Status(status)) => {
                return MockResponse::error(status, &"The test asked for this failure".into());
            }
            // Nobody reads the response.
            Some(Failure::Drop) => return MockResponse::error(500, &"dropped".into()),
            Some(Failure::LoseResponse) | None => {}
        }
        let Some(handler) = handler(operation) else {
            let what = format!("the sandbox does not have {}: stub it with MockSpKey", operation.id);
            return MockResponse::error(501, &what.into());
        };
        let result = SandboxCall::read(operation, &received).and_then(|call| handler(&mut world, &call));
        result.map_or_else(SandboxError::response, |response| checked(operation, response))
    }
}

/// Whether every credential of a call is one that the sandbox accepts, if the operation needs any.
fn is_accepted(world: &World, operation: &Operation, received: &ReceivedRequest) -> bool {
    let Some(accepted) = world.credentials.as_ref().filter(|_| operation.auth != Auth::None) else { return true };
    received.credentials().all(|credential| accepted.contains(credential))
}

/// A response that is not what the contract says is a bug of the sandbox, and says so.
fn checked(operation: &Operation, response: MockResponse) -> MockResponse {
    match response.check(operation) {
        Ok(()) => response,
        Err(problem) => MockResponse::error(500, &problem.into()),
    }
}

fn no_operation(request: &Request) -> MockResponse {
    let others = Operation::all().iter().filter(|operation| fits(operation, request.url.path()));
    let allowed: Vec<_> = others.map(|operation| operation.method.as_str()).collect();
    if allowed.is_empty() {
        return MockResponse::error(404, &"the contract has no such path".into());
    }
    MockResponse::error(405, &"the contract has no such method here".into()).header("allow", allowed.join(", "))
}
