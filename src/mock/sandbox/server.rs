//! From a request to the service, and back.

use std::io;

use wiremock::matchers::any;
use wiremock::{Match, Mock, Request, Respond, ResponseTemplate};

use crate::mock::mock_response::MockResponse;
use crate::mock::received::{ReceivedRequest, fits};
use crate::mock::sandbox::faults::Failure;
use crate::mock::sandbox::service::SharedService;
use crate::request::operation::Operation;

/// What a server needs to be the sandbox.
pub(super) fn mocks(service: &SharedService) -> [Mock; 2] {
    let dropping = Serving(service.clone());
    let dropped = move |request: &Request| {
        dropping.serve(request);
        io::Error::from(io::ErrorKind::ConnectionReset)
    };
    [
        Mock::given(Dropped(service.clone())).respond_with_err(dropped),
        Mock::given(any()).respond_with(Serving(service.clone())),
    ]
}

/// Matches the calls that get no response.
struct Dropped(SharedService);

impl Match for Dropped {
    fn matches(&self, request: &Request) -> bool {
        let received = ReceivedRequest::read(request);
        let upcoming = received.operation.and_then(|operation| self.0.lock().faults.upcoming(operation.id));
        matches!(upcoming, Some(Failure::LoseRequest | Failure::LoseResponse | Failure::ActLate(_)))
    }
}

struct Serving(SharedService);

impl Respond for Serving {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.serve(request).template(None)
    }
}

impl Serving {
    fn serve(&self, request: &Request) -> MockResponse {
        let received = ReceivedRequest::read(request);
        match received.operation {
            Some(operation) => self.0.lock().serve(operation, &received),
            None => no_operation(request),
        }
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
