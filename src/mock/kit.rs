use std::fmt;
use std::panic::Location;

use wiremock::MockServer;

use crate::client::Client;
use crate::client::builder::ClientBuilder;
use crate::mock::expectation::{Expectation, Matcher};
use crate::mock::mock_response::MockResponse;
use crate::mock::recorded_attempt::RecordedAttempt;
use crate::mock::report;
use crate::mock::serving;
use crate::mock::state::{MockState, SharedState};
use crate::mock::stub::Stub;
use crate::mock::test_server::{TestServer, client_builder};
use crate::request::endpoint::Endpoint;
use crate::request::response_body::ResponseBody;
use crate::request::set_inputs::SetInputs;

/// A server that responds as a test says, operation by operation, and a client of it.
///
/// [`given`](Self::given) takes a call, just as the client makes it: what is set must match, and [`any`](super::any) leaves an
/// argument open.
///
/// ```
/// use spkey::mock::{MockSpKey, any};
/// use spkey::types::{AccessLevel, AddAccessibleLockResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), spkey::Error> {
/// let user = "550e8400-e29b-41d4-a716-446655440000";
/// let mock = MockSpKey::start().await;
/// let spkey = mock.client();
/// mock.given(spkey.add_accessible_lock(user).lock_id(123))
///     .respond_with(AddAccessibleLockResponse { version: Some(2.into()), ..Default::default() })
///     .expect(1);
/// mock.given(spkey.open_lock(any())).fail(403, "not your lock");
///
/// let granted = spkey
///     .add_accessible_lock(user)
///     .lock_id(123)
///     .lock_name("Front door")
///     .access_level(AccessLevel::User)
///     .granted_by(user)
///     .send()
///     .await?;
/// assert_eq!(granted.version, Some(2.into()));
/// assert!(spkey.open_lock(123).send().await.unwrap_err().is_forbidden());
/// # Ok(())
/// # }
/// ```
///
/// Of several stubs that match a call, the one written first responds. A call without the credentials that its operation
/// needs gets 401. A call that no stub matches gets 501, with the list of stubs.
///
/// When it goes out of scope, it panics with a report if an expectation was not met or a call came that no stub matched;
/// [`finish`](Self::finish) returns the same report without a panic. Then it stops: nothing listens on its port any more, and
/// its connections are closed.
pub struct MockSpKey {
    server: TestServer,
    state: SharedState,
}

impl MockSpKey {
    /// Starts a server on a free port of this machine.
    pub async fn start() -> Self {
        let server = TestServer::start(MockServer::builder()).await;
        let state = SharedState::default();
        for mock in serving::mocks(&state) {
            server.register(mock).await;
        }
        Self { server, state }
    }

    /// A client of the server: with made-up credentials of every kind, and no waits before retries.
    ///
    /// # Panics
    /// If the HTTP client cannot be built on this machine.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a test ends with it")]
    pub fn client(&self) -> Client {
        self.client_builder().build().expect("a client of the mock server can be built")
    }

    /// The same, to be configured further.
    pub fn client_builder(&self) -> ClientBuilder {
        client_builder(&self.server.uri())
    }

    /// The server's URL, for a program that makes its own client.
    #[must_use]
    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// The server below, for plain `wiremock` mocks beside the stubs. If both match a call, the stub responds, unless the
    /// plain mock has a priority above wiremock's default of 5.
    #[must_use]
    pub fn server(&self) -> &MockServer {
        &self.server
    }

    /// All attempts that have arrived, in their order: retries too, and what no stub matched or lacked credentials. What a plain
    /// mock of [`server`](Self::server) responded to is not among them.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use spkey::mock::{MockSpKey, any};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), spkey::Error> {
    /// let mock = MockSpKey::start().await;
    /// let spkey = mock.client();
    /// mock.given(spkey.open_lock(any())).fail(429, "too many calls").header("retry-after", "1").respond_with(Default::default());
    ///
    /// spkey.open_lock(123).reason("parcel").send().await?;
    /// let attempts = mock.attempts();
    /// assert_eq!(attempts.len(), 2);
    /// assert!(attempts[1].at() - attempts[0].at() >= Duration::from_secs(1), "it waits as long as it was asked to");
    /// assert_eq!(attempts[1].body(), attempts[0].body());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn attempts(&self) -> Vec<RecordedAttempt> {
        let state = self.state.lock();
        state.calls.iter().map(|call| RecordedAttempt::new(call.request.clone(), call.at)).collect()
    }

    /// Stubs a call. What is set of it must match: arguments, query and body alike.
    ///
    /// # Panics
    /// If an input of the call is invalid.
    #[track_caller]
    pub fn given<E: Endpoint>(&self, call: E) -> Stub<'_, E>
    where
        E::Response: Default,
    {
        let problems = call.problems().invalid();
        assert!(problems.is_empty(), "{}: {problems}", E::OPERATION.id);
        let mut set = SetInputs::default();
        call.set_inputs(&mut set);
        let default = MockResponse::success(E::OPERATION, None, E::Response::default().content());
        #[allow(clippy::panic, reason = "a test ends with it")]
        let default = default.unwrap_or_else(|problem| panic!("{problem}"));
        let expectation = Expectation {
            operation: E::OPERATION,
            matchers: Matcher::of(set),
            responses: Vec::new(),
            default,
            calls: 0,
            expected: None,
            written_at: Location::caller(),
        };
        let mut state = self.state.lock();
        state.expectations.push(expectation);
        Stub::new(&self.state, state.expectations.len() - 1)
    }

    /// Checks that every expectation was met and that every call matched a stub.
    ///
    /// # Errors
    /// The report that dropping it would panic with.
    pub fn finish(self) -> Result<(), String> {
        let checked = report::verify(&self.state.lock());
        // What is reported here is not reported again when it is dropped.
        *self.state.lock() = MockState::default();
        checked
    }
}

impl Drop for MockSpKey {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        #[allow(clippy::panic, reason = "a test ends with it")]
        if let Err(report) = report::verify(&self.state.lock()) {
            panic!("{report}");
        }
    }
}

impl fmt::Debug for MockSpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockSpKey").field("uri", &self.uri()).finish_non_exhaustive()
    }
}
