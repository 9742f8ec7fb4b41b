mod aggregate;
mod canonical;
mod event_store;
mod faults;
mod fold;
mod guest_key;
mod handler;
mod operations;
mod plate_reader;
mod recorded_event;
mod sandbox_call;
mod sandbox_error;
mod server;
mod service;
mod values;
mod world;

use std::fmt;
use std::io;
use std::net::TcpListener;
use std::time::Duration;

use wiremock::{MockServer, MockServerBuilder};

use crate::client::Client;
use crate::client::builder::ClientBuilder;
pub use crate::mock::sandbox::faults::Failure;
use crate::mock::sandbox::service::SharedService;
use crate::mock::test_server::{TestServer, client_builder};
use crate::request::operation::Operation;
use crate::retry::class::RetryClass;
use crate::value::lock_id::LockId;

/// A SpKey that runs in memory: a call sees what the calls before it have written.
///
/// It has every operation but the administrators' ([`Sandbox::operations`] lists them), and is event sourced as the service is:
/// a command appends the event that the contract names to one user, lock, hub, device, camera or role, and every read follows
/// from the events.
///
/// - The version of each of them grows by one with each event. The response of a command has the event.
/// - What exists already is rejected with 400, and what is unknown with 404. Creating something a second time changes nothing:
///   200, with a null event.
/// - Any credentials are accepted, as long as they are of the kind that the operation takes; without them it responds with
///   401. [`accept_only`](Self::accept_only) limits them. A bearer token that is a user's id makes the call that user's.
/// - [`unreachable`](Self::unreachable) makes the device of a lock unreachable, and [`hub_offline`](Self::hub_offline) a hub:
///   502, and nothing is recorded.
/// - [`fail`](Self::fail) and [`fail_next`](Self::fail_next) make any operation fail: see [`Failure`].
/// - [`lag`](Self::lag) makes a read show the state of some time ago.
/// - [`advance`](Self::advance) lets time pass: temporary keys expire, late commands act, lagging reads catch up.
///
/// ```
/// use spkey::mock::{Failure, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), spkey::Error> {
/// let sandbox = Sandbox::start().await;
/// let spkey = sandbox.client();
/// let lock = spkey.create_lock(123).index(1).uuid("0a1b2c3d-0000-4000-8000-000000000001").send().await?;
/// assert_eq!(lock.version, Some(1.into()));
///
/// sandbox.fail_next("open_lock", Failure::LoseResponse);
/// let error = spkey.open_lock(123).send().await.unwrap_err();
/// assert_eq!(error.outcome(), spkey::Outcome::Unknown);
/// let events = spkey.get_lock_events(123).send().await?;
/// assert_eq!(events.events.len(), 2, "the lock was opened; only the response was lost");
/// # Ok(())
/// # }
/// ```
///
/// When it goes out of scope it stops: nothing listens on its port then, and its connections are closed.
pub struct Sandbox {
    server: TestServer,
    service: SharedService,
}

impl Sandbox {
    /// Starts an empty sandbox on a free port of this machine.
    pub async fn start() -> Self {
        Self::run(MockServer::builder()).await
    }

    /// Starts an empty sandbox on a listener of your own: on a fixed port, for clients in any language.
    ///
    /// # Errors
    /// If the listener cannot be used.
    pub async fn on(listener: TcpListener) -> io::Result<Self> {
        listener.local_addr()?;
        Ok(Self::run(MockServer::builder().listener(listener)).await)
    }

    async fn run(builder: MockServerBuilder) -> Self {
        let server = TestServer::start(builder.disable_request_recording()).await;
        let service = SharedService::new(server.uri());
        for mock in server::mocks(&service) {
            server.register(mock).await;
        }
        Self { server, service }
    }

    /// A client of the sandbox, with made-up credentials of every kind and no waits before retries.
    ///
    /// # Panics
    /// If the HTTP client cannot be built on this machine.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a test ends with it")]
    pub fn client(&self) -> Client {
        self.client_builder().build().expect("a client of the sandbox can be built")
    }

    /// The same, to be configured further.
    pub fn client_builder(&self) -> ClientBuilder {
        client_builder(&self.server.uri())
    }

