use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::mock::mock_response::MockResponse;
use crate::mock::received::ReceivedRequest;
use crate::mock::sandbox::faults::{Failure, Faults};
use crate::mock::sandbox::handler::Handler;
use crate::mock::sandbox::operations::handler;
use crate::mock::sandbox::plate_reader;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::SandboxError;
use crate::mock::sandbox::values::{earlier, later};
use crate::mock::sandbox::world::World;
use crate::request::operation::{Auth, Operation};

/// The service, shared with the server.
#[derive(Clone)]
pub(super) struct SharedService(Arc<Mutex<Service>>);

/// The world, and how calls of a test reach it.
pub(super) struct Service {
    pub(super) world: World,
    pub(super) faults: Faults,
    /// How far the sandbox's clock is ahead.
    ahead: Duration,
    late: Vec<LateCall>,
}

/// A call that acts after its connection broke.
struct LateCall {
    due: SystemTime,
    handler: Handler,
    call: SandboxCall,
}

impl SharedService {
    pub(super) fn new(uri: String) -> Self {
        let (faults, ahead, late) = (Faults::default(), Duration::ZERO, Vec::new());
        Self(Arc::new(Mutex::new(Service { world: World::new(uri), faults, ahead, late })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Service> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Sets the clock forward.
    pub(super) fn advance(&mut self, by: Duration) {
        self.ahead = self.ahead.saturating_add(by);
        self.catch_up();
    }

    /// Makes a camera read a license plate.
    pub(super) fn read_plate(&mut self, camera_id: &str, plate: &str) -> Result<(), SandboxError> {
        self.catch_up();
        plate_reader::read_plate(&mut self.world, camera_id, plate)
    }

    /// Carries out a call.
    pub(super) fn serve(&mut self, operation: &Operation, received: &ReceivedRequest) -> MockResponse {
        if let Some(missing) = received.missing_credentials(operation) {
            return MockResponse::error(401, &missing.into());
        }
        if !self.accepts(operation, received) {
            return MockResponse::error(401, &"Invalid credentials".into());
        }
        self.catch_up();
        let failure = self.faults.take(operation.id);
        match failure {
            Some(Failure::Status(status)) => {
                return MockResponse::error(status, &"The test asked for this failure".into());
            }
            // Nobody reads the response.
            Some(Failure::LoseRequest) => return MockResponse::error(500, &"lost".into()),
            Some(Failure::LoseResponse | Failure::ActLate(_)) | None => {}
        }
        let Some(handler) = handler(operation) else {
            let what = format!("the sandbox does not have {}: stub it with MockSpKey", operation.id);
            return MockResponse::error(501, &what.into());
        };
        let call = match SandboxCall::read(operation, received) {
            Ok(call) => call,
            Err(error) => return error.response(),
        };
        if let Some(Failure::ActLate(delay)) = failure {
            let due = later(self.world.now, delay);
            self.late.push(LateCall { due, handler, call });
            return MockResponse::error(500, &"late".into());
        }
        let result = match self.faults.lag(operation.id) {
            Some(lag) => {
                let mut before = self.world.as_of(earlier(self.world.now, lag));
                handler(&mut before, &call)
            }
            None => handler(&mut self.world, &call),
        };
        result.map_or_else(SandboxError::response, |response| checked(operation, response))
    }

    /// Sets the world's time, after every late call that is due by then.
    fn catch_up(&mut self) {
        let now = later(SystemTime::now(), self.ahead).max(self.world.now);
        let late = std::mem::take(&mut self.late).into_iter();
        let (mut due, later): (Vec<_>, Vec<_>) = late.partition(|late| late.due <= now);
        self.late = later;
        due.sort_by_key(|late| late.due);
        for LateCall { due, handler, call } in due {
            self.world.now = due.max(self.world.now);
            // Nobody reads the response.
            let _ = handler(&mut self.world, &call);
        }
        self.world.now = now;
    }

    /// Whether every credential of a call is one that the sandbox accepts, if the operation needs any.
    fn accepts(&self, operation: &Operation, received: &ReceivedRequest) -> bool {
        let accepted = self.world.credentials.as_ref().filter(|_| operation.auth != Auth::None);
        accepted.is_none_or(|accepted| received.credentials().all(|credential| accepted.contains(credential)))
    }
}

/// A response that is not what the contract says is a bug of the sandbox, and says so.
fn checked(operation: &Operation, response: MockResponse) -> MockResponse {
    match response.check(operation) {
        Ok(()) => response,
        Err(problem) => MockResponse::error(500, &problem.into()),
    }
}
