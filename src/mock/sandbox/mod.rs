mod admin;
mod call;
mod devices;
mod grants;
mod keys;
mod lock_reads;
mod lock_temp_keys;
mod locks;
mod residents;
mod server;
mod temp_key_pages;
mod temp_keys;
mod users;
mod wallet;
mod world;

use std::fmt;
use std::io;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wiremock::MockServer;

use super::kit;
use crate::{Client, ClientBuilder, LockId, Operation};
use world::World;

/// A SpKey that runs in memory: what is written by one call is read by the next.
///
/// It has users, locks, keys, wallet keys and their links, grants, residents, devices, organizations, owners, temporary
/// keys, opening, and the reads that show them; [`Sandbox::operations`] lists them. Every other operation is answered 501.
///
/// - Versions count up by one an event, for each user and each lock by itself, and a command's answer holds the event.
/// - What is there already is refused with 400 and what is unknown with 404. Creating a user or a lock again changes
///   nothing and is answered 200 with a null event.
/// - Any credentials will do, as long as they are of the kind that the operation takes, until
///   [`accept_only`](Self::accept_only) is said; without, it is 401. A bearer token that is a user's id is that user's.
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
/// let lock = spkey.create_lock().lock_id(123);
/// let lock = lock.body_map(|lock| lock.index(123).uuid("0a1b2c3d-0000-4000-8000-000000000001")).send().await?;
/// assert_eq!(lock.version, Some(1.0));
///
/// sandbox.fail_next("open_lock", Failure::LoseAnswer);
/// let error = spkey.open_lock().lock_id(123).send().await.unwrap_err();
/// assert_eq!(error.outcome(), spkey::Outcome::Unknown);
/// let events = spkey.get_lock_events().lock_id(123).send().await?;
/// assert_eq!(events.events.len(), 2, "it was opened all the same");
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    server: MockServer,
    world: Arc<Mutex<World>>,
}

/// How an operation of the [`Sandbox`] fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It is answered with that status, from 400 to 599, and nothing is done.
    Status(u16),
    /// The connection is dropped, and nothing is done.
    Drop,
    /// It is done, and the connection is dropped before the answer.
    LoseAnswer,
}

impl Sandbox {
    /// Starts an empty sandbox on a free port of this machine. It stops when it goes out of scope.
    pub async fn start() -> Self {
        Self::run(MockServer::builder()).await
    }

    /// The same, on a listener of your own: on a fixed port, for clients in any language.
    ///
    /// # Errors
    /// Where the listener cannot be used.
    pub async fn on(listener: TcpListener) -> io::Result<Self> {
        listener.local_addr()?;
        Ok(Self::run(MockServer::builder().listener(listener)).await)
    }

    async fn run(builder: wiremock::MockServerBuilder) -> Self {
        let server = builder.disable_request_recording().start().await;
        let world = Arc::new(Mutex::new(World::new(server.uri())));
        for mock in server::mocks(&world) {
            server.register(mock).await;
        }
        Self { server, world }
    }

    /// A client of the sandbox, with made-up credentials of every kind, and no waits before retries.
    ///
    /// # Panics
    /// Where the HTTP client cannot be built on this machine.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a test ends with it")]
    pub fn client(&self) -> Client {
        self.client_builder().build().expect("a client of the sandbox can be built")
    }

    /// The same, to be configured further.
    pub fn client_builder(&self) -> ClientBuilder {
        kit::client_builder(&self.server.uri())
    }

    /// The sandbox's URL.
    #[must_use]
    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// The operations that it has.
    pub fn operations() -> impl Iterator<Item = &'static Operation> {
        Operation::all().iter().copied().filter(|operation| server::handler(operation).is_some())
    }

    /// Takes these keys and tokens alone from now on: a call with any other is answered 401.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), spkey::Error> {
    /// # let sandbox = spkey::mock::Sandbox::start().await;
    /// sandbox.accept_only(["good-key"]);
    /// let old = spkey::Client::builder().base_url(sandbox.uri()).api_key("rotated-key").build()?;
    /// assert_eq!(old.get_residents().lock_id(1).send().await.unwrap_err().status(), Some(401));
    /// # Ok(())
    /// # }
    /// ```
    pub fn accept_only(&self, credentials: impl IntoIterator<Item = impl Into<String>>) {
        self.world().credentials = Some(credentials.into_iter().map(Into::into).collect());
    }

    /// Makes every call of an operation fail from now on, until [`mend`](Self::mend).
    ///
    /// # Panics
    /// Where there is no operation of that id, or the status is no error's.
    #[track_caller]
    pub fn fail(&self, operation: &str, failure: Failure) {
        let operation = checked(operation, failure);
        self.world().failures.always.insert(operation, failure);
    }

    /// Makes one call of an operation fail: the next, or the one after those that are to fail already.
    ///
    /// # Panics
    /// As [`fail`](Self::fail).
    #[track_caller]
    pub fn fail_next(&self, operation: &str, failure: Failure) {
        let operation = checked(operation, failure);
        self.world().failures.next.entry(operation).or_default().push_back(failure);
    }

    /// Takes back every failure that was asked for.
    pub fn mend(&self) {
        self.world().failures = world::Failures::default();
    }

    /// Makes the device of a lock unreachable. The lock need not exist yet.
    pub fn unreachable(&self, lock: &LockId) {
        self.world().unreachable.insert(lock.to_string());
    }

    /// Makes the device of a lock reachable again.
    pub fn reachable(&self, lock: &LockId) {
        self.world().unreachable.remove(lock.as_str());
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
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
        assert!((400..600).contains(&status), "{status} is no error's status: give one from 400 to 599");
    }
    let operation = Operation::find(id).unwrap_or_else(|| panic!("there is no operation {id}: see `endpoints`"));
    operation.id
}
