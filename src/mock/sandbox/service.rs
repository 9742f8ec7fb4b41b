use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::mock::mock_response::MockResponse;
use crate::mock::received::ReceivedRequest;
use crate::mock::sandbox::faults::{Failure, Faults};
use crate::mock::sandbox::operations::handler;
use crate::mock::sandbox::plate_reader;
use crate::mock::sandbox::sandbox_call::SandboxCall;
use crate::mock::sandbox::sandbox_error::SandboxError;
use crate::mock::sandbox::world::World;
use crate::request::operation::{Auth, Operation};

/// The service, shared with the server.
#[derive(Clone)]
pub(super) struct SharedService(Arc<Mutex<Service>>);

/// The world, and how calls of a test reach it.
pub(super) struct Service {
    pub(super) world: World,
    pub(super) faults: Faults,
}

impl SharedService {
    pub(super) fn new(uri: String) -> Self {
        Self(Arc::new(Mutex::new(Service { world: World::new(uri), faults: Faults::default() })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Service> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Makes a camera read a license plate.
    pub(super) fn read_plate(&mut self, camera_id: &str, plate: &str) -> Result<(), SandboxError> {
        self.world.now = SystemTime::now();
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
        self.world.now = SystemTime::now();
        match self.faults.take(operation.id) {
            Some(Failure::Status(status)) => {
                return MockResponse::error(status, &"The test asked for this failure".into());
            }
            // Nobody reads the response.
            Some(Failure::LoseRequest) => return MockResponse::error(500, &"lost".into()),
            Some(Failure::LoseResponse) | None => {}
        }
        let Some(handler) = handler(operation) else {
            let what = format!("the sandbox does not have {}: stub it with MockSpKey", operation.id);
            return MockResponse::error(501, &what.into());
        };
        let result = SandboxCall::read(operation, received).and_then(|call| handler(&mut self.world, &call));
        result.map_or_else(SandboxError::response, |response| checked(operation, response))
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
