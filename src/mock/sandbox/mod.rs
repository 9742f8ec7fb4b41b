mod admin;
mod devices;
mod event_log;
mod failure;
mod grants;
mod handler;
mod keys;
mod lock_reads;
mod lock_temp_keys;
mod locks;
mod operations;
mod residents;
mod sandbox_call;
mod sandbox_error;
mod server;
mod temp_key_pages;
mod temp_keys;
mod users;
mod values;
mod wallet;
mod world;

use std::fmt;
use std::io;
use std::net::TcpListener;

use wiremock::{MockServer, MockServerBuilder};

use crate::client::Client;
use crate::client::builder::ClientBuilder;
pub use crate::mock::sandbox::failure::Failure;
use crate::mock::sandbox::failure::Failures;
use crate::mock::sandbox::world::SharedWorld;
use crate::mock::test_server::{TestServer, client_builder};
use crate::request::operation::Operation;
use crate::value::lock_id::LockId;

/// A SpKey that runs in memory: a call sees what the calls before it have written.
///
/// It has users, locks, keys, wallet keys and their links, grants, residents, devices, organizations, owners, temporary
/// keys, opening, and the reads that show them; [`Sandbox::operations`] lists them. Every other operation responds with 501.
///
/// - Each user and each lock has a version, which grows by one with each event. The response of a command has the event.
/// - What exists already is rejected with 400, and what is unknown with 404. Creating a user or a lock a second time changes
///   nothing: 200, with a null event.
/// - Any credentials are accepted, as long as they are of the kind that the operation takes; without them it responds with
///   401. [`accept_only`](Self::accept_only) limits them. A bearer token that is a user's id makes the call that user's.
/// - [`unreachable`](Self::unreachable) makes the device of a lock unreachable: 502, and nothing is recorded.
/// - [`fail`](Self::fail) and [`fail_next`](Self::fail_next) make any operation fail, before or after it has acted.
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
    world: SharedWorld,
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
        let world = SharedWorld::new(server.uri());
        for mock in server::mocks(&world) {
            server.register(mock).await;
        }
        Self { server, world }
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
        self.world.lock().credentials = Some(credentials.into_iter().map(Into::into).collect());
    }

    /// Makes every call of an operation fail from now on, until [`clear_failures`](Self::clear_failures).
    ///
    /// # Panics
    /// If there is no operation of that id, or the status is not between 400 and 599.
    #[track_caller]
    pub fn fail(&self, operation: &str, failure: Failure) {
        let operation = checked(operation, failure);
        self.world.lock().failures.set(operation, failure);
    }

    /// Makes one call of an operation fail: the next, or the one after those that fail already.
    ///
    /// # Panics
    /// As [`fail`](Self::fail).
    #[track_caller]
    pub fn fail_next(&self, operation: &str, failure: Failure) {
        let operation = checked(operation, failure);
        self.world.lock().failures.push(operation, failure);
    }

    /// Ends every failure that [`fail`](Self::fail) or [`fail_next`](Self::fail_next) has asked for.
    pub fn clear_failures(&self) {
        self.world.lock().failures = Failures::default();
    }

    /// Makes the device of a lock unreachable. The lock need not exist yet.
    pub fn unreachable(&self, lock: impl Into<LockId>) {
        self.world.lock().unreachable.insert(lock.into());
    }

    /// Makes the device of a lock reachable again.
    pub fn reachable(&self, lock: impl Into<LockId>) {
        self.world.lock().unreachable.remove(&lock.into());
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("uri", &self.uri()).finish_non_exhaustive()
    }
}

#[track_caller]
#[allow(clippy::panic, reason = "a test ends with it")]
fn checked(id: &str, failure: Failure) -> &'static str {
    if let Failure::Status(status) = failure {
        assert!((400..600).contains(&status), "{status} is no error status: give one from 400 to 599");
    }
    let operation = Operation::find(id).unwrap_or_else(|| panic!("there is no operation {id}: see `endpoints`"));
    operation.id
}