    /// The sandbox's URL.
    #[must_use]
    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// The operations that it has.
    pub fn operations() -> impl Iterator<Item = &'static Operation> {
        Operation::all().iter().copied().filter(|operation| operations::handler(operation).is_some())
    }

    /// Accepts these keys and tokens only from now on: a call with any other gets 401.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), spkey::Error> {
    /// # let sandbox = spkey::mock::Sandbox::start().await;
    /// sandbox.accept_only(["new-key"]);
    /// let old = spkey::Client::builder().base_url(sandbox.uri()).api_key("rotated-key").build()?;
    /// assert_eq!(old.get_residents(1).send().await.unwrap_err().status(), Some(401));
    /// # Ok(())
    /// # }
    /// ```
    pub fn accept_only(&self, credentials: impl IntoIterator<Item = impl Into<String>>) {
        self.service.lock().world.credentials = Some(credentials.into_iter().map(Into::into).collect());
    }

    /// Makes every call of an operation fail from now on, until [`clear_failures`](Self::clear_failures).
    ///
    /// # Panics
    /// If there is no operation of that id, or the status is not between 400 and 599.
    #[track_caller]
    pub fn fail(&self, operation: &str, failure: Failure) {
        let operation = checked(operation, failure);
        self.service.lock().faults.set(operation, failure);
    }

    /// Makes one call of an operation fail: the next, or the one after those that fail already.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use spkey::mock::{Failure, Sandbox};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), spkey::Error> {
    /// # let sandbox = Sandbox::start().await;
    /// # let spkey = sandbox.client();
    /// # spkey.create_lock(123).index(1).uuid("0a1b2c3d-0000-4000-8000-000000000001").send().await?;
    /// sandbox.fail_next("set_organization", Failure::ActLate(Duration::from_secs(60)));
    /// spkey.set_organization(123).org_id("old").retry_policy(spkey::RetryPolicy::none()).send().await.unwrap_err();
    /// spkey.set_organization(123).org_id("new").send().await?;
    ///
    /// sandbox.advance(Duration::from_secs(60));
    /// let lock = spkey.get_basic_lock_info(123).send().await?;
    /// assert_eq!(lock.org_id.as_deref(), Some("old"), "the late command came after the newer one");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As [`fail`](Self::fail).
    #[track_caller]
    pub fn fail_next(&self, operation: &str, failure: Failure) {
        let operation = checked(operation, failure);
        self.service.lock().faults.push(operation, failure);
    }

    /// Ends every failure that [`fail`](Self::fail) or [`fail_next`](Self::fail_next) has asked for. A command that acts late is
    /// on its way, and acts.
    pub fn clear_failures(&self) {
        self.service.lock().faults.clear_failures();
    }

    /// Makes a read show the state of that long ago, as a copy does that is not up to date. Zero ends it.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), spkey::Error> {
    /// # let sandbox = spkey::mock::Sandbox::start().await;
    /// # let spkey = sandbox.client();
    /// # let user = "550e8400-e29b-41d4-a716-446655440000";
    /// # spkey.create_user(user).send().await?;
    /// # sandbox.advance(Duration::from_secs(60));
    /// sandbox.lag("get_accessible_locks", Duration::from_secs(30));
    /// let grant = spkey.add_accessible_lock(user).lock_id(123).lock_name("Front door");
    /// grant.access_level("USER").granted_by(user).send().await?;
    ///
    /// assert!(spkey.get_accessible_locks(user).send().await?.locks.is_empty());
    /// sandbox.advance(Duration::from_secs(30));
    /// assert_eq!(spkey.get_accessible_locks(user).send().await?.locks.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If there is no operation of that id, or it does more than read: a command decides by what is.
    #[track_caller]
    pub fn lag(&self, operation: &str, by: Duration) {
        let operation = found(operation);
        assert!(
            operation.retry == RetryClass::Safe,
            "{} does more than read: give an operation that is safe",
            operation.id
        );
        self.service.lock().faults.set_lag(operation.id, by);
    }

    /// Sets the sandbox's clock forward. It is the clock of this machine, and that much ahead.
    pub fn advance(&self, by: Duration) {
        self.service.lock().advance(by);
    }

    /// Makes a camera read a license plate. The lock that it is linked to opens, if the plate is of the lock's owner or of a user
    /// to whom it is accessible. `get_camera_lpr_events` lists the plate either way.
    ///
    /// # Panics
    /// If there is no such camera, or it is not active.
    #[track_caller]
    pub fn read_plate(&self, camera_id: &str, plate: &str) {
        let result = self.service.lock().read_plate(camera_id, plate);
        assert!(result.is_ok(), "there is no active camera {camera_id}: register it first");
    }

    /// Makes the device of a lock unreachable. The lock need not exist yet.
    pub fn unreachable(&self, lock: impl Into<LockId>) {
        self.service.lock().world.unreachable.insert(lock.into());
    }

    /// Makes the device of a lock reachable again.
    pub fn reachable(&self, lock: impl Into<LockId>) {
        self.service.lock().world.unreachable.remove(&lock.into());
    }

    /// Takes a hub off the network. It need not exist yet.
    pub fn hub_offline(&self, hub_id: impl Into<String>) {
        self.service.lock().world.offline_hubs.insert(hub_id.into());
    }

    /// Brings a hub back.
    pub fn hub_online(&self, hub_id: &str) {
        self.service.lock().world.offline_hubs.remove(hub_id);
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("uri", &self.uri()).finish_non_exhaustive()
    }
}

#[track_caller]
fn checked(id: &str, failure: Failure) -> &'static str {
    if let Failure::Status(status) = failure {
        assert!((400..600).contains(&status), "{status} is no error status: give one from 400 to 599");
    }
    found(id).id
}

#[track_caller]
#[allow(clippy::panic, reason = "a test ends with it")]
fn found(id: &str) -> &'static Operation {
    Operation::find(id).unwrap_or_else(|| panic!("there is no operation {id}: see `endpoints`"))
}
