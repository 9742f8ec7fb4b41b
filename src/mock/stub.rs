#![allow(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "each of these methods is often the last of a chain"
)]

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};
use serde::de::DeserializeOwned;

use crate::error::api_error::ApiError;
use crate::mock::expectation::{Expectation, Matcher, Planned};
use crate::mock::mock_response::MockResponse;
use crate::mock::state::SharedState;
use crate::request::endpoint::Endpoint;
use crate::request::response_body::ResponseBody;

/// What a mocked call is given back, and how often it should come. Made by [`MockSpKey::given`](super::MockSpKey::given); it
/// holds from then on, for every call that matches.
///
/// Without any of these methods it responds with success, as the contract's first success status and the default of the
/// response.
pub struct Stub<'a, E> {
    state: &'a SharedState,
    index: usize,
    endpoint: PhantomData<E>,
}

const DROPPED: &str = "a connection that is dropped at once has no response: give this to a response";

impl<'a, E: Endpoint> Stub<'a, E> {
    pub(super) fn new(state: &'a SharedState, index: usize) -> Self {
        Self { state, index, endpoint: PhantomData }
    }

    /// Responds with success: the first call gets the first response given, and so on; the last one stays. The status is the
    /// first that the contract has for a success.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), spkey::Error> {
    /// # use spkey::mock::{MockSpKey, any};
    /// # let mock = MockSpKey::start().await;
    /// # let spkey = mock.client();
    /// mock.given(spkey.get_residents(any()))
    ///     .fail(503, "unavailable")
    ///     .fail(503, "unavailable")
    ///     .respond_with(Default::default())
    ///     .expect(3);
    /// let residents = spkey.get_residents(1).send().await?;
    /// assert!(residents.residents.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If the response is not what the contract says.
    #[track_caller]
    pub fn respond_with(self, response: E::Response) -> Self {
        self.success(None, &response)
    }

    /// The same, with another of the contract's success statuses: 201 if something was created, 200 if it was there.
    ///
    /// # Panics
    /// As [`respond_with`](Self::respond_with), and if the contract has no such status.
    #[track_caller]
    pub fn respond_with_status(self, status: u16, response: E::Response) -> Self {
        self.success(Some(status), &response)
    }

    /// Responds with an error: a message, or a whole [`ApiError`].
    ///
    /// # Panics
    /// If the status is not between 400 and 599.
    #[track_caller]
    pub fn fail(self, status: u16, error: impl Into<ApiError>) -> Self {
        assert!((400..600).contains(&status), "{status} is no error status: give one from 400 to 599");
        self.plan(Some(MockResponse::error(status, &error.into())))
    }

    /// Closes the connection after the request has arrived, without a response.
    pub fn drop_connection(self) -> Self {
        self.plan(None)
    }

    /// Delays the response that was given last, or the default if none was given: each attempt has a latency of its own.
    ///
    /// # Panics
    /// After [`drop_connection`](Self::drop_connection), which is no response.
    #[track_caller]
    pub fn delay(self, delay: Duration) -> Self {
        self.last(|_, planned_delay| {
            *planned_delay = Some(delay);
            Ok(())
        })
    }

    /// Adds a header to the response that was given last, or to the default if none was given: `Retry-After`, for instance.
    ///
    /// # Panics
    /// If it is no header, and after [`drop_connection`](Self::drop_connection), which is no response.
    #[track_caller]
    pub fn header(self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        self.last(|response, _| {
            if HeaderName::from_str(name).is_err() || HeaderValue::from_str(&value).is_err() {
                return Err(format!("{name}: {value:?} is no header: give a name and a value of visible characters"));
            }
            *response = response.clone().header(name, value);
            Ok(())
        })
    }

    /// Closes the connection in the middle of the body of the response that was given last, or of the default if none was given:
    /// a success that took effect, and whose body is lost.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # use spkey::mock::{MockSpKey, any};
    /// # let mock = MockSpKey::start().await;
    /// # let spkey = mock.client();
    /// mock.given(spkey.open_lock(any())).cut_body().expect(1);
    /// let error = spkey.open_lock(123).send().await.unwrap_err();
    /// assert_eq!(error.outcome(), spkey::Outcome::Applied);
    /// # }
    /// ```
    ///
    /// # Panics
    /// If the response has no body.
    #[track_caller]
    pub fn cut_body(self) -> Self {
        self.last(|response, _| {
            *response = response.clone().cut();
            if response.body().is_empty() { Err("the response has no body to cut".to_owned()) } else { Ok(()) }
        })
    }

    /// How many calls should come, with credentials and as described. Checked when the [`MockSpKey`](super::MockSpKey) goes
    /// out of scope.
    pub fn expect(self, calls: u64) -> Self {
        self.change(|expectation| expectation.expected = Some(calls))
    }

    /// Matches calls whose body satisfies the closure. It may run more than once for a call. If it panics, the test fails with
    /// the message of the panic.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # use spkey::mock::{MockSpKey, any};
    /// # let mock = MockSpKey::start().await;
    /// # let spkey = mock.client();
    /// mock.given(spkey.add_resident(any())).body_where(|resident| resident.name.starts_with("Ada")).expect(0);
    /// # }
    /// ```
    pub fn body_where(self, matches: impl Fn(&E::Body) -> bool + Send + 'static) -> Self
    where
        E::Body: DeserializeOwned,
    {
        let reads = move |body: &[u8]| serde_json::from_slice(body).is_ok_and(|body| matches(&body));
        self.change(|expectation| expectation.matchers.push(Matcher::body_where(Box::new(reads))))
    }

    #[track_caller]
    #[allow(clippy::panic, reason = "a test ends with it")]
    fn success(self, status: Option<u16>, response: &E::Response) -> Self {
        match MockResponse::success(E::OPERATION, status, response.content()) {
            Ok(response) => self.plan(Some(response)),
            Err(problem) => panic!("{problem}"),
        }
    }

    fn plan(self, response: Option<MockResponse>) -> Self {
        self.change(|expectation| expectation.responses.push(Planned { response, delay: None }))
    }

    /// Changes the response that was given last, or the default.
    #[track_caller]
    #[allow(clippy::panic, reason = "a test ends with it")]
    fn last(self, change: impl FnOnce(&mut MockResponse, &mut Option<Duration>) -> Result<(), String>) -> Self {
        let mut problem = None;
        let stub = self.change(|expectation| {
            let default = || Planned { response: Some(expectation.default.clone()), delay: None };
            let mut planned = expectation.responses.pop().unwrap_or_else(default);
            let changed = match &mut planned.response {
                Some(response) => change(response, &mut planned.delay),
                None => Err(DROPPED.to_owned()),
            };
            problem = changed.err();
            expectation.responses.push(planned);
        });
        if let Some(problem) = problem {
            panic!("{problem}");
        }
        stub
    }

    fn change(self, change: impl FnOnce(&mut Expectation)) -> Self {
        change(&mut self.state.lock().expectations[self.index]);
        self
    }
}

impl<E: Endpoint> fmt::Debug for Stub<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stub({})", self.state.lock().expectations[self.index])
    }
}
