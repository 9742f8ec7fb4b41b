use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

use super::call::{MockOperation, Mocked};
use super::expectation::{Expectation, Planned};
use super::received::Received;
use super::reply::{Answer, Reply};
use super::report;
use crate::{Client, ClientBuilder, RetryPolicy};

/// What an unmocked call is answered: no status that the service gives, nor one that this crate sends again after.
const NOT_MOCKED: u16 = 501;

/// A server that answers as it is told, operation by operation, and a client of it.
///
/// Every operation has a method here of the name that it has on [`Client`]. It gives a [`MockOperation`], which says for
/// which calls it is, what they get, and how many there should be:
///
/// ```
/// use spkey::mock::MockSpKey;
/// use spkey::types::AddAccessibleLockResponse;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), spkey::Error> {
/// let user = "550e8400-e29b-41d4-a716-446655440000";
/// let mock = MockSpKey::start().await;
/// mock.add_accessible_lock()
///     .user_id(user)
///     .body_lock_id(123)
///     .reply(AddAccessibleLockResponse { version: Some(2.0), ..Default::default() })
///     .expect(1);
/// mock.open_lock().fail(403, "not your lock");
///
/// let spkey = mock.client();
/// let grant = spkey.add_accessible_lock().user_id(user).body_map(|grant| {
///     grant.lock_id(123).lock_name("Front door").access_level("USER").granted_by(user)
/// });
/// assert_eq!(grant.send().await?.version, Some(2.0));
/// assert_eq!(spkey.open_lock().lock_id(123).send().await.unwrap_err().status(), Some(403));
/// # Ok(())
/// # }
/// ```
///
/// Of several that fit a call, the one written first answers. A call without the credentials that its operation takes is
/// answered 401. A call that nothing is mocked for is answered 501, with the list of what is mocked.
///
/// When it goes out of scope it panics, with all that it knows, where an expectation was not met or a call came that
/// nothing was mocked for; [`finish`](Self::finish) says the same without a panic.
pub struct MockSpKey {
    server: MockServer,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) expectations: Vec<Expectation>,
    pub(super) seen: Vec<Seen>,
}

/// A call, and what became of it.
pub(super) struct Seen {
    pub(super) received: Received,
    pub(super) fate: Fate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Answered by the expectation of that index.
    Answered(usize),
    NoCredentials,
    NotMocked,
}

impl MockSpKey {
    /// Starts a server on a free port of this machine. It stops when it goes out of scope.
    pub async fn start() -> Self {
        let server = MockServer::start().await;
        let state = Arc::new(Mutex::new(State::default()));
        let answers = Fitting { state: Arc::clone(&state), drops: false };
        let drops = Fitting { state: Arc::clone(&state), drops: true };
        let rest = NotMocked(Arc::clone(&state));
        let answering = Answering(Arc::clone(&state));
        let dropping = Answering(Arc::clone(&state));
        server.register(Mock::given(answers).respond_with(answering)).await;
        let dropped = move |request: &Request| {
            dropping.take(request);
            std::io::Error::from(std::io::ErrorKind::ConnectionReset)
        };
        server.register(Mock::given(drops).respond_with_err(dropped)).await;
        // After whatever a test mounts by itself.
        server.register(Mock::given(any()).respond_with(rest).with_priority(u8::MAX)).await;
        Self { server, state }
    }

    /// A client of the server: with made-up credentials of every kind, and no waits before retries.
    ///
    /// # Panics
    /// Where the HTTP client cannot be built on this machine.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a test ends with it")]
    pub fn client(&self) -> Client {
        self.client_builder().build().expect("a client of the mock server can be built")
    }

    /// The same, to be configured further.
    pub fn client_builder(&self) -> ClientBuilder {
        client_builder(&self.server.uri())
    }

    /// The server's URL, for a program that makes its client by itself.
    #[must_use]
    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// The server below, for plain `wiremock` mocks beside the typed ones. Where both fit a call, the typed one answers,
    /// unless the plain one has a priority above wiremock's usual 5.
    #[must_use]
    pub fn server(&self) -> &MockServer {
        &self.server
    }

