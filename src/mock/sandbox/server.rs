//! From a request to an operation of the sandbox, and back.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use wiremock::matchers::any;
use wiremock::{Match, Mock, Request, Respond, ResponseTemplate};

use super::call::{Call, Outcome};
use super::world::{Failures, World};
use super::{Failure, admin, devices, grants, keys, lock_reads, lock_temp_keys, locks, residents, temp_key_pages};
use super::{temp_keys, users, wallet};
use crate::mock::received::Received;
use crate::mock::reply::Reply;
use crate::{Auth, Operation};

pub(super) type Handler = fn(&mut World, &Call) -> Outcome;

const AREAS: [&[(&str, Handler)]; 12] = [
    admin::OPERATIONS,
    devices::OPERATIONS,
    grants::OPERATIONS,
    keys::OPERATIONS,
    lock_reads::OPERATIONS,
    lock_temp_keys::OPERATIONS,
    locks::OPERATIONS,
    residents::OPERATIONS,
    temp_key_pages::OPERATIONS,
    temp_keys::OPERATIONS,
    users::OPERATIONS,
    wallet::OPERATIONS,
];

pub(super) fn handler(operation: &Operation) -> Option<Handler> {
    AREAS.iter().flat_map(|area| *area).find(|(id, _)| *id == operation.id).map(|(_, handler)| *handler)
}

/// What a server needs to be the sandbox.
pub(super) fn mocks(world: &Arc<Mutex<World>>) -> [Mock; 2] {
    let dropping = Serving(Arc::clone(world));
    let dropped = move |request: &Request| {
        dropping.serve(request);
        io::Error::from(io::ErrorKind::ConnectionReset)
    };
    [
        Mock::given(Dropped(Arc::clone(world))).respond_with_err(dropped),
        Mock::given(any()).respond_with(Serving(Arc::clone(world))),
    ]
}

/// Fits the calls that get no answer.
struct Dropped(Arc<Mutex<World>>);

impl Match for Dropped {
    fn matches(&self, request: &Request) -> bool {
        let received = Received::read(request);
        let world = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let upcoming = received.operation.and_then(|operation| world.failures.upcoming(operation.id));
        matches!(upcoming, Some(Failure::Drop | Failure::LoseAnswer))
    }
}

struct Serving(Arc<Mutex<World>>);

impl Respond for Serving {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.serve(request).template(None)
    }
}

impl Serving {
    fn serve(&self, request: &Request) -> Reply {
        let received = Received::read(request);
        let Some(operation) = received.operation else { return no_operation(request) };
        if let Some(lacking) = received.lacks_credentials(operation) {
            return Reply::error(401, &lacking.into());
        }
        let mut world = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !world.knows(operation, &received) {
            return Reply::error(401, &"Invalid credentials".into());
        }
        match world.failures.take(operation.id) {
            Some(Failure::Status(status)) => {
                return Reply::error(status, &"The sandbox was told to fail".into());
            }
            // There is nobody to read the answer.
            Some(Failure::Drop) => return Reply::error(500, &"dropped".into()),
            Some(Failure::LoseAnswer) | None => {}
        }
        let Some(handler) = handler(operation) else {
            let what = format!("the sandbox does not have {}: mock it by MockSpKey", operation.id);
            return Reply::error(501, &what.into());
        };
        let call = Call::read(operation, &received).map_err(super::call::Refusal::reply);
        let reply = call.and_then(|call| handler(&mut world, &call).map_err(super::call::Refusal::reply));
        reply.map_or_else(|refusal| refusal, |reply| checked(operation, reply))
    }
}

/// An answer that is not what the contract says is a fault of the sandbox, and said to be one.
fn checked(operation: &Operation, reply: Reply) -> Reply {
    match reply.check(operation) {
        Ok(()) => reply,
        Err(fault) => Reply::error(500, &fault.into()),
    }
}

fn no_operation(request: &Request) -> Reply {
    let others = Operation::all().iter().filter(|operation| crate::mock::received::fits(operation, request.url.path()));
    let allowed: Vec<_> = others.map(|operation| operation.method.as_str()).collect();
    if allowed.is_empty() {
        return Reply::error(404, &"the contract has no such path".into());
    }
    Reply::error(405, &"the contract has no such method here".into()).header("allow", allowed.join(", "))
}

impl World {
    /// Whether every credential of a call is good, where it needs any.
    fn knows(&self, operation: &Operation, received: &Received) -> bool {
        let Some(known) = self.credentials.as_ref().filter(|_| operation.auth != Auth::None) else { return true };
        received.credentials().all(|credential| known.contains(credential))
    }
}

impl Failures {
    fn upcoming(&self, id: &str) -> Option<Failure> {
        let next = self.next.get(id).and_then(|failures| failures.front());
        next.or_else(|| self.always.get(id)).copied()
    }

    fn take(&mut self, id: &str) -> Option<Failure> {
        let next = self.next.get_mut(id).and_then(std::collections::VecDeque::pop_front);
        next.or_else(|| self.always.get(id).copied())
    }
}