    /// Checks that every expectation was met and that no call came that nothing was mocked for.
    ///
    /// # Errors
    /// The report that dropping it would panic with.
    pub fn finish(self) -> Result<(), String> {
        let checked = report::verify(&self.state());
        // What is said here is not said again when it is dropped.
        *self.state() = State::default();
        checked
    }

    #[track_caller]
    pub(super) fn mock<O: Mocked>(&self) -> MockOperation<'_, O> {
        let default = Reply::success(O::OPERATION, None, O::Answer::default().into_content());
        #[allow(clippy::panic, reason = "a test ends with it")]
        let default = default.unwrap_or_else(|fault| panic!("{fault}"));
        let expectation = Expectation {
            operation: O::OPERATION,
            checks: Vec::new(),
            replies: Vec::new(),
            default,
            calls: 0,
            expected: None,
            written_at: Location::caller(),
        };
        let mut state = self.state();
        state.expectations.push(expectation);
        MockOperation::new(self, state.expectations.len() - 1)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

pub(super) fn client_builder(uri: &str) -> ClientBuilder {
    let builder = Client::builder().base_url(uri).retry(RetryPolicy::default().base_delay(Duration::ZERO));
    builder.bearer_token("made-up.bearer.token").api_key("MadeUpApiKey").admin("MadeUpAdminKey")
}

impl Drop for MockSpKey {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        #[allow(clippy::panic, reason = "a test ends with it")]
        if let Err(report) = report::verify(&self.state()) {
            panic!("{report}");
        }
    }
}

impl fmt::Debug for MockSpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockSpKey").field("uri", &self.uri()).finish_non_exhaustive()
    }
}

impl State {
    fn fitting(&self, received: &Received) -> Option<usize> {
        let operation = received.operation?;
        self.expectations
            .iter()
            .position(|expectation| expectation.operation == operation && expectation.differences(received).is_empty())
    }
}

/// Fits the calls that a typed mock answers, or those whose connection it drops.
struct Fitting {
    state: Arc<Mutex<State>>,
    drops: bool,
}

impl Match for Fitting {
    fn matches(&self, request: &Request) -> bool {
        let received = Received::read(request);
        let state = lock(&self.state);
        let Some(index) = state.fitting(&received) else { return false };
        let expectation = &state.expectations[index];
        let refused = received.lacks_credentials(expectation.operation).is_some();
        let drops = !refused && expectation.upcoming().reply.is_none();
        drops == self.drops
    }
}

struct Answering(Arc<Mutex<State>>);

impl Answering {
    /// Notes the call and gives what it gets, where that is an answer.
    fn take(&self, request: &Request) -> Option<ResponseTemplate> {
        let received = Received::read(request);
        let mut state = lock(&self.0);
        let index = state.fitting(&received)?;
        let expectation = &mut state.expectations[index];
        let (fate, template) = if let Some(lacking) = received.lacks_credentials(expectation.operation) {
            (Fate::NoCredentials, Some(Reply::error(401, &lacking.into()).template(None)))
        } else {
            let Planned { reply, delay } = expectation.upcoming();
            expectation.calls += 1;
            (Fate::Answered(index), reply.map(|reply| reply.template(delay)))
        };
        state.seen.push(Seen { received, fate });
        template
    }
}

impl Respond for Answering {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.take(request).unwrap_or_else(|| ResponseTemplate::new(NOT_MOCKED))
    }
}

struct NotMocked(Arc<Mutex<State>>);

impl Respond for NotMocked {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let received = Received::read(request);
        let mut state = lock(&self.0);
        let lacking = received.operation.and_then(|operation| received.lacks_credentials(operation));
        let (fate, reply) = match lacking {
            Some(lacking) => (Fate::NoCredentials, Reply::error(401, &lacking.into())),
            None => (Fate::NotMocked, Reply::error(NOT_MOCKED, &report::not_mocked(&state, &received).into())),
        };
        state.seen.push(Seen { received, fate });
        reply.template(None)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
